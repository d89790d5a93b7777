package io.evenkeel.protocols.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.core.PeerPolicy;
import io.evenkeel.protocols.transport.config.TransportConfig;
import io.evenkeel.protocols.transport.config.TransportStats;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.core.StockGreeting;
import io.evenkeel.protocols.transport.tls.TlsSettings;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.awaitility.Awaitility;
import org.jgroups.Version;
import org.jgroups.stack.IpAddress;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client with a certificate of the cluster, whose handshakes are spoilt on their way to a listening transport: bytes
 * changed, left out, put in, repeated, cut off. Each ends in a refusal, none in an exception of the transport's own,
 * and members go on talking. A transport that takes members on JGroups' TCP hears a greeting of theirs as well.
 *
 * <p>{@code -Devenkeel.fuzz.handshakes=100000} makes a soak of it, {@code -Devenkeel.fuzz.seed=N} repeats a run as far
 * as two ends with their own random numbers let themselves be repeated.
 */
@Timeout(3600)
class TlsFuzzTest {
    private static final int HANDSHAKES = Integer.getInteger("evenkeel.fuzz.handshakes", 150);
    private static final int NEVER = Integer.MAX_VALUE;
    private static final int PATIENCE_MS = 200;
    private static final int PATIENCE_AT_LAST_MS = 20_000;
    private static final int IDENTITY_BYTES = 8;
    private static final TlsMaterial MATERIAL = TestMembers.material();

    private final long seed = Long.getLong("evenkeel.fuzz.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** Nobody's member, which hears what members send to it. */
    private static final class Silent implements CalmListener {
        private volatile int heard;

        @Override
        public void onPeer(IpAddress peer, ByteBuffer member) {}

        @Override
        public void onData(IpAddress sender, byte[] data, int offset, int length) {
            heard = ByteBuffer.wrap(data, offset, length).getInt();
        }

        @Override
        public boolean isMember(ByteBuffer member) {
            return member.remaining() == IDENTITY_BYTES;
        }
    }

    /** Outgoing bytes are spoilt with the given chance; the record layer hands over a record or more at a time. */
    private final class Spoilt extends FilterOutputStream {
        private final int oneIn;

        Spoilt(OutputStream out, int oneIn) {
            super(out);
            this.oneIn = oneIn;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            byte[] said = Arrays.copyOfRange(bytes, offset, offset + length);
            out.write(random.nextInt(oneIn) == 0 && length > 0 ? spoil(said) : said);
        }

        private byte[] spoil(byte[] said) {
            int at = random.nextInt(said.length);
            return switch (random.nextInt(6)) {
                case 0 -> Arrays.copyOf(said, at);
                case 1 -> joined(said, at, new byte[0], Math.min(said.length, at + 1 + random.nextInt(50)));
                case 2 -> joined(said, at, garbage(1 + random.nextInt(300)), at);
                case 3 -> joined(said, said.length, said, said.length);
                case 4 -> {
                    // The head of a record: type, version, length.
                    said[random.nextInt(Math.min(5, said.length))] = (byte) random.nextInt();
                    yield said;
                }
                default -> {
                    for (int i = random.nextInt(8); i >= 0; i--) {
                        said[random.nextInt(said.length)] = (byte) random.nextInt();
                    }
                    yield said;
                }
            };
        }

        private byte[] joined(byte[] said, int end, byte[] between, int from) {
            ByteBuffer all = ByteBuffer.allocate(end + between.length + said.length - from);
            return all.put(said, 0, end)
                    .put(between)
                    .put(said, from, said.length - from)
                    .array();
        }

        private byte[] garbage(int length) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            return bytes;
        }
    }

    private Socket spoilt(IpAddress server, int oneIn, int patienceMs) throws IOException {
        Socket socket = new Socket() {
            @Override
            public OutputStream getOutputStream() throws IOException {
                return new Spoilt(super.getOutputStream(), oneIn);
            }
        };
        socket.connect(new InetSocketAddress(server.getIpAddress(), server.getPort()));
        socket.setSoTimeout(patienceMs);
        return socket;
    }

