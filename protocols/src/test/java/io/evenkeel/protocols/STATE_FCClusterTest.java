package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.SHARED_LOOPBACK;
import org.jgroups.protocols.SHARED_LOOPBACK_PING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.protocols.pbcast.STATE;
import org.jgroups.protocols.pbcast.STATE_TRANSFER;
import org.jgroups.stack.Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** STATE_FC below JGroups' own state transfer, in channels that talk to each other. */
class STATE_FCClusterTest {
    private static final int STATE_BYTES = 300_000;
    private static final int PART_BYTES = 50_000;
    private static final int FOREGROUND_BYTES = 10_000;

    private final List<JChannel> channels = new ArrayList<>();

    static Stream<Arguments> stateTransfers() {
        return Stream.of(
                Arguments.of("STATE_TRANSFER", (Supplier<Protocol>) STATE_TRANSFER::new),
                Arguments.of("STATE", (Supplier<Protocol>) STATE::new));
    }

    @AfterEach
    void close() {
        for (int i = channels.size() - 1; i >= 0; i--) {
            channels.get(i).close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("stateTransfers")
    void countsTheStateOnBothSidesAndNothingElse(String name, Supplier<Protocol> stateTransfer) throws Exception {
        byte[] state = new byte[STATE_BYTES];
        new Random(1803).nextBytes(state);
        Application donorApplication = new Application(state);
        Application joinerApplication = new Application(null);
        JChannel donor = connect(name, stateTransfer, donorApplication);
        JChannel joiner = connect(name, stateTransfer, joinerApplication);
        STATE_FC donorFc = donor.getProtocolStack().findProtocol(STATE_FC.class);
        STATE_FC joinerFc = joiner.getProtocolStack().findProtocol(STATE_FC.class);

        donor.send(joiner.getAddress(), new byte[FOREGROUND_BYTES]);
        await().until(() -> joinerApplication.receivedBytes == FOREGROUND_BYTES);
        assertThat(donorFc.getBulkMessagesSent()).isZero();
        assertThat(joinerFc.getBulkMessagesReceived()).isZero();
        assertThat(donorFc.getForegroundBytesSent()).isEqualTo(FOREGROUND_BYTES);
        assertThat(joinerFc.getForegroundBytesReceived()).isEqualTo(FOREGROUND_BYTES);

        await().until(() -> donorFc.getPeersPaced() == 1);
        joiner.getState(donor.getAddress(), 120_000);

        await().untilAsserted(() -> assertThat(joinerApplication.state).isEqualTo(state));
        assertThat(donorFc.getBulkBytesSent()).isEqualTo(STATE_BYTES);
        assertThat(joinerFc.getBulkBytesReceived()).isEqualTo(STATE_BYTES);
        assertThat(joinerFc.getBulkMessagesReceived()).isEqualTo(donorFc.getBulkMessagesSent());
        assertThat(donorFc.getJgroupsStateHits()).isEqualTo(donorFc.getBulkMessagesSent());
        assertThat(joinerFc.getBulkMessagesSent()).isZero();
        assertThat(donorFc.getForegroundBytesSent()).isEqualTo(FOREGROUND_BYTES);
        assertThat(donorFc.getPacedBytes() + donorFc.getWaitedBytes()).isEqualTo(STATE_BYTES);
        assertThat(donorFc.getPartsSent()).isPositive();
    }

    private JChannel connect(String cluster, Supplier<Protocol> stateTransfer, Application application)
            throws Exception {
        JChannel channel = new JChannel(
                new SHARED_LOOPBACK(),
                new SHARED_LOOPBACK_PING(),
                new NAKACK2(),
                new UNICAST3(),
                new STABLE(),
                new GMS(),
                new UFC(),
                new FRAG4().setFragSize(8_000),
                new STATE_FC(),
                stateTransfer.get());
        channels.add(channel);
        channel.setReceiver(application);
        channel.connect("state-fc-" + cluster);
        return channel;
    }

    private static final class Application implements Receiver {
        private volatile byte[] state;
        private volatile int receivedBytes;

        Application(byte[] state) {
            this.state = state;
        }

        @Override
        public void receive(Message message) {
            receivedBytes = message.getLength();
        }

        @Override
        public void getState(OutputStream output) throws IOException {
            for (int from = 0; from < state.length; from += PART_BYTES) {
                output.write(state, from, PART_BYTES);
            }
        }

        @Override
        public void setState(InputStream input) throws IOException {
            // Not readAllBytes(): JGroups' BlockingInputStream answers a read of no bytes with the end of the stream.
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            input.transferTo(bytes);
            state = bytes.toByteArray();
        }
    }
}
