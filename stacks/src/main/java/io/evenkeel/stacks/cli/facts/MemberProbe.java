package io.evenkeel.stacks.cli.facts;

import io.evenkeel.certs.CertificateRecorder;
import io.evenkeel.certs.core.HandshakeRefusal;
import io.evenkeel.certs.core.LogText;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.transport.core.ForeignHello;
import io.evenkeel.protocols.transport.core.FrameType;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.core.ProtocolViolationException;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.stacks.cli.core.CertificateFacts;
import io.evenkeel.stacks.cli.core.Reach;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * Connects to members as discovery does: TLS with this host's keys, the exchange of identities as a liveness probe, a
 * goodbye.
 *
 * <p>The peer's certificate is taken down and judged beside the handshake, so that one visit shows both sides'
 * verdicts. A peer that is not trusted hears the goodbye only. Any thread.
 */
final class MemberProbe {
    private static final int MAX_FRAME_BYTES = 64 * 1024;
    /** The first byte of a record of TLS that holds an alert. */
    private static final int TLS_ALERT = 21;

    private final HostKeys keys;
    private final int timeoutMs;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    MemberProbe(HostKeys keys, int timeoutMs, InstantSource clock) {
        this.keys = keys;
        this.timeoutMs = timeoutMs;
        this.clock = clock;
    }

    /** Visits the address in a row; blocks for about three timeouts at the most. */
    Reach ask(LeaseRow row) {
        InetSocketAddress address;
        try {
            address = address(row.who().physicalAddress());
        } catch (UnknownHostException | IllegalArgumentException e) {
            return new Reach.NoRoute(
                    "'" + LogText.oneLine(row.who().physicalAddress()) + "' is no address that can be used");
        }
        try (Socket socket = new Socket()) {
            socket.connect(address, timeoutMs);
            socket.setSoTimeout(timeoutMs);
            return keys.encrypted() ? speakTls(socket, address, row) : speakClear(socket, row);
        } catch (NoRouteToHostException e) {
            return new Reach.NoRoute(message(e));
        } catch (SocketTimeoutException e) {
            return new Reach.Silent("no connection within " + timeoutMs + " ms");
        } catch (ConnectException e) {
            return refusedOrNot(e);
        } catch (IOException e) {
            return new Reach.NoRoute(message(e));
        }
    }

    /** The JDK has one exception for all errors of connect; the text of the system tells them apart. */
    private Reach refusedOrNot(ConnectException e) {
        String text = message(e);
        if (text.contains("refused")) {
            return new Reach.Refused();
        }
        return text.contains("timed out") ? new Reach.Silent(text) : new Reach.NoRoute(text);
    }

