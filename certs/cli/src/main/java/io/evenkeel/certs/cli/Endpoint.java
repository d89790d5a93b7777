package io.evenkeel.certs.cli;

import io.evenkeel.certs.CertificateRecorder;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.core.HandshakeRefusal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** A node's port of the cluster, spoken to with TLS as a member speaks to it. */
final class Endpoint {
    private static final Pattern TEXT = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:/\\\\\\s]+):(\\d{1,5})");
    private static final int TIMEOUT_MS = 5000;

    /** The outcome of the attempt to connect. */
    enum Outcome {
        /** The node accepted this side: it went on to speak, as TCP_NETTY does. */
        ACCEPTED,
        /** The node neither refused nor said anything, as JGroups' TCP does. */
        SILENT,
        /** The node turned this side down. */
        REFUSED
    }

    /**
     * An attempt.
     *
     * @param chain what the node showed, its own certificate first
     * @param refusal one line; null unless REFUSED
     */
    record Answer(List<X509Certificate> chain, Outcome outcome, @Nullable String refusal) {}

    private final String host;
    private final int port;

    private Endpoint(String host, int port) {
        this.host = host;
        this.port = port;
    }

    static boolean is(String text) {
        return TEXT.matcher(text).matches();
    }

    static Endpoint parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > 65_535) {
            throw new UsageException("'" + text + "' must be HOST:PORT, such as node-1.example:7800");
        }
        String host = matcher.group(1);
        return new Endpoint(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host, Integer.parseInt(matcher.group(2)));
    }

    /**
     * Connects and waits for the node's first word. The node's certificate is taken down and not judged.
     *
     * @param material what this side shows; null for nothing
     */
    Answer ask(@Nullable TlsMaterial material) throws IOException, GeneralSecurityException, CommandException {
        CertificateRecorder recorder = new CertificateRecorder();
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                material == null ? null : new KeyManager[] {material.keyManager()},
                new TrustManager[] {recorder},
                null);
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), TIMEOUT_MS);
            plain.setSoTimeout(TIMEOUT_MS);
            SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true);
            try {
                socket.startHandshake();
                return socket.getInputStream().read() < 0
                        ? new Answer(
                                recorder.chain(),
                                Outcome.REFUSED,
                                this + " closed the connection without a word; see its log")
                        : new Answer(recorder.chain(), Outcome.ACCEPTED, null);
            } catch (SocketTimeoutException e) {
                if (recorder.chain().isEmpty()) {
                    throw new CommandException(
                            ExitCode.FAILED, this + ": takes connections and does not speak TLS; correct the port", e);
                }
                return new Answer(recorder.chain(), Outcome.SILENT, null);
            } catch (SSLException e) {
                if (recorder.chain().isEmpty()) {
                    throw new CommandException(
                            ExitCode.FAILED, HandshakeRefusal.of(e).message(toString()), e);
                }
                return new Answer(
                        recorder.chain(),
                        Outcome.REFUSED,
                        HandshakeRefusal.of(e).message(toString()));
            }
        } catch (CommandException e) {
            throw e;
        } catch (IOException e) {
            if (!recorder.chain().isEmpty()) {
                // The reset behind an alert that was overtaken.
                return new Answer(recorder.chain(), Outcome.REFUSED, this + " broke the connection off; see its log");
            }
            throw new CommandException(
                    ExitCode.FAILED,
                    this + ": cannot connect (" + e.getClass().getSimpleName()
                            + "); check the address, the port, and that the node runs",
                    e);
        }
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
