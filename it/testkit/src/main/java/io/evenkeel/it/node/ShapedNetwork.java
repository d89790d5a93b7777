package io.evenkeel.it.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Hosts at a switch, all in namespaces of their own and apart from this host's network, whose cables can be made slow
 * and long. Slow: a token bucket (tc-tbf(8)) at both ends of each cable. Long: the hosts' packets cross a
 * {@link DelaySwitch} in VXLAN, which replaces the netem that not every kernel has. Linux and root only. {@link #close}
 * deletes all of it.
 */
public final class ShapedNetwork implements AutoCloseable {
    private static final Path CONGESTION_CONTROLS = Path.of("/proc/sys/net/ipv4/tcp_allowed_congestion_control");
    private static final String CABLE_NET = "198.18.0.";
    private static final String TUNNEL_NET = "198.19.0.";
    private static final String SWITCH_ADDRESS = CABLE_NET + "1";
    private static final int FIRST_HOST = 10;
    private static final int VXLAN_PORT = 4789;
    private static final int SWITCH_PORT = 4790;
    private static final Duration START_BOUND = Duration.ofMinutes(2);

    private final String name;
    private final Duration oneWay;
    private final List<Host> hosts;
    private Optional<ChildJvm> delaySwitch = Optional.empty();

    /** A host: its namespace and its address. */
    public record Host(String namespace, String address) {
        /** The prefix of a command that is to run there. */
        public List<String> prefix() {
            return Ip.inside(namespace);
        }
    }

    private ShapedNetwork(String name, int count, Duration oneWay) {
        this.name = name;
        this.oneWay = oneWay;
        String net = oneWay.isZero() ? CABLE_NET : TUNNEL_NET;
        hosts = IntStream.range(0, count)
                .mapToObj(i -> new Host(name + i, net + (FIRST_HOST + i)))
                .toList();
    }

    /** Why there can be none here; empty if there can. */
    public static Optional<String> obstacle() {
        return NetworkNamespace.obstacle().or(() -> {
            try {
                Shell.run("tc", "qdisc", "show");
                return Optional.empty();
            } catch (RunException e) {
                return Optional.of("slow links need tc (iproute2): " + e.getMessage());
            }
        });
    }

    /**
     * Makes one with names of its own, fast to begin with.
     *
     * @param oneWay how long a packet takes from host to host; zero for a LAN
     */
    public static ShapedNetwork create(RandomGenerator random, int hosts, Duration oneWay) throws InterruptedException {
        String name = String.format("evk%05x", random.nextInt(1 << 20));
        ShapedNetwork network = new ShapedNetwork(name, hosts, oneWay);
        boolean done = false;
        try {
            network.build();
            done = true;
            return network;
        } finally {
            if (!done) {
                network.close();
            }
        }
    }

    public List<Host> hosts() {
        return hosts;
    }

    private void build() throws InterruptedException {
        Ip.run("netns add " + switchName());
        Ip.in(switchName(), "link add br0 type bridge");
        Ip.in(switchName(), "addr add " + SWITCH_ADDRESS + "/24 dev br0");
        Ip.in(switchName(), "link set br0 up");
        for (int i = 0; i < hosts.size(); i++) {
            plug(i);
        }
        if (!oneWay.isZero()) {
            startDelaySwitch();
            for (int i = 0; i < hosts.size(); i++) {
                tunnel(i);
            }
        }
    }

    private void plug(int index) {
        String host = hosts.get(index).namespace();
        Ip.run("netns add " + host);
        Ip.in(switchName(), "link add " + port(index) + " type veth peer name eth0 netns " + host);
        if (!oneWay.isZero()) {
            // The delaying switch is paid by the frame.
            Ip.in(switchName(), "link set " + port(index) + " mtu 9000");
            Ip.in(host, "link set eth0 mtu 9000");
        }
        Ip.in(switchName(), "link set " + port(index) + " master br0 up");
        Ip.in(host, "addr add " + cableAddress(index) + "/24 dev eth0");
        Ip.in(host, "link set lo up");
        Ip.in(host, "link set eth0 up");
        Shell.run(
                "ip",
                "netns",
                "exec",
                host,
                "sh",
                "-c",
                "echo " + congestionControl() + " > /proc/sys/net/ipv4/tcp_congestion_control");
    }

    /**
     * TCP's congestion control on the hosts: cubic, the usual one, or reno where the kernel does not let namespaces
     * have cubic.
     */
    public static String congestionControl() {
        try {
            List<String> allowed =
                    List.of(Files.readString(CONGESTION_CONTROLS).trim().split(" ", -1));
            return allowed.contains("cubic") ? "cubic" : "reno";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startDelaySwitch() throws InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                SWITCH_ADDRESS,
                Integer.toString(SWITCH_PORT),
                Long.toString(TimeUnit.NANOSECONDS.toMicros(oneWay.toNanos())),
                Integer.toString(VXLAN_PORT)));
        IntStream.range(0, hosts.size()).forEach(i -> arguments.add(cableAddress(i)));
        ChildJvm process = ChildJvm.start(
                Ip.inside(switchName()),
                "delay-switch",
                List.of("-Xmx64m", "-XX:+UseSerialGC", "-Djava.net.preferIPv4Stack=true"),
                DelaySwitch.class,
                arguments.toArray(String[]::new));
        delaySwitch = Optional.of(process);
        process.await(line -> line.startsWith("ready"), "ready", START_BOUND);
    }

    private void tunnel(int index) {
        String host = hosts.get(index).namespace();
        Ip.in(
                host,
                "link add vx0 type vxlan id 1 local " + cableAddress(index) + " dstport " + VXLAN_PORT + " nolearning");
        // All frames to the switch, which knows where they belong; whole packets only, as it could not cut large ones.
        Ip.command("bridge -n " + host + " fdb append 00:00:00:00:00:00 dev vx0 dst " + SWITCH_ADDRESS + " port "
                + SWITCH_PORT);
        Ip.in(host, "link set vx0 mtu 8950 gso_max_segs 1");
        Ip.in(host, "addr add " + hosts.get(index).address() + "/24 dev vx0");
        Ip.in(host, "link set vx0 up");
    }

    /** From now on no cable carries more, in either direction; what does not fit into a queue of 50 ms is lost. */
    public void slowDown(int mbitPerS) {
        for (int i = 0; i < hosts.size(); i++) {
            shape(hosts.get(i).namespace(), "eth0", mbitPerS);
            shape(switchName(), port(i), mbitPerS);
        }
    }

    private static void shape(String namespace, String device, int mbitPerS) {
        Ip.command("tc -n " + namespace + " qdisc replace dev " + device + " root tbf rate " + mbitPerS
                + "mbit burst 64kb latency 50ms");
    }

    private String switchName() {
        return name + "x";
    }

    private static String port(int index) {
        return "p" + index;
    }

    private static String cableAddress(int index) {
        return CABLE_NET + (FIRST_HOST + index);
    }

    /** Processes that still run on the hosts have to be ended before. */
    @Override
    public void close() {
        delaySwitch.ifPresent(ChildJvm::close);
        List<String> own = new ArrayList<>(hosts.stream().map(Host::namespace).toList());
        own.add(switchName());
        Ip.delete(own);
    }
}