    /**
     * True if the handshake was as good as one that nobody spoilt.
     *
     * @param greets whether it speaks as JGroups' TCP does, which gets no answer
     */
    private boolean attempt(SSLContext context, IpAddress server, boolean greets, int oneIn, int patienceMs) {
        try (Socket plain = spoilt(server, oneIn, patienceMs);
                SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", 1, true)) {
            if (greets) {
                socket.startHandshake();
                socket.getOutputStream().write(greeting());
            } else {
                TestMembers.offerOwnFraming(socket);
                socket.startHandshake();
            }
            // The HELLO of the accepting side says that it takes this side's certificate.
            return socket.getInputStream().read() >= 0;
        } catch (IOException | RuntimeException e) {
            // An alert, an end, silence; or the client stumbles over what its own words have come to.
            return false;
        }
    }

    private byte[] greeting() {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), random.nextInt(65_536));
        return new StockGreeting(Version.version, any).encode();
    }

    private Transport wire(
            Silent listener, TransportStats stats, long incarnation, String provider, boolean takesStockPeers)
            throws IOException {
        TlsSettings tls = new TlsSettings(
                MATERIAL, PeerPolicy.anyTrusted(), false, provider, List.of("TLSv1.3"), List.of(), List.of(), false);
        TransportConfig config = TestTransportConfig.patient(50, 2000);
        Transport wire = new Transport(
                takesStockPeers ? TestTransportConfig.withStockPeers(config) : config,
                tls,
                incarnation,
                listener,
                stats,
                LineLog.silent());
        wire.open("fuzz", ByteBuffer.allocate(8).putLong(0, incarnation), "1.2.3");
        return wire;
    }

    private static void say(Transport from, Transport to, int number) {
        byte[] data = ByteBuffer.allocate(4).putInt(0, number).array();
        from.send(to.address(), data, 0, data.length);
    }

    /** Says it again each second: what waits for an introduction that comes too late, on a busy machine, is dropped. */
    private static void sayUntilHeard(Transport from, Transport to, Silent heard, int number) {
        int[] polls = {0};
        Awaitility.await().until(() -> {
            if (polls[0]++ % 10 == 0) {
                say(from, to, number);
            }
            return heard.heard == number;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "jdk"})
    void spoiltHandshakesEndInARefusal(String provider) throws Exception {
        System.out.println("TlsFuzzTest -Devenkeel.fuzz.seed=" + seed + " -Devenkeel.fuzz.handshakes=" + HANDSHAKES);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(new KeyManager[] {MATERIAL.keyManager()}, new TrustManager[] {MATERIAL.trustManager()}, null);
        Silent heard = new Silent();
        TransportStats stats = new TransportStats();
        TransportStats stockStats = new TransportStats();
        Transport attacked = wire(heard, stats, 1, provider, false);
        Transport takesStockPeers = wire(heard, stockStats, 3, provider, true);
        Transport member = wire(new Silent(), new TransportStats(), 2, provider, false);
        int good = 0;
        int greetings = 0;
        try {
            for (int i = 1; i <= HANDSHAKES; i++) {
                boolean stock = random.nextBoolean();
                boolean greets = stock && random.nextBoolean();
                Transport target = stock ? takesStockPeers : attacked;
                good += attempt(context, target.address(), greets, 1 + random.nextInt(4), PATIENCE_MS) ? 1 : 0;
                greetings += greets ? 1 : 0;
                if (i % 10 == 0) {
                    sayUntilHeard(member, target, heard, i);
                }
            }
            for (TransportStats each : List.of(stats, stockStats)) {
                Awaitility.await().until(() -> each.pendingHandshakes.get() == 0);
                assertThat(each.refused(Refusal.Reason.INTERNAL_ERROR).sum())
                        .as("-Devenkeel.fuzz.seed=%d: %s", seed, each.refusalsByReason())
                        .isZero();
                Awaitility.await().untilAsserted(() -> assertThat(each.openConnections.get())
                        .as("at most the member's")
                        .isLessThanOrEqualTo(1));
            }
            for (Transport target : List.of(attacked, takesStockPeers)) {
                Awaitility.await().until(() -> attempt(context, target.address(), false, NEVER, PATIENCE_AT_LAST_MS));
                good++;
            }
            assertThat(good).isBetween(2, HANDSHAKES - 1);
            System.out.printf(
                    "%s: %d good ones, %d greetings, %s; where members on JGroups' TCP are taken, %s%n",
                    provider, good, greetings, stats.refusalsByReason(), stockStats.refusalsByReason());
        } finally {
            member.shutdown();
            takesStockPeers.shutdown();
            attacked.shutdown();
        }
    }
}
