package io.evenkeel.protocols.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.config.TransportConfig;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.StockFrame;
import io.evenkeel.protocols.transport.core.StockGreeting;
import io.evenkeel.protocols.transport.core.StockPeers;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.jgroups.Version;
import org.junit.jupiter.api.Test;

/**
 * As {@link TransportFuzzTest}, for what speaks as JGroups' TCP does; of the same properties. The messages in its
 * frames are read by what reads those of all others.
 */
class StockFuzzTest {
    private static final long FRAMES = Long.getLong("evenkeel.fuzz.frames", 100_000);
    private static final int MAX_FRAMES_OF_ONE = 200;
    private static final int LIMIT_BYTES = 65_536;
    private static final TransportConfig CONFIG = TestTransportConfig.withStockPeers(LIMIT_BYTES);

    private final long seed = Long.getLong("evenkeel.fuzz.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final FrameFuzz own = new FrameFuzz(random);
    private final Hello ours =
            new Hello("ours", new InetSocketAddress(InetAddress.getLoopbackAddress(), 7800), 1, ByteBuffer.allocate(8));

    @Test
    void connectionsBeforeAndAfterTheirGreeting() {
        System.out.println("StockFuzzTest -Devenkeel.fuzz.seed=" + seed + " -Devenkeel.fuzz.frames=" + FRAMES);
        long sent = 0;
        long connections = 0;
        long stock = 0;
        long accepted = 0;
        long dataBytes = 0;
        while (sent < FRAMES) {
            boolean dialled = random.nextInt(4) == 0;
            int badOneIn = 1 + random.nextInt(50);
            try (FuzzedConnection connection = new FuzzedConnection(
                    random, CONFIG, dialled, StockPeers.Dialling.STOCK_FIRST, random.nextBoolean(), ours)) {
                if (!dialled) {
                    connection.hear(random.nextInt(badOneIn) == 0 ? badGreeting() : greeting());
                    sent++;
                }
                connections++;
                stock += connection.isStock() ? 1 : 0;
                accepted += connection.isAuthenticated() ? 1 : 0;
                for (int i = 0; i < MAX_FRAMES_OF_ONE && connection.isOpen(); i++) {
                    connection.hear(random.nextInt(badOneIn) == 0 ? badFrame() : frame(random.nextInt(2_000)));
                    sent++;
                }
                dataBytes += connection.dataBytes;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("-Devenkeel.fuzz.seed=" + seed + " after " + sent + " frames", e);
            }
        }
        System.out.printf(
                "%d frames over %d connections, %d of them in stock's framing, %d accepted, %d bytes of data%n",
                sent, connections, stock, accepted, dataBytes);
        assertThat(stock).isPositive().isLessThan(connections);
        assertThat(accepted).isPositive().isLessThan(connections);
        assertThat(dataBytes).isPositive();
    }

    private byte[] greeting() {
        byte[] host = own.garbage(random.nextBoolean() ? 4 : 16);
        short version = random.nextInt(10) == 0 ? (short) random.nextInt() : Version.version;
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByAddress(host), random.nextInt(65_536));
            return new StockGreeting(version, address).encode();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] badGreeting() {
        byte[] greeting = greeting();
        if (random.nextInt(3) == 0) {
            return own.bad();
        }
        for (int i = random.nextInt(6); i >= 0; i--) {
            greeting[random.nextInt(greeting.length)] = (byte) random.nextInt();
        }
        return greeting;
    }

    private byte[] frame(int bytes) {
        return ByteBuffer.allocate(Integer.BYTES + bytes + 1)
                .putInt(bytes + 1)
                .put(own.garbage(bytes + 1))
                .array();
    }

    private byte[] badFrame() {
        return switch (random.nextInt(5)) {
            case 0 -> own.good();
            case 1 -> own.garbage(1 + random.nextInt(64));
            case 2 ->
                ByteBuffer.allocate(Integer.BYTES)
                        .putInt(StockFrame.GRACEFUL_CLOSE)
                        .array();
            case 3 ->
                ByteBuffer.allocate(Integer.BYTES)
                        .putInt(LIMIT_BYTES + random.nextInt(3) - 1)
                        .array();
            default ->
                ByteBuffer.allocate(Integer.BYTES).putInt(random.nextInt()).array();
        };
    }
}
