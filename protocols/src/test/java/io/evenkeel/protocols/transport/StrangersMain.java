package io.evenkeel.protocols.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Connections from addresses of 127.0.0.0/8 that are no member's, which say the same bytes, all at once or one after
 * the other, and are made again as soon as they are closed. One thread does it all. Prints how many it has opened for
 * each line of its standard input, with whose end it ends.
 */
public final class StrangersMain {
    private static final long DRIP_INTERVAL_MS = 200;
    private static final int OPENED_AT_ONCE = 200;

    private final InetSocketAddress target;
    private final int hosts;
    private final int wanted;
    private final byte[] said;
    private final boolean dripping;
    private final Selector selector = Selector.open();
    private final AtomicLong opened = new AtomicLong();

    /** The progress of a connection's handshake. */
    private static final class Said {
        private int bytes;
    }

    private StrangersMain(InetSocketAddress target, int hosts, int wanted, byte[] said, boolean dripping)
            throws IOException {
        this.target = target;
        this.hosts = hosts;
        this.wanted = wanted;
        this.said = said;
        this.dripping = dripping;
    }

    private void run() throws IOException {
        long nextDripMs = 0;
        while (true) {
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
        } catch (IOException | CancelledKeyException e) {
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

    private void answer() {
        try {
            while (System.in.read() >= 0) {
                System.out.println(opened);
            }
        } catch (IOException e) {
            System.err.println("standard input ended: " + e);
        }
        System.exit(0);
    }

    /** Address and port, number of hosts, of connections, bytes in hexadecimal, whether they drip. */
    public static void main(String[] args) throws IOException {
        StrangersMain strangers = new StrangersMain(
                new InetSocketAddress(args[0], Integer.parseInt(args[1])),
                Integer.parseInt(args[2]),
                Integer.parseInt(args[3]),
                HexFormat.of().parseHex(args[4]),
                Boolean.parseBoolean(args[5]));
        Thread questions = new Thread(strangers::answer, "questions");
        questions.setDaemon(true);
        questions.start();
        strangers.run();
    }
}
