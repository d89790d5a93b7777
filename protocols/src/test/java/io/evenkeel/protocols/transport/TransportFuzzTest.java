package io.evenkeel.protocols.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.evenkeel.protocols.transport.config.TransportConfig;
import io.evenkeel.protocols.transport.core.Claim;
import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.ProtocolViolationException;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.core.StockPeers;
import io.evenkeel.protocols.transport.io.MemberIdentity;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever a peer sends ends in an answer, in a protocol violation or in nothing; never in another exception, in memory
 * beyond the limits or in a buffer that nobody releases.
 *
 * <p>{@code -Devenkeel.fuzz.frames=10000000} makes a soak of it, {@code -Devenkeel.fuzz.seed=N} repeats a run:
 * {@code ./mvnw -pl protocols -am test -Dtest=TransportFuzzTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Devenkeel.fuzz.frames=10000000}
 */
class TransportFuzzTest {
    private static final long FRAMES = Long.getLong("evenkeel.fuzz.frames", 100_000);
    private static final int MAX_FRAMES_OF_ONE = 200;
    /**
     * JGroups makes an array of a string's announced length, of 64 KB at the most, before it sees that the rest is
     * missing.
     */
    private static final long MAX_DECODING_BYTES = 1_000_000;

    private static final int LIMIT_BYTES = 65_536;
    private static final TransportConfig CONFIG = TestTransportConfig.withFrames(LIMIT_BYTES);
    private static final TransportConfig WITH_STOCK_PEERS = TestTransportConfig.withStockPeers(LIMIT_BYTES);

    private final long seed = Long.getLong("evenkeel.fuzz.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final FrameFuzz fuzz = new FrameFuzz(random);
    private final Hello ours = new Hello(
            "ours",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 7800),
            1,
            ByteBuffer.allocate(8).putLong(0, 1));

    @BeforeEach
    void tellHowToRepeat() {
        System.out.println("TransportFuzzTest -Devenkeel.fuzz.seed=" + seed + " -Devenkeel.fuzz.frames=" + FRAMES);
    }

    @Test
    void connectionsBeforeAndAfterTheyAreAccepted() {
        long sent = 0;
        long connections = 0;
        long authenticated = 0;
        long dataBytes = 0;
        while (sent < FRAMES) {
            boolean dialled = random.nextBoolean();
            boolean introduce = random.nextInt(3) > 0;
            TransportConfig config = random.nextInt(3) == 0 ? WITH_STOCK_PEERS : CONFIG;
            StockPeers.Dialling dialling = StockPeers.dialling(config.stockPeers(), false, false);
            // Few bad ones, so that many frames come before the first.
            int badOneIn = 1 + random.nextInt(50);
            try (FuzzedConnection connection =
                    new FuzzedConnection(random, config, dialled, dialling, random.nextBoolean(), ours)) {
                if (introduce) {
                    connection.hear(fuzz.frame(FrameType.HELLO, fuzz.hello().encode()));
                    connection.hear(fuzz.frame(FrameType.ACCEPT, new byte[0]));
                    sent += 2;
                }
                connections++;
                authenticated += connection.isAuthenticated() ? 1 : 0;
                for (int i = 0; i < MAX_FRAMES_OF_ONE && connection.isOpen(); i++) {
                    connection.hear(random.nextInt(badOneIn) == 0 ? fuzz.bad() : afterwards(connection));
                    sent++;
                }
                dataBytes += connection.dataBytes;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Devenkeel.fuzz.seed=" + seed + " after " + sent + " frames", e);
            }
        }
        System.out.printf(
                "%d frames over %d connections, %d of them accepted, %d bytes of data%n",
                sent, connections, authenticated, dataBytes);
        assertThat(authenticated).isPositive().isLessThan(connections);
        assertThat(dataBytes).isPositive();
    }

    /** Mostly what does not end an accepted connection. */
    private byte[] afterwards(FuzzedConnection connection) {
        return connection.isAuthenticated() && random.nextInt(20) > 0
                ? fuzz.frame(FrameType.DATA, fuzz.garbage(random.nextInt(2_000)))
                : fuzz.good();
    }

    @Test
    void aFloodOfQuestionsEndsTheConnection() {
        byte[] ask = fuzz.frame(FrameType.ASK, new byte[Long.BYTES]);
        for (FrameType type : List.of(FrameType.ASK, FrameType.ANSWER)) {
            byte[] question = type == FrameType.ASK ? ask : fuzz.frame(type, Claim.Answer.MINE.encode(1));
            try (FuzzedConnection connection = accepted()) {
                for (int i = 0; i < 100; i++) {
                    connection.hear(question);
                }
                assertThat(connection.isOpen())
                        .as("after as many as a member may have")
                        .isTrue();
                for (int i = 0; i < 10_000 && connection.isOpen(); i++) {
                    connection.hear(question);
                }
                assertThat(connection.isOpen()).isFalse();
                assertThat(connection.ending())
                        .hasValueSatisfying(why -> assertThat(why.detail()).contains("a flood of " + type));
            }
        }
    }

