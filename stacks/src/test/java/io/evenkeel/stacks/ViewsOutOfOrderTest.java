package io.evenkeel.stacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.protocols.TCP_NETTY;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack.Position;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The scenario of JGRP-3036 on the product's stack: B joins A, and the thread that tells B's protocols of the view is
 * held up until another has come with the view that C is in. Without VIEW_ORDER_UP and VIEW_ORDER_DOWN, B's flow
 * control does not know C any more, which blocks C's senders for ever, or B drops C's multicasts.
 */
class ViewsOutOfOrderTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int MESSAGES = 50;
    /** With so many messages several times the credits. */
    private static final int BYTES = 20_000;

    /** Where the first thread is held up. */
    enum Place {
        ABOVE_TRANSPORT,
        ABOVE_GMS
    }

    private final String port = String.valueOf(9_000 + new SecureRandom().nextInt(5_000));
    private final List<JChannel> channels = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        for (int i = channels.size() - 1; i >= 0; i--) {
            channels.get(i).close();
        }
        threads.shutdownNow();
    }

    @ParameterizedTest
    @EnumSource
    void nobodyBlocksAndNothingIsLost(Place place) throws Exception {
        Inbox atA = new Inbox();
        Inbox atB = new Inbox();
        Inbox atC = new Inbox();
        JChannel a = channel("A", atA).connect("order");
        JChannel b = channel("B", atB);
        HeldUp heldUp = new HeldUp(b.getProtocolStack().findProtocol(GMS.class), atB.viewOfThree);
        insert(heldUp, place, b);

        Future<JChannel> joining = threads.submit(() -> b.connect("order"));
        assertThat(heldUp.reached.await(120, TimeUnit.SECONDS)).isTrue();
        JChannel c = channel("C", atC).connect("order");
        joining.get(120, TimeUnit.SECONDS);

        await().atMost(LONG).untilAsserted(() -> assertThat(List.of(a, b, c))
                .allSatisfy(each -> assertThat(each.getView().getMembers())
                        .isEqualTo(a.getView().getMembers())
                        .hasSize(3)));
        assertThat(b.getProtocolStack().<UFC>findProtocol(UFC.class).printCredits())
                .contains("A: ", "C: ");
        send(c, b.getAddress());
        send(b, c.getAddress());
        send(c, null);
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(atB.messages).hasValue(2 * MESSAGES);
            assertThat(atA.messages).hasValue(MESSAGES);
            assertThat(atC.messages).hasValue(2 * MESSAGES);
        });
    }

    private static void insert(Protocol protocol, Place place, JChannel into) throws Exception {
        switch (place) {
            case ABOVE_TRANSPORT -> into.getProtocolStack().insertProtocol(protocol, Position.ABOVE, TCP_NETTY.class);
            case ABOVE_GMS -> into.getProtocolStack().insertProtocol(protocol, Position.ABOVE, GMS.class);
        }
    }

    private JChannel channel(String name, Receiver receiver) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jgroups.join_timeout", "2s");
        properties.setProperty("jgroups.bind.address", "127.0.0.1");
        properties.setProperty("jgroups.bind.port", port);
        properties.setProperty("jgroups.tcpping.initial_hosts", "127.0.0.1[" + port + "]");
        properties.setProperty("jgroups.max_credits", "200k");
        JChannel channel = new JChannel(new EvenkeelStack("evenkeel-static").configurator(properties));
        ((TCP_NETTY) channel.getProtocolStack().getTransport()).setEncryption("none");
        channels.add(channel);
        return channel.name(name).setReceiver(receiver);
    }

    /** On a thread of its own: where credits do not come, it never ends. */
    private void send(JChannel from, Address to) {
        threads.submit(() -> {
            for (int i = 0; i < MESSAGES; i++) {
                from.send(to, new byte[BYTES]);
            }
            return null;
        });
    }

    private static final class Inbox implements Receiver {
        private final AtomicInteger messages = new AtomicInteger();
        private final CountDownLatch viewOfThree = new CountDownLatch(1);

        @Override
        public void receive(Message message) {
            messages.incrementAndGet();
        }

        @Override
        public void viewAccepted(View view) {
            if (view.size() == 3) {
                viewOfThree.countDown();
            }
        }
    }

    /** Holds the view of two up until GMS has installed the one of three and that has had time to overtake. */
    private static final class HeldUp extends Protocol {
        private static final int TIME_TO_OVERTAKE_MS = 2_000;

        private final CountDownLatch reached = new CountDownLatch(1);
        private final GMS gms;
        private final CountDownLatch overtaken;

        HeldUp(GMS gms, CountDownLatch overtaken) {
            this.gms = gms;
            this.overtaken = overtaken;
        }

        @Override
        public Object down(Event event) {
            holdUp(event);
            return down_prot.down(event);
        }

        @Override
        public Object up(Event event) {
            holdUp(event);
            return up_prot.up(event);
        }

        private void holdUp(Event event) {
            if (event.getType() != Event.VIEW_CHANGE || event.<View>getArg().size() != 2 || reached.getCount() == 0) {
                return;
            }
            reached.countDown();
            await().atMost(LONG).until(() -> gms.view().size() == 3);
            try {
                if (!overtaken.await(TIME_TO_OVERTAKE_MS, TimeUnit.MILLISECONDS)) {
                    log.debug("the newer view waits its turn");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