    private static InetSocketAddress address(String text) throws UnknownHostException {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException(text);
        }
        int port = Integer.parseInt(text.substring(colon + 1));
        InetAddress host = InetAddress.getByName(text.substring(0, colon));
        if (port <= 0 || host.isAnyLocalAddress() || host.isMulticastAddress()) {
            throw new IllegalArgumentException(text);
        }
        return new InetSocketAddress(host, port);
    }

    private Reach speakTls(Socket plain, InetSocketAddress address, LeaseRow row) {
        CertificateRecorder recorder = new CertificateRecorder();
        try (SSLSocket socket = (SSLSocket) context(recorder)
                .getSocketFactory()
                .createSocket(plain, address.getHostString(), address.getPort(), true)) {
            socket.startHandshake();
            Optional<CertificateFacts> certificate = judged(recorder, address);
            return converse(socket, row, certificate, false);
        } catch (SSLException e) {
            HandshakeRefusal refusal = HandshakeRefusal.of(e);
            return refusal.reason() == HandshakeRefusal.Reason.NOT_TLS
                    ? new Reach.PlainText("it does not speak TLS, this host does")
                    : new Reach.TlsEnded(refusal, judged(recorder, address));
        } catch (SocketTimeoutException e) {
            return new Reach.Stranger(mute(), judged(recorder, address));
        } catch (IOException e) {
            return recorder.chain().isEmpty()
                    ? new Reach.Stranger("it closes connections without a word of TLS", Optional.empty())
                    : new Reach.TlsEnded(
                            // The reset behind an alert that was overtaken.
                            new HandshakeRefusal(true, HandshakeRefusal.Reason.BAD_CERTIFICATE),
                            judged(recorder, address));
        }
    }

    private String mute() {
        return "it takes connections and says nothing for " + timeoutMs + " ms";
    }

    private Optional<CertificateFacts> judged(CertificateRecorder recorder, InetSocketAddress address) {
        List<X509Certificate> chain = recorder.chain();
        return chain.isEmpty()
                ? Optional.empty()
                : keys.judge().map(judge -> judge.of(chain, Optional.of(address.getAddress())));
    }

    private SSLContext context(CertificateRecorder recorder) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys.material()
                            .map(material -> new KeyManager[] {material.keyManager()})
                            .orElse(new KeyManager[0]),
                    new TrustManager[] {recorder},
                    random);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    private Reach speakClear(Socket socket, LeaseRow row) {
        try {
            return converse(socket, row, Optional.empty(), true);
        } catch (SocketTimeoutException e) {
            return new Reach.Stranger(mute(), Optional.empty());
        } catch (IOException e) {
            return new Reach.PlainText("it ends a connection in clear without a word, as members with TLS do");
        }
    }

    /**
     * Exchanges identities.
     *
     * @param speaksFirst whether the connecting side does, as in clear, see {@link FrameType}
     */
    private Reach converse(Socket socket, LeaseRow row, Optional<CertificateFacts> certificate, boolean speaksFirst)
            throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        long sentMs = clock.millis();
        if (speaksFirst) {
            introduce(socket, row, out);
        }
        try {
            Frame first = Frame.read(in);
            if (first.type == FrameType.REFUSE) {
                return turnedDown(row, certificate, Refusal.decode(first.body));
            }
            Optional<ForeignHello> foreign = ForeignHello.of(first.body);
            if (foreign.isPresent()) {
                return new Reach.Spoke(
                        certificate, "", 0, foreign.get().version(), true, OptionalLong.empty(), Optional.empty());
            }
            Hello theirs = Hello.decode(first.body);
            OptionalLong aheadMs = ahead(theirs, sentMs);
            boolean trusted = certificate.flatMap(CertificateFacts::distrust).isEmpty();
            if (!speaksFirst && trusted) {
                introduce(socket, row, out);
            }
            Optional<String> refusal = trusted ? verdict(socket, in, out) : Optional.empty();
            return new Reach.Spoke(
                    certificate,
                    LogText.oneLine(theirs.clusterName()),
                    theirs.incarnation(),
                    theirs.version(),
                    false,
                    aheadMs,
                    refusal);
        } catch (ProtocolViolationException e) {
            return speaksFirst && String.valueOf(e.getMessage()).contains("TLS")
                    ? new Reach.PlainText("it speaks TLS, this host speaks in clear")
                    : new Reach.Stranger(
                            "it does not speak Evenkeel's protocol: " + LogText.oneLine(String.valueOf(e.getMessage())),
                            certificate);
        }
    }

    private static Reach turnedDown(LeaseRow row, Optional<CertificateFacts> certificate, Refusal refusal) {
        return new Reach.Spoke(
                certificate,
                row.who().cluster(),
                row.incarnation(),
                "of an unknown version",
                false,
                OptionalLong.empty(),
                Optional.of(describe(refusal)));
    }

    private OptionalLong ahead(Hello theirs, long sentMs) {
        long clockMs = theirs.extensions().clockMs();
        return clockMs == 0 ? OptionalLong.empty() : OptionalLong.of(clockMs - (sentMs + clock.millis()) / 2);
    }

    private void introduce(Socket socket, LeaseRow row, DataOutputStream out) throws IOException {
        Hello ours = new Hello(
                row.who().cluster(),
                new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort()),
                random.nextLong(),
                ByteBuffer.allocate(0));
        Frame.write(out, FrameType.HELLO, ours.asProbe().encode());
    }

    /** The member's answer to the introduction; empty if it would take this host for a member. */
    private static Optional<String> verdict(Socket socket, DataInputStream in, DataOutputStream out)
            throws IOException {
        try {
            Frame answer = Frame.read(in);
            if (answer.type == FrameType.REFUSE) {
                Refusal refusal = Refusal.decode(answer.body);
                return refusal.reason().harmless() ? Optional.empty() : Optional.of(describe(refusal));
            }
            Frame.write(out, FrameType.ACCEPT, new byte[0]);
            Frame.write(out, FrameType.GOODBYE, new byte[0]);
            leave(socket, in);
            return Optional.empty();
        } catch (EOFException e) {
            return Optional.of("it closed the connection when this host introduced itself; see its log");
        }
    }

    /**
     * Waits for the member's end: a socket that is closed with bytes to be read resets, and the GOODBYE might be lost.
     */
    private static void leave(Socket socket, DataInputStream in) {
        try {
            socket.shutdownOutput();
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // It has said all that was asked for, however it ends.
            return;
        }
    }

    private static String describe(Refusal refusal) {
        return refusal.reason() + ", " + refusal.detail() + "; "
                + refusal.reason().remedy();
    }

    private static String message(IOException e) {
        return LogText.oneLine(String.valueOf(e.getMessage()));
    }

    /** One frame, see {@link FrameType}. */
    private record Frame(FrameType type, ByteBuffer body) {
        static Frame read(DataInputStream in) throws IOException {
            int length = in.readInt();
            if (length >>> 24 == TLS_ALERT) {
                throw new ProtocolViolationException("these bytes are an alert of TLS");
            }
            FrameType.checkLength(length, MAX_FRAME_BYTES);
            FrameType type = FrameType.of(in.readByte());
            byte[] body = new byte[length - 1];
            in.readFully(body);
            return new Frame(type, ByteBuffer.wrap(body));
        }

        static void write(DataOutputStream out, FrameType type, byte[] body) throws IOException {
            ByteBuffer frame = ByteBuffer.allocate(FrameType.HEADER_BYTES + body.length)
                    .putInt(body.length + 1)
                    .put(type.code())
                    .put(body);
            // One write, so that it is one record.
            out.write(frame.array());
            out.flush();
        }
    }
}
