package io.evenkeel.it.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Passes TCP connections on to a port of 127.0.0.1, so that a server that listens on loopback only is there in a
 * namespace too. {@link #swallow} makes it a path that loses everything, as a firewall does that drops.
 */
public final class TcpRelay implements AutoCloseable {
    private static final int BUFFER_BYTES = 8192;

    private final ServerSocket server;
    private final int targetPort;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Thread acceptor = daemon("relay-accept", this::accept);
    private volatile boolean swallowing;

    private TcpRelay(ServerSocket server, int targetPort) {
        this.server = server;
        this.targetPort = targetPort;
    }

    /** Listens on a free port of an address of this host. */
    public static TcpRelay open(String address, int targetPort) {
        try {
            ServerSocket server = new ServerSocket();
            server.bind(new InetSocketAddress(address, 0));
            TcpRelay relay = new TcpRelay(server, targetPort);
            relay.acceptor.start();
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on " + address, e);
        }
    }

    public int port() {
        return server.getLocalPort();
    }

    /**
     * Takes connections and bytes, and passes none of them on, until it passes on again; what was swallowed is lost.
     */
    public void swallow(boolean on) {
        swallowing = on;
    }

    /**
     * Ends all connections; the port refuses new ones when this returns. The kernel keeps a socket that listens for as
     * long as a thread is in accept, and connects clients meanwhile, although the socket is closed.
     */
    @Override
    public void close() {
        quietly(server);
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        open.forEach(TcpRelay::quietly);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                join(server.accept());
            } catch (IOException e) {
                // Either this relay is closed, which ends the loop, or one client has gone already.
            }
        }
    }

    private void join(Socket client) throws IOException {
        open.add(client);
        try {
            Socket target = new Socket(InetAddress.getLoopbackAddress(), targetPort);
            open.add(target);
            daemon("relay-out", () -> pass(client, target)).start();
            daemon("relay-in", () -> pass(target, client)).start();
        } catch (IOException e) {
            quietly(client);
            open.remove(client);
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int bytes = in.read(buffer); bytes >= 0; bytes = in.read(buffer)) {
                if (!swallowing) {
                    out.write(buffer, 0, bytes);
                }
            }
        } catch (IOException e) {
            // One side has gone; the other goes with it.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static Thread daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    private static void quietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // A socket that does not close is no socket any more.
        }
    }
}
