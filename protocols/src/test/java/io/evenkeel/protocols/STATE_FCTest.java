package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.evenkeel.protocols.pacing.BulkClassifier;
import io.evenkeel.protocols.pacing.HeaderSupport;
import io.evenkeel.protocols.pacing.Pacer;
import io.evenkeel.protocols.pacing.PacingHeader;
import io.evenkeel.protocols.pacing.PressureMeter;
import io.evenkeel.protocols.pacing.Traffic;
import io.evenkeel.protocols.pacing.core.PacingPolicy;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.jmx.ResourceDMBean;
import org.jgroups.logging.LogFactory;
import org.jgroups.protocols.SHARED_LOOPBACK;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STATE;
import org.jgroups.protocols.pbcast.STATE_SOCK;
import org.jgroups.protocols.pbcast.STATE_TRANSFER;
import org.jgroups.stack.IpAddress;
import org.jgroups.stack.Protocol;
import org.jgroups.util.Bits;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.MessageBatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class STATE_FCTest {
    /** Takes a payload that begins with 'B' for bulk, so that the two kinds can be mixed at will. */
    private static final BulkClassifier BY_FIRST_BYTE =
            message -> message.getLength() > 0 && message.getArray()[message.getOffset()] == 'B'
                    ? Traffic.INFINISPAN_PUSHED
                    : Traffic.FOREGROUND;

    private final Recorder above = new Recorder();
    private final Recorder below = new Recorder();
    private final STATE_FC protocol = new STATE_FC();

    @BeforeEach
    void connect() {
        protocol.setUpProtocol(above);
        protocol.setDownProtocol(below);
        protocol.addClassifier(BY_FIRST_BYTE);
    }

    @Test
    void hasTheIdThatIsRegistered() {
        assertThat(protocol.getId()).isEqualTo((short) 1803);
        assertThat(ClassConfigurator.getProtocolId(STATE_FC.class)).isEqualTo((short) 1803);
    }

    @Test
    void passesEveryMessageDownOnceInOrderAndCountsIt() {
        List<Message> messages = List.of(bulk(100), foreground(7), bulk(23), new EmptyMessage());

        messages.forEach(protocol::down);

        assertThat(below.messages).containsExactlyElementsOf(messages);
        assertThat(above.messages).isEmpty();
        assertThat(protocol.getBulkMessagesSent()).isEqualTo(2);
        assertThat(protocol.getBulkBytesSent()).isEqualTo(123);
        assertThat(protocol.getForegroundMessagesSent()).isEqualTo(2);
        assertThat(protocol.getForegroundBytesSent()).isEqualTo(7);
        assertThat(protocol.getBulkMessagesReceived()).isZero();
        assertThat(protocol.getForegroundMessagesReceived()).isZero();
    }

    @Test
    void passesEveryMessageUpOnceInOrderAndCountsIt() {
        List<Message> messages = List.of(foreground(7), bulk(100), bulk(23));

        messages.forEach(protocol::up);

        assertThat(above.messages).containsExactlyElementsOf(messages);
        assertThat(below.messages).isEmpty();
        assertThat(protocol.getBulkMessagesReceived()).isEqualTo(2);
        assertThat(protocol.getBulkBytesReceived()).isEqualTo(123);
        assertThat(protocol.getForegroundMessagesReceived()).isEqualTo(1);
        assertThat(protocol.getForegroundBytesReceived()).isEqualTo(7);
        assertThat(protocol.getBulkMessagesSent()).isZero();
        assertThat(protocol.getForegroundMessagesSent()).isZero();
    }

    private Pacer pacer() {
        return new Pacer(
                protocol,
                LogFactory.getLog(STATE_FC.class),
                PacingPolicy.defaults(),
                true,
                new PressureMeter(),
                member -> HeaderSupport.PRESENT);
    }

    /** The work of those above on a chunk takes a starting JVM long; that is no queue in the network. */
    @Test
    void answersTheProbeOfAPartBeforeAnyoneAboveSeesTheMessage() throws IOException {
        List<Integer> answersBefore = new ArrayList<>();
        protocol.setUpProtocol(new Protocol() {
            @Override
            public void up(MessageBatch batch) {
                answersBefore.add(below.messages.size());
            }
        });
        protocol.pacer = pacer();
        Message part = bulk(10).setSrc(new IpAddress(7800)).putHeader(protocol.getId(), wholeInOnePart(10, 42));

        protocol.up(new MessageBatch(null, new IpAddress(7800), null, false, List.of(part, foreground(7))));

        assertThat(answersBefore).containsExactly(1);
        PacingHeader answer = below.messages.get(0).getHeader(protocol.getId());
        assertThat(answer.type()).isEqualTo(PacingHeader.Type.ANSWER);
        assertThat(answer.number()).isEqualTo(42);
    }

    /** Parts that come together were late together, and each answer costs both sides a message. */
    @Test
    void answersTheLatestProbeOfABatchForAll() throws IOException {
        protocol.pacer = pacer();
        Address sender = new IpAddress(7800);
        List<Message> parts = new ArrayList<>();
        for (long probe : new long[] {42, 44, 43, 0}) {
            parts.add(bulk(10).setSrc(sender).putHeader(protocol.getId(), wholeInOnePart(10, probe)));
        }

        protocol.up(new MessageBatch(null, sender, null, false, parts));
        protocol.up(parts.get(0));

        assertThat(below.messages)
                .extracting(answer -> ((PacingHeader) answer.getHeader(protocol.getId())).number())
                .containsExactly(44L, 42L);
        assertThat(above.batches.get(0).size()).isEqualTo(4);
    }

    /** As it comes off the wire. */
    private static PacingHeader wholeInOnePart(int totalBytes, long probe) throws IOException {
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream();
        out.writeByte(3);
        Bits.writeLongCompressed(1, out);
        Bits.writeIntCompressed(0, out);
        Bits.writeIntCompressed(totalBytes, out);
        Bits.writeLongCompressed(probe, out);
        out.writeBoolean(false);
        PacingHeader header = new PacingHeader();
        header.readFrom(new ByteArrayDataInputStream(out.buffer(), 0, out.position()));
        return header;
    }

    @Test
    void passesABatchWholeAndCountsEachOfItsMessages() {
        List<Message> messages = List.of(bulk(100), foreground(7), bulk(23));
        MessageBatch batch = new MessageBatch(messages);

        protocol.up(batch);

        assertThat(above.batches).containsExactly(batch);
        assertThat(batch).containsExactlyElementsOf(messages);
        assertThat(protocol.getBulkMessagesReceived()).isEqualTo(2);
        assertThat(protocol.getBulkBytesReceived()).isEqualTo(123);
        assertThat(protocol.getForegroundMessagesReceived()).isEqualTo(1);
        assertThat(protocol.getForegroundBytesReceived()).isEqualTo(7);
    }

    @Test
    void handsBackWhatTheNeighbourAnswers() {
        below.answer = "below";
        above.answer = "above";

        assertThat(protocol.down(foreground(1))).isEqualTo("below");
        assertThat(protocol.up(foreground(1))).isEqualTo("above");
    }

    @Test
    void countsHitsOfEachKindInBothDirections() {
        protocol.down(bulk(1));
        protocol.up(bulk(1));
        protocol.up(bulk(1));
        protocol.up(stateOfJGroups());

        assertThat(protocol.getInfinispanPushedHits()).isEqualTo(3);
        assertThat(protocol.getJgroupsStateHits()).isEqualTo(1);
        assertThat(protocol.printTraffic())
                .contains("FOREGROUND: sent 0 messages, 0 bytes; received 0 messages, 0 bytes")
                .contains("JGROUPS_STATE: sent 0 messages, 0 bytes; received 1 messages, 5 bytes")
                .contains("INFINISPAN_PUSHED: sent 1 messages, 1 bytes; received 2 messages, 2 bytes");
    }

    @Test
    void withoutAnAddedClassifierInfinispansStateIsForeground() {
        STATE_FC bare = new STATE_FC();
        bare.setDownProtocol(below);

        bare.down(bulk(10));
        bare.down(stateOfJGroups());

        assertThat(bare.getForegroundMessagesSent()).isEqualTo(1);
        assertThat(bare.getJgroupsStateHits()).isEqualTo(1);
    }

    @Test
    void theFirstClassifierThatSaysBulkDecides() {
        protocol.addClassifier(message -> Traffic.JGROUPS_STATE);

        protocol.down(bulk(1));
        protocol.down(foreground(1));

        assertThat(protocol.getInfinispanPushedHits()).isEqualTo(1);
        assertThat(protocol.getJgroupsStateHits()).isEqualTo(1);
    }

    @Test
    void aClassifierThatFailsCostsNoMessageAndLeavesTheOthersTheirSay() {
        STATE_FC failing = new STATE_FC();
        failing.setDownProtocol(below);
        failing.addClassifier(message -> {
            throw new IllegalStateException("broken");
        });
        failing.addClassifier(message -> {
            throw new NoSuchMethodError("of another Infinispan");
        });
        failing.addClassifier(message -> null);
        failing.addClassifier(BY_FIRST_BYTE);

        failing.down(bulk(3));
        failing.down(foreground(4));

        assertThat(below.messages).hasSize(2);
        assertThat(failing.getClassifierFailures()).isEqualTo(6);
        assertThat(failing.getBulkBytesSent()).isEqualTo(3);
        assertThat(failing.getForegroundBytesSent()).isEqualTo(4);
    }

    @Test
    void refusesANullClassifier() {
        assertThatThrownBy(() -> protocol.addClassifier(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void everyAttributeIsManagedAndStartsOverOnReset() {
        String[] names = {
            "bulk_messages_sent",
            "bulk_bytes_sent",
            "bulk_messages_received",
            "bulk_bytes_received",
            "foreground_messages_sent",
            "foreground_bytes_sent",
            "foreground_messages_received",
            "foreground_bytes_received",
            "jgroups_state_hits",
            "infinispan_pushed_hits",
            "classifier_failures"
        };
        protocol.addClassifier(message -> null);
        for (Message message : List.of(bulk(3), foreground(3), stateOfJGroups())) {
            protocol.down(message);
            protocol.up(message);
        }
        ResourceDMBean managed = new ResourceDMBean(protocol);
        assertThat(names).allSatisfy(name -> assertThat(valueOf(managed, name)).isPositive());

        protocol.resetStats();

        assertThat(names).allSatisfy(name -> assertThat(valueOf(managed, name)).isZero());
    }

    @Test
    void withoutStatsItPassesAndCountsNothing() {
        protocol.enableStats(false);

        protocol.down(bulk(3));
        protocol.up(bulk(3));
        protocol.up(new MessageBatch(List.of(bulk(3))));

        assertThat(below.messages).hasSize(1);
        assertThat(above.messages).hasSize(1);
        assertThat(above.batches).hasSize(1);
        assertThat(protocol.getInfinispanPushedHits()).isZero();
    }

    @Test
    void allocatesNothingPerMessageOrBatch() {
        STATE_FC quiet = new STATE_FC();
        Protocol sink = new Protocol() {
            @Override
            public Object down(Message message) {
                return null;
            }

            @Override
            public Object up(Message message) {
                return null;
            }

            @Override
            public void up(MessageBatch batch) {}
        };
        quiet.setUpProtocol(sink);
        quiet.setDownProtocol(sink);
        quiet.addClassifier(BY_FIRST_BYTE);
        Message[] messages = {bulk(10), foreground(10), stateOfJGroups()};
        MessageBatch batch = new MessageBatch(List.of(messages));
        int rounds = 10_000;
        drive(quiet, messages, batch, rounds);

        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long beforeBytes = threads.getCurrentThreadAllocatedBytes();
        drive(quiet, messages, batch, rounds);
        long allocatedBytes = threads.getCurrentThreadAllocatedBytes() - beforeBytes;

        // The smallest object has 16 bytes; the measuring itself may allocate a few.
        assertThat(allocatedBytes).isLessThan(rounds);
    }

    @ParameterizedTest
    @ValueSource(classes = {STATE_TRANSFER.class, STATE.class, STATE_SOCK.class})
    void refusesAPlaceAboveStateTransfer(Class<? extends Protocol> type) throws Exception {
        Protocol stateTransfer = type.getDeclaredConstructor().newInstance();

        assertThatThrownBy(() -> new JChannel(new SHARED_LOOPBACK(), new NAKACK2(), stateTransfer, new STATE_FC()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "EVK0004: STATE_FC: it stands above %1$s and would not see its state: put STATE_FC below %1$s",
                        stateTransfer.getName());
    }

    private static void drive(STATE_FC protocol, Message[] messages, MessageBatch batch, int rounds) {
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < messages.length; i++) {
                protocol.down(messages[i]);
                protocol.up(messages[i]);
            }
            protocol.up(batch);
        }
    }

    private static Long valueOf(ResourceDMBean managed, String attribute) {
        return (Long) managed.getAttribute(attribute);
    }

    private static Message bulk(int lengthBytes) {
        byte[] payload = new byte[lengthBytes];
        payload[0] = 'B';
        return new BytesMessage(null, payload);
    }

    private static Message foreground(int lengthBytes) {
        return new BytesMessage(null, new byte[lengthBytes]);
    }

    private static Message stateOfJGroups() {
        return new BytesMessage(null, new byte[5])
                .putHeader(
                        ClassConfigurator.getProtocolId(STATE_TRANSFER.class),
                        new STATE_TRANSFER.StateHeader(STATE_TRANSFER.StateHeader.STATE_RSP));
    }

    /** A neighbour that keeps what reaches it. */
    private static final class Recorder extends Protocol {
        private final List<Message> messages = new ArrayList<>();
        private final List<MessageBatch> batches = new ArrayList<>();
        private Object answer;

        @Override
        public Object down(Message message) {
            messages.add(message);
            return answer;
        }

        @Override
        public Object up(Message message) {
            messages.add(message);
            return answer;
        }

        @Override
        public void up(MessageBatch batch) {
            batches.add(batch);
        }
    }
}
