package io.evenkeel.it.cluster;

import io.evenkeel.certs.Identity;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.it.node.KeycloakNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A third party that knocks at a node's port of the cluster. It trusts everybody: who turns it down is the node. */
final class Stranger {
    private static final int BOUND_MS = 120_000;

    private Stranger() {}

    /**
     * Opens TLS with these keys, or without any, writes, and waits for the node's answer.
     *
     * @return whether the node ended the conversation without having said a byte of its own
     */
    static boolean isTurnedDownWithTls(int port, KeyManager... keys) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys, new TrustManager[] {new TrustsEverybody()}, new SecureRandom());
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(BOUND_MS);
            socket.startHandshake();
            return socket.getInputStream().read() < 0;
        } catch (ConnectException e) {
            throw e; // nobody listens: nobody has turned anybody down
        } catch (SSLException | SocketException e) {
            return true; // the alert, or the reset behind it
        }
    }

    /** A certificate that would be good for a node, by an authority that no node knows. */
    static KeyManager keysOfAnotherAuthority() {
        SecureRandom random = new SecureRandom();
        Instant start = Instant.now().minus(1, ChronoUnit.HOURS);
        Instant end = start.plus(1, ChronoUnit.DAYS);
        CertificateAuthority other = CertificateAuthority.create("CN=another authority", start, end, random);
        Identity stranger = other.issue(CertificateSpec.node("CN=jgroups", start, end), random);
        return TlsMaterial.of(stranger, List.of(other.certificate())).keyManager();
    }

    /** The certificate that the node shows to any client. */
    static X509Certificate certificateShownBy(int port) throws IOException, GeneralSecurityException {
        return certificateShownBy(InetAddress.getLoopbackAddress().getHostAddress(), port);
    }

    static X509Certificate certificateShownBy(String address, int port) throws IOException, GeneralSecurityException {
        AtomicReference<X509Certificate> shown = new AtomicReference<>();
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        TrustManager trust = new TrustsEverybody() {
            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType) {
                shown.set(chain[0]);
            }
        };
        context.init(null, new TrustManager[] {trust}, new SecureRandom());
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(address, port)) {
            socket.setSoTimeout(BOUND_MS);
            socket.startHandshake();
        }
        return shown.get();
    }

    /** The name in the certificate that the node shows to any client. */
    static String subjectShownBy(KeycloakNode node) throws IOException, GeneralSecurityException {
        return certificateShownBy(node.config().ports().jgroups())
                .getSubjectX500Principal()
                .getName();
    }

    /** True if the node turns one with this identity down. */
    static boolean isTurnedDownBy(KeycloakNode node, TlsMaterial material)
            throws IOException, GeneralSecurityException {
        return isTurnedDownWithTls(node.config().ports().jgroups(), material.keyManager());
    }

    /** Writes clear text, and waits for the node's answer. */
    static boolean isTurnedDownInClear(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(BOUND_MS);
            socket.getOutputStream().write("a member, in clear\n".repeat(20).getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readAllBytes();
            // A TLS alert record may come, nothing else.
            return answer.length == 0 || answer[0] == 21;
        } catch (ConnectException e) {
            throw e;
        } catch (SocketException e) {
            return true;
        }
    }

    private static class TrustsEverybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            // Nobody is turned down on this side.
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            // Nobody is turned down on this side.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
