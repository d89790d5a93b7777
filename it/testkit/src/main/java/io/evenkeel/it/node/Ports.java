package io.evenkeel.it.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Finds free ports on loopback, for this process alone: each is locked among the processes of this user until this
 * object is closed, as a node binds its ports long after it was given them.
 */
public final class Ports implements AutoCloseable {
    /**
     * Below the range from which systems take the ports of outgoing connections, which could be taken before we bind
     * them.
     */
    private static final int FIRST = 20_000;

    private static final int END = 32_000;
    private static final int MAX_PORT = 65_535;

    private final RandomGenerator random;
    private final ProcessLocks locks = ProcessLocks.in(Caches.ofUser());
    private final List<FileLock> given = new ArrayList<>();

    public Ports(RandomGenerator random) {
        this.random = random;
    }

    /** A port that is free now and that nobody was given. */
    public int free() {
        for (int i = 0; i < END - FIRST; i++) {
            int port = random.nextInt(FIRST, END);
            if (take(port)) {
                return port;
            }
        }
        throw new RunException("No free port on 127.0.0.1 between " + FIRST + " and " + END + ".");
    }

    /** The three ports of a node, free ones. */
    public NodePorts freeForNode() {
        return new NodePorts(free(), free(), free());
    }

    /**
     * The three ports of a node counted from a base.
     *
     * @param index of the node, from 0
     * @throws RunException if one of them is in use or beyond 65535
     */
    public NodePorts countedForNode(int basePort, int index) {
        int http = basePort + 3 * index;
        return new NodePorts(
                require(http, "HTTP port", index),
                require(http + 1, "management port", index),
                require(http + 2, "JGroups port", index));
    }

    private int require(int port, String use, int index) {
        String whose = port + " (the " + use + " of node" + (index + 1) + ")";
        if (port > MAX_PORT) {
            throw new RunException("Port " + whose + " must be <= " + MAX_PORT + ": choose a smaller --base-port.");
        }
        if (!take(port)) {
            throw new RunException(
                    "Port " + whose + " is in use on 127.0.0.1: free it, choose another --base-port, or leave it out.");
        }
        return port;
    }

    private boolean take(int port) {
        Optional<FileLock> lock = locks.tryLock(port);
        if (lock.isPresent() && isFree(port)) {
            given.add(lock.get());
            return true;
        }
        lock.ifPresent(Ports::release);
        return false;
    }

    /** Gives all of them back. */
    @Override
    public void close() {
        given.forEach(Ports::release);
        given.clear();
    }

    private static void release(FileLock lock) {
        try {
            if (lock.isValid()) {
                lock.release();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