    @Test
    void aPeerThatReadsNothingGetsNoMoreAnswers() {
        byte[] ask = fuzz.frame(FrameType.ASK, new byte[Long.BYTES]);
        try (FuzzedConnection connection = accepted()) {
            for (int i = 0; i < 5; i++) {
                connection.hear(ask);
            }
            assertThat(connection.answers()).isEqualTo(5);
            connection.stopReading();
            for (int i = 0; i < 5; i++) {
                connection.hear(ask);
            }
            assertThat(connection.answers()).isEqualTo(5);
            assertThat(connection.isOpen()).isTrue();
        }
    }

    /** The peer may be writing until it has heard the goodbye. */
    @Test
    void aSecondCloseDoesNotCutTheFirstShort() {
        try (FuzzedConnection connection = accepted()) {
            connection.closeGracefully();
            connection.closeGracefully();
            assertThat(connection.isOpen()).isTrue();
            connection.hear(fuzz.frame(FrameType.DATA, new byte[10]));
            assertThat(connection.dataBytes).isEqualTo(10);
            connection.hear(fuzz.frame(FrameType.GOODBYE, new byte[0]));
            assertThat(connection.isOpen()).isFalse();
        }
    }

    /** A renewed connection may outlast the trust in the old keys: the member has another one by then. */
    @Test
    void aConnectionSpeaksForAMemberUntilItCloses() {
        try (FuzzedConnection connection = new FuzzedConnection(random, CONFIG, true, false, ours)) {
            assertThat(connection.speaksForMember()).as("before the HELLO").isFalse();
        }
        try (FuzzedConnection connection = accepted()) {
            assertThat(connection.speaksForMember()).isTrue();
            connection.closeGracefully();
            assertThat(connection.isOpen()).isTrue();
            assertThat(connection.speaksForMember()).isFalse();
        }
    }

    private FuzzedConnection accepted() {
        FuzzedConnection connection = new FuzzedConnection(random, CONFIG, true, false, ours);
        connection.hear(fuzz.frame(FrameType.HELLO, fuzz.hello().encode()));
        connection.hear(fuzz.frame(FrameType.ACCEPT, new byte[0]));
        assertThat(connection.isAuthenticated()).isTrue();
        return connection;
    }

    @Test
    void bodiesOfFrames() throws Exception {
        List<Consumer<ByteBuffer>> readers = List.of(
                Hello::decode,
                Refusal::decode,
                body -> {
                    Claim.attempt(body);
                    Claim.Answer.decode(body);
                },
                MemberIdentity::decode);
        byte[] member = array(new MemberIdentity(UUID.randomUUID(), "node").encode());
        List<byte[]> good = List.of(
                ours.encode(), new Refusal(Refusal.Reason.YIELD, "why").encode(), Claim.Answer.MINE.encode(5), member);
        for (long i = 0; i < FRAMES; i++) {
            int kind = random.nextInt(readers.size());
            byte[] body = mutated(good.get(kind));
            try {
                long allocated = allocatedBy(readers.get(kind), body);
                if (allocated > MAX_DECODING_BYTES) {
                    // The first use of a class pays for the class.
                    allocated = allocatedBy(readers.get(kind), body);
                }
                if (allocated > MAX_DECODING_BYTES) {
                    fail(allocated + " bytes of memory");
                }
            } catch (RuntimeException | Error e) {
                throw new AssertionError("-Devenkeel.fuzz.seed=" + seed + " " + kind + Arrays.toString(body), e);
            }
        }
    }

    private static long allocatedBy(Consumer<ByteBuffer> reader, byte[] body) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            reader.accept(ByteBuffer.wrap(body));
        } catch (ProtocolViolationException expected) {
            assertThat(expected.getMessage()).doesNotContain("\n");
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static byte[] array(ByteBuffer buffer) {
        byte[] array = new byte[buffer.remaining()];
        buffer.get(array);
        return array;
    }

    private byte[] mutated(byte[] good) {
        byte[] body = good.clone();
        switch (random.nextInt(4)) {
            case 0 -> body = Arrays.copyOf(body, random.nextInt(body.length + 1));
            case 1 -> body = fuzz.garbage(random.nextInt(255));
            default -> {}
        }
        for (int i = random.nextInt(6); i > 0 && body.length > 0; i--) {
            body[random.nextInt(body.length)] = (byte) random.nextInt();
        }
        return body;
    }
}
