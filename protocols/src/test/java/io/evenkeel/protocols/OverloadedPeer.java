package io.evenkeel.protocols;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import org.jgroups.stack.IpAddress;

/** A port that closes some connections as soon as it has taken them, and relays all later ones to a member. */
final class OverloadedPeer implements AutoCloseable {
    private final ServerSocket server;
    private final CompletableFuture<Integer> memberPort = new CompletableFuture<>();

    OverloadedPeer(int closedAtFirst) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(() -> accept(closedAtFirst));
    }

    IpAddress address() {
        return new IpAddress(server.getInetAddress(), server.getLocalPort());
    }

    /** Names the port of the member behind it, on this host. */
    void relayTo(int port) {
        memberPort.complete(port);
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // One of the sockets is closed.
                    }
                },
                "overloaded-peer");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(int closedAtFirst) throws IOException {
        for (int i = 0; ; i++) {
            Socket from = server.accept();
            if (i < closedAtFirst) {
                from.close();
                continue;
            }
            Socket to = new Socket(InetAddress.getLoopbackAddress(), memberPort.join());
            start(() -> copy(from, to));
            start(() -> copy(to, from));
        }
    }

    private static void copy(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] some = new byte[8_192];
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                out.write(some, 0, read);
            }
        } catch (SocketException e) {
            // Closed by the other direction.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
