package io.evenkeel.it.node;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A switch that passes every frame on after a fixed time, for kernels without netem. Frames come and go in VXLAN (RFC
 * 7348), which lets a plain UDP socket carry the packets of real TCP: the hosts see a longer round trip and nothing
 * else. It limits no bandwidth, but it is a program: some ten thousand frames a second cost a good part of a processor,
 * so give it large frames.
 */
public final class DelaySwitch implements AutoCloseable {
    private static final int FRAME_BYTES = 9_216;
    private static final int FRAMES = 4_096;
    private static final int SOCKET_BYTES = 4 << 20;
    /** Behind the 8 bytes of VXLAN's header. */
    private static final int TO = 8;

    private static final int FROM = TO + 6;
    private static final int TYPE = FROM + 6;
    private static final int ADDRESSES_END = TYPE + 2;
    private static final int MULTICAST_BIT = 40;

    private final DatagramChannel channel;
    private final long delayNs;
    private final Map<InetAddress, InetSocketAddress> hosts = new HashMap<>();
    private final Map<Long, InetSocketAddress> hostByMac = new HashMap<>();
    private final BlockingQueue<Frame> free = new ArrayBlockingQueue<>(FRAMES);
    private final BlockingQueue<Frame> waiting = new ArrayBlockingQueue<>(FRAMES);
    private final List<Thread> threads = new ArrayList<>();

    private static final class Frame {
        private final ByteBuffer data = ByteBuffer.allocateDirect(FRAME_BYTES);
        private InetAddress from;
        private long dueNs;
    }

    private DelaySwitch(DatagramChannel channel, Duration delay, List<InetSocketAddress> hosts) {
        this.channel = channel;
        this.delayNs = delay.toNanos();
        hosts.forEach(host -> this.hosts.put(host.getAddress(), host));
        for (int i = 0; i < FRAMES; i++) {
            free.add(new Frame());
        }
    }

    /**
     * Begins to pass frames.
     *
     * @param at where the hosts send to
     * @param hosts where they listen; all known by their addresses
     */
    public static DelaySwitch open(InetSocketAddress at, Duration delay, List<InetSocketAddress> hosts) {
        try {
            DatagramChannel channel = DatagramChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BYTES);
            channel.bind(at);
            DelaySwitch opened = new DelaySwitch(channel, delay, hosts);
            opened.start("frames-in", opened::receive);
            opened.start("frames-out", opened::send);
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot listen on " + at, e);
        }
    }

    /**
     * Takes its address and port, the delay in microseconds, the hosts' port and their addresses; ends with its input.
     */
    public static void main(String[] args) throws IOException {
        InetSocketAddress at = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        Duration delay = Duration.ofNanos(Long.parseLong(args[2]) * 1_000);
        int port = Integer.parseInt(args[3]);
        List<InetSocketAddress> hosts = List.of(args).subList(4, args.length).stream()
                .map(host -> new InetSocketAddress(host, port))
                .toList();
        try (DelaySwitch opened = open(at, delay, hosts)) {
            System.out.println("ready at " + opened.address());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    InetSocketAddress address() {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private void start(String name, Step step) {
        Thread thread = new Thread(() -> loop(step), name);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    private void loop(Step step) {
        while (channel.isOpen()) {
            try {
                step.run();
            } catch (ClosedChannelException | InterruptedException e) {
                return;
            } catch (IOException e) {
                // A frame is lost, as on any network: its host is not there, or not any more.
            }
        }
    }

    private void receive() throws IOException, InterruptedException {
        Frame frame = free.take();
        frame.data.clear();
        InetSocketAddress from = (InetSocketAddress) channel.receive(frame.data);
        frame.data.flip();
        TcpChecksum.complete(frame.data, TYPE);
        frame.from = from.getAddress();
        frame.dueNs = System.nanoTime() + delayNs;
        waiting.put(frame);
    }

    private void send() throws IOException, InterruptedException {
        Frame frame = waiting.take();
        try {
            for (long nowNs = System.nanoTime(); nowNs - frame.dueNs < 0; nowNs = System.nanoTime()) {
                LockSupport.parkNanos(frame.dueNs - nowNs);
            }
            pass(frame);
        } finally {
            free.put(frame);
        }
    }

    /** Learns where the sender is, as any switch does; a frame for nobody that it knows goes to all others. */
    private void pass(Frame frame) throws IOException {
        InetSocketAddress sender = hosts.get(frame.from);
        if (sender == null || frame.data.remaining() < ADDRESSES_END) {
            return;
        }
        long to = frame.data.getLong(TO) >>> Short.SIZE;
        hostByMac.put(frame.data.getLong(FROM) >>> Short.SIZE, sender);
        InetSocketAddress receiver = (to >>> MULTICAST_BIT & 1) == 1 ? null : hostByMac.get(to);
        if (receiver != null) {
            channel.send(frame.data, receiver);
            return;
        }
        for (InetSocketAddress host : hosts.values()) {
            if (!host.equals(sender)) {
                channel.send(frame.data.rewind(), host);
            }
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.forEach(Thread::interrupt);
        }
    }
}
