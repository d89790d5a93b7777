package io.evenkeel.certs.cli;

import io.evenkeel.certs.Identity;
import io.evenkeel.certs.TlsMaterial;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;

/** A port on loopback that answers each connection in one way until it is closed. */
final class TlsNode implements AutoCloseable {

    /** Answers a connection. */
    private interface Answer {
        void to(Socket peer) throws IOException;
    }

    private final ServerSocket server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private TlsNode(ServerSocket server, Answer answer) {
        this.server = server;
        Thread thread = new Thread(() -> serve(answer), "tls-node");
        thread.setDaemon(true);
        thread.start();
    }

    /** TLS 1.3 that demands a certificate and then says a byte, as TCP_NETTY does with its HELLO. */
    static TlsNode speaking(Identity identity, List<X509Certificate> trusted) throws Exception {
        return new TlsNode(tls(identity, trusted), peer -> {
            peer.getOutputStream().write('H');
            peer.getInputStream().transferTo(OutputStream.nullOutputStream());
        });
    }

    /** TLS 1.3 that demands a certificate and then listens, as JGroups' TCP does. */
    static TlsNode listening(Identity identity, List<X509Certificate> trusted) throws Exception {
        return new TlsNode(
                tls(identity, trusted), peer -> peer.getInputStream().transferTo(OutputStream.nullOutputStream()));
    }

    /** Clear text. */
    static TlsNode inClear() throws IOException {
        return new TlsNode(plain(), peer -> {
            peer.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            // Until the other side has read it: an unread byte would make the close a reset.
            InputStream in = peer.getInputStream();
            while (in.read() >= 0) {
                // nothing of it counts
            }
        });
    }

    /** Never says a byte. */
    static TlsNode silent() throws IOException {
        return new TlsNode(plain(), peer -> {});
    }

    private static ServerSocket plain() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static ServerSocket tls(Identity identity, List<X509Certificate> trusted) throws Exception {
        TlsMaterial material = TlsMaterial.of(identity, trusted);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(new KeyManager[] {material.keyManager()}, new TrustManager[] {material.trustManager()}, null);
        SSLServerSocket server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setNeedClientAuth(true);
        return server;
    }

    /** As an operator writes it. */
    String address() {
        return server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
    }

    private void serve(Answer answer) {
        while (!server.isClosed()) {
            try {
                Socket peer = server.accept();
                open.add(peer);
                Thread thread = new Thread(() -> answer(peer, answer), "tls-node-peer");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                // Closed, or the peer was gone again: the loop's condition tells.
            }
        }
    }

    private static void answer(Socket peer, Answer answer) {
        try {
            answer.to(peer);
        } catch (IOException e) {
            // The peer was turned down, or has turned this side down.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
