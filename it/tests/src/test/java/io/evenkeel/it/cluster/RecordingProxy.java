package io.evenkeel.it.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands on the wire before a node: forwards every connection to it and keeps what went by, in both directions. */
final class RecordingProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 * 1024;

    private final ServerSocket server;
    private final InetSocketAddress target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "recording-proxy");
        thread.setDaemon(true);
        return thread;
    });

    /** Listens on a port of its own and forwards to the one given, both on loopback. */
    RecordingProxy(int targetPort) throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        threads.execute(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    int recordedBytes() {
        return recorded.size();
    }

    boolean saw(String text) {
        return new String(recorded.toByteArray(), StandardCharsets.ISO_8859_1).contains(text);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                forward(server.accept());
            } catch (IOException e) {
                // Closed by close(): the loop ends. The node not listening (yet): the caller sees its connection end.
            }
        }
    }

    private void forward(Socket caller) throws IOException {
        open.add(caller);
        Socket node = new Socket();
        open.add(node);
        try {
            node.connect(target);
        } catch (IOException e) {
            caller.close();
            throw e;
        }
        threads.execute(() -> pump(caller, node));
        threads.execute(() -> pump(node, caller));
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                recorded.write(buffer, 0, n);
                out.write(buffer, 0, n);
            }
        } catch (IOException e) {
            // One side is gone: closing both tells the other.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
