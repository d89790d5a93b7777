package io.evenkeel.it.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * A TCP proxy on this host: keeps the bytes of both directions, can cut its connections, and can become a path that
 * loses everything, as a firewall does that drops.
 */
public final class RecordingProxy implements AutoCloseable {
    private final ServerSocket server;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;
    /** Members dial each other, so a connection may come before its target is known. */
    private final CountDownLatch targetKnown = new CountDownLatch(1);

    private final boolean keeping;
    private volatile InetSocketAddress target;
    private volatile boolean swallowing;

    public RecordingProxy() throws IOException {
        this(0);
    }

    /** On a port that was another one's before. */
    public RecordingProxy(int port) throws IOException {
        this(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), true);
    }

    private RecordingProxy(InetSocketAddress address, boolean keeping) throws IOException {
        this.keeping = keeping;
        server = new ServerSocket(address.getPort(), 50, address.getAddress());
        acceptor = daemon(this::accept);
    }

    /**
     * A proxy at another address of this host to a port of loopback, so that a server that listens on loopback only is
     * there in a namespace, too. It keeps no bytes.
     */
    public static RecordingProxy relay(String address, int targetPort) {
        try {
            RecordingProxy proxy = new RecordingProxy(new InetSocketAddress(address, 0), false);
            proxy.forwardTo(targetPort);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on " + address, e);
        }
    }

    /** A proxy to a port of loopback. */
    public static RecordingProxy to(int targetPort) throws IOException {
        RecordingProxy proxy = new RecordingProxy();
        proxy.forwardTo(targetPort);
        return proxy;
    }

    public int port() {
        return server.getLocalPort();
    }

    public void forwardTo(int port) {
        forwardTo(InetAddress.getLoopbackAddress(), port);
    }

    public void forwardTo(InetAddress host, int port) {
        target = new InetSocketAddress(host, port);
        targetKnown.countDown();
    }

    public String recorded() {
        synchronized (bytes) {
            return bytes.toString(StandardCharsets.ISO_8859_1);
        }
    }

    public int recordedBytes() {
        return bytes.size();
    }

    public boolean saw(String text) {
        return recorded().contains(text);
    }

    /**
     * Takes connections and bytes, and passes none of them on, until it passes on again; what was swallowed is lost.
     */
    public void swallow(boolean on) {
        swallowing = on;
    }

    /** Resets all connections through it; new ones are taken. */
    public void cut() {
        for (Socket socket : Set.copyOf(sockets)) {
            sockets.remove(socket);
            try (socket) {
                socket.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException e) {
                // Its peer has closed it already.
            }
        }
    }

    /** Ends all connections through it with FIN; new ones are taken. */
    public void finish() {
        for (Socket socket : Set.copyOf(sockets)) {
            sockets.remove(socket);
            close(socket);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Its peer has closed it already.
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket in = server.accept();
                Socket out = new Socket();
                sockets.add(in);
                sockets.add(out);
                if (server.isClosed()) {
                    // The call was in the kernel when the server was closed, and has taken one more.
                    cut();
                    return;
                }
                daemon(() -> forward(in, out));
            }
        } catch (IOException e) {
            // The proxy was closed.
        }
    }

    /** As proxies do, it has taken the connection when it finds that its target is gone. */
    private void forward(Socket in, Socket out) {
        try {
            targetKnown.await();
            out.connect(target);
        } catch (IOException | InterruptedException e) {
            close(in);
            return;
        }
        daemon(() -> copy(in, out));
        daemon(() -> copy(out, in));
    }

    private void copy(Socket from, Socket to) {
        byte[] buffer = new byte[65536];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (keeping) {
                    synchronized (bytes) {
                        bytes.write(buffer, 0, n);
                    }
                }
                if (!swallowing) {
                    out.write(buffer, 0, n);
                }
            }
        } catch (IOException e) {
            // One side is gone; closing both passes that on.
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "recording-proxy");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Ends as a process does that is killed: no connection is left, new ones are refused. */
    public void die() throws IOException {
        stop(true);
    }

    /** The same, with resets or with FIN. */
    public void stop(boolean reset) throws IOException {
        server.close();
        try {
            // Until it has left accept, the kernel connects clients to the closed socket.
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (reset) {
            cut();
        } else {
            finish();
        }
    }

    @Override
    public void close() {
        try {
            die();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
