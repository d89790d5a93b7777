package io.evenkeel.protocols.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.core.PeerPolicy;
import io.evenkeel.protocols.transport.config.TransportStats;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.tls.TlsSettings;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
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
import org.jgroups.stack.IpAddress;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A client with a certificate of the cluster, whose handshakes are spoilt on their way to a listening transport: bytes
 * changed, left out, put in, repeated, cut off. Each ends in a refusal, none in an exception of the transport's own,
 * and members go on talking.
 *
 * <p>{@code -Devenkeel.fuzz.handshakes=100000} makes a soak of it, {@code -Devenkeel.fuzz.seed=N} repeats a run as far
 * as two ends with their own random numbers let themselves be repeated.
 */
@Timeout(3600)
class TlsFuzzTest {
    private static final int HANDSHAKES = Integer.getInteger("evenkeel.fuzz.handshakes", 150);
    private static final int NEVER = Integer.MAX_VALUE;
    private static final int PATIENCE_MS = 200;
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
            return true;
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

    /** True if the handshake was as good as one that nobody spoilt. */
    private boolean attempt(SSLContext context, IpAddress server, int oneIn, int patienceMs) {
        try (Socket plain = spoilt(server, oneIn, patienceMs);
                SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", 1, true)) {
            socket.startHandshake();
            // The HELLO of the accepting side says that it takes this side's certificate.
            return socket.getInputStream().read() >= 0;
        } catch (IOException | RuntimeException e) {
            // An alert, an end, silence; or the client stumbles over what its own words have come to.
            return false;
        }
    }

    private Transport wire(Silent listener, TransportStats stats, long incarnation, String provider)
            throws IOException {
        TlsSettings tls = new TlsSettings(
                MATERIAL, PeerPolicy.anyTrusted(), false, provider, List.of("TLSv1.3"), List.of(), List.of(), false);
        Transport wire = new Transport(
                TestTransportConfig.patient(50, 2000), tls, incarnation, listener, stats, LineLog.silent());
        wire.open("fuzz", ByteBuffer.allocate(8).putLong(0, incarnation), "1.2.3");
        return wire;
    }

    private static void say(Transport from, Transport to, int number) {
        byte[] data = ByteBuffer.allocate(4).putInt(0, number).array();
        from.send(to.address(), data, 0, data.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "jdk"})
    void spoiltHandshakesEndInARefusal(String provider) throws Exception {
        System.out.println("TlsFuzzTest -Devenkeel.fuzz.seed=" + seed + " -Devenkeel.fuzz.handshakes=" + HANDSHAKES);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(new KeyManager[] {MATERIAL.keyManager()}, new TrustManager[] {MATERIAL.trustManager()}, null);
        Silent heard = new Silent();
        TransportStats stats = new TransportStats();
        Transport attacked = wire(heard, stats, 1, provider);
        Transport member = wire(new Silent(), new TransportStats(), 2, provider);
        int good = 0;
        try {
            for (int i = 1; i <= HANDSHAKES; i++) {
                good += attempt(context, attacked.address(), 1 + random.nextInt(4), PATIENCE_MS) ? 1 : 0;
                if (i % 10 == 0) {
                    int number = i;
                    say(member, attacked, number);
                    Awaitility.await().until(() -> heard.heard == number);
                }
            }
            Awaitility.await().until(() -> stats.pendingHandshakes.get() == 0);
            assertThat(attempt(context, attacked.address(), NEVER, 20_000)).isTrue();
            assertThat(stats.refused(Refusal.Reason.INTERNAL_ERROR).sum())
                    .as("-Devenkeel.fuzz.seed=%d: %s", seed, stats.refusalsByReason())
                    .isZero();
            assertThat(stats.openConnections.get()).as("the member's").isEqualTo(1);
            assertThat(good).isBetween(1, HANDSHAKES - 1);
            System.out.println(provider + ": " + good + " good ones, " + stats.refusalsByReason());
        } finally {
            member.shutdown();
            attacked.shutdown();
        }
    }
}
