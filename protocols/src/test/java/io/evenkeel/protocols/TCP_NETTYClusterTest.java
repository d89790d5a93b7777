package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.TestMembers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.Receiver;
import org.junit.jupiter.api.Test;

/** Members in one view talk over mutual TLS. */
class TCP_NETTYClusterTest {

    @Test
    void threeMembersFormAViewOverTls() throws Exception {
        try (TestMembers members = new TestMembers()) {
            JChannel a = members.join("A", "tls", TestMembers.secure());
            JChannel b = members.join("B", "tls", TestMembers.secure());
            JChannel c = members.join("C", "tls", TestMembers.secure());
            TestMembers.awaitView(3, a, b, c);
            Awaitility.await().untilAsserted(() -> assertThat(TestMembers.of(a).getSecurityInUse())
                    .startsWith("TLSv1.3 TLS_"));
            assertThat(TestMembers.of(a).getHandshakesRefused()).isZero();
            assertThat(TestMembers.of(a).getCertificateNotAfterEpochS()).isPositive();
        }
    }

    @Test
    void largeMessagesArriveWhole() throws Exception {
        try (TestMembers members = new TestMembers()) {
            byte[] sent = new byte[1 << 20];
            long seed = System.nanoTime();
            new Random(seed).nextBytes(sent);
            List<byte[]> received = new CopyOnWriteArrayList<>();
            JChannel a = members.join("A", "large", TestMembers.secure());
            JChannel b = members.join(
                    "B",
                    "large",
                    TestMembers.secure(),
                    channel -> channel.setReceiver(new Receiver() {
                        @Override
                        public void receive(Message message) {
                            received.add(message.getPayload());
                        }
                    }));
            TestMembers.awaitView(2, a, b);
            a.send(new BytesMessage(b.getAddress(), sent));
            a.send(new BytesMessage(null, sent));
            Awaitility.await().until(() -> received.size() == 2);
            assertThat(received).as("seed %d", seed).allSatisfy(each -> assertThat(each)
                    .isEqualTo(sent));
        }
    }

    @Test
    void manySmallMessagesOfSeveralSendersArriveInOrder() throws Exception {
        int count = 10_000;
        try (TestMembers members = new TestMembers()) {
            Map<Address, List<Integer>> received = new ConcurrentHashMap<>();
            JChannel c = members.join(
                    "C",
                    "order",
                    TestMembers.secure(),
                    channel -> channel.setReceiver(new Receiver() {
                        @Override
                        public void receive(Message message) {
                            received.computeIfAbsent(
                                            message.getSrc(),
                                            key -> java.util.Collections.synchronizedList(new ArrayList<>()))
                                    .add(message.<Integer>getObject());
                        }
                    }));
            JChannel a = members.join("A", "order", TestMembers.secure());
            JChannel b = members.join("B", "order", TestMembers.secure());
            TestMembers.awaitView(3, a, b, c);
            for (int i = 0; i < count; i++) {
                a.send(new ObjectMessage(c.getAddress(), i));
                b.send(new ObjectMessage(c.getAddress(), i));
            }
            Awaitility.await()
                    .until(() -> received.values().stream().mapToInt(List::size).sum() == 2 * count);
            assertThat(received).hasSize(2);
            received.values().forEach(numbers -> {
                for (int i = 0; i < count; i++) {
                    assertThat(numbers.get(i)).isEqualTo(i);
                }
            });
            assertThat(TestMembers.of(a).getFramesDropped()).isZero();
        }
    }
}
