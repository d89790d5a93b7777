package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.protocols.transport.TestMembers;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.logging.CustomLogFactory;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.MessageBatch;
import org.junit.jupiter.api.Test;

/** A delivery that fails, and whose failure cannot even be logged, is not the last from its sender (JGRP-3032). */
class DeliveryAfterFailureTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @Test
    void whatCannotBeDeliveredNorLoggedStopsNothing() throws Exception {
        try (TestMembers members = new TestMembers()) {
            JChannel sender = members.join("A", "failing", TestMembers.plain());
            TCP_NETTY transport = withLogThatFails();
            FailingOnce failing = new FailingOnce();
            List<String> received = new CopyOnWriteArrayList<>();
            JChannel receiver = members.join("B", "failing", transport, channel -> {
                channel.getProtocolStack().insertProtocolInStack(failing, transport, ProtocolStack.Position.ABOVE);
                channel.setReceiver(new Receiver() {
                    @Override
                    public void receive(Message message) {
                        received.add(message.getObject());
                    }
                });
            });
            TestMembers.awaitView(2, sender, receiver);
            sender.send(receiver.getAddress(), "before");
            await().atMost(LONG).untilAsserted(() -> assertThat(received).containsExactly("before"));

            failing.armed = true;
            sender.send(receiver.getAddress(), "fails once");
            await().atMost(LONG).untilAsserted(() -> assertThat(failing.armed).isFalse());
            sender.send(receiver.getAddress(), "after");

            // UNICAST3 sends again what was lost on the way up.
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(received).containsExactly("before", "fails once", "after"));
            assertThat(transport.getDeliveryFailures()).isPositive();
        }
    }

    /** As out of memory: the line cannot be made. */
    private static TCP_NETTY withLogThatFails() {
        CustomLogFactory before = LogFactory.getCustomLogFactory();
        LogFactory.setCustomLogFactory(new CustomLogFactory() {
            @Override
            public Log getLog(Class<?> type) {
                return failingLog();
            }

            @Override
            public Log getLog(String category) {
                return failingLog();
            }
        });
        try {
            TCP_NETTY transport = new TCP_NETTY().setEncryption("none");
            transport.setBindAddress(InetAddress.getLoopbackAddress());
            transport.setBindPort(0);
            return transport;
        } finally {
            LogFactory.setCustomLogFactory(before);
        }
    }

    private static Log failingLog() {
        return (Log) Proxy.newProxyInstance(
                DeliveryAfterFailureTest.class.getClassLoader(), new Class<?>[] {Log.class}, (proxy, method, args) -> {
                    if (method.getName().equals("error")) {
                        throw new OutOfMemoryError("no room for a line");
                    }
                    return method.getReturnType() == boolean.class ? false : null;
                });
    }

    /** Right above the transport: fails on the next message that is not out of band. */
    private static final class FailingOnce extends Protocol {
        private volatile boolean armed;

        @Override
        public Object up(Message message) {
            fail(message.isFlagSet(Message.Flag.OOB));
            return up_prot.up(message);
        }

        @Override
        public void up(MessageBatch batch) {
            fail(batch.getMode() == MessageBatch.Mode.OOB);
            up_prot.up(batch);
        }

        private void fail(boolean outOfBand) {
            if (armed && !outOfBand) {
                armed = false;
                throw new IllegalStateException("a fault of a protocol or a receiver");
            }
        }
    }
}
