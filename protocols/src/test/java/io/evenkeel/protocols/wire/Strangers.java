package io.evenkeel.protocols.wire;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Connections from addresses of 127.0.0.0/8 that are no member's, which say the same bytes, all at once or one after the
 * other, and are made again as soon as they are closed. One thread does it all.
 */
public final class Strangers implements Closeable {
    private static final long DRIP_INTERVAL_MS = 200;
    private static final int OPENED_AT_ONCE = 200;

    private final InetSocketAddress target;
    private final int hosts;
    private final int wanted;
    private final byte[] said;
    private final boolean dripping;
    private final Selector selector = Selector.open();
    private final Thread thread = new Thread(this::run, "strangers");
    private final AtomicLong opened = new AtomicLong();
    private volatile boolean ended;
    private volatile IOException failure;

    /** How far a connection has got with what it says. */
    private static final class Said {
        private int bytes;
    }

    /**
     * Begins at once.
     *
     * @param hosts addresses that they come from
     * @param wanted connections that are kept open or being opened
     * @param dripping whether the bytes are said one by one
     */
    public Strangers(InetSocketAddress target, int hosts, int wanted, byte[] said, boolean dripping)
            throws IOException {
        this.target = target;
        this.hosts = hosts;
        this.wanted = wanted;
        this.said = said.clone();
        this.dripping = dripping;
        thread.setDaemon(true);
        thread.start();
    }

    /** How many were opened by now. */
    public long opened() {
        return opened.get();
    }

    private void run() {
        try {
            long nextDripMs = 0;
            while (!ended) {
                for (int i = 0; i < OPENED_AT_ONCE && selector.keys().size() < wanted; i++) {
                    open();
                }
                selector.select(10);
                selector.selectedKeys().forEach(this::serve);
                selector.selectedKeys().clear();
                if (dripping && System.currentTimeMillis() >= nextDripMs) {
                    nextDripMs = System.currentTimeMillis() + DRIP_INTERVAL_MS;
                    List.copyOf(selector.keys()).forEach(this::drip);
                }
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    private void open() throws IOException {
        int host = 1 + (int) (opened.getAndIncrement() % hosts);
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.bind(new InetSocketAddress(
                    InetAddress.getByAddress(new byte[] {127, 1, (byte) (host >> 8), (byte) host}), 0));
            channel.connect(target);
            channel.register(selector, SelectionKey.OP_CONNECT, new Said());
        } catch (IOException e) {
            // Out of ports of this address for a moment.
            channel.close();
        }
    }

    private void serve(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                key.interestOps(SelectionKey.OP_READ);
                if (!dripping) {
                    channel.write(ByteBuffer.wrap(said));
                }
            } else if (key.isReadable() && channel.read(ByteBuffer.allocate(8_192)) < 0) {
                channel.close();
            }
        } catch (IOException | java.nio.channels.CancelledKeyException e) {
            close(channel);
        }
    }

    private void drip(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        Said far = (Said) key.attachment();
        if (!key.isValid() || !channel.isConnected() || far.bytes >= said.length - 1) {
            return;
        }
        try {
            channel.write(ByteBuffer.wrap(said, far.bytes++, 1));
        } catch (IOException e) {
            close(channel);
        }
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It is of no use any more either way.
        }
    }

    @Override
    public void close() throws IOException {
        ended = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (SelectionKey key : new ArrayList<>(selector.keys())) {
            close((SocketChannel) key.channel());
        }
        selector.close();
        if (failure != null) {
            throw failure;
        }
    }
}
