package io.evenkeel.it.node;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A network namespace as a stand-in for another host: one cable (veth) to this host, with an address at each end from
 * 198.18.0.0/15, which is set apart for benchmarks (RFC 2544). Linux and root only. {@link #close} deletes it.
 */
public final class NetworkNamespace implements AutoCloseable {
    private final String name;
    private final String hostAddress;
    private final String innerAddress;

    private NetworkNamespace(String name, String net) {
        this.name = name;
        this.hostAddress = net + "1";
        this.innerAddress = net + "2";
    }

    /** Why there can be no namespaces here; empty if there can. */
    public static Optional<String> obstacle() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.of("network namespaces need Linux");
        }
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("network namespaces need root");
        }
        try {
            Shell.run("ip", "netns", "list");
            return Optional.empty();
        } catch (RunException e) {
            return Optional.of("network namespaces need ip (iproute2): " + e.getMessage());
        }
    }

    /** Makes one with a name and addresses of its own. */
    public static NetworkNamespace create(RandomGenerator random) {
        NetworkNamespace namespace =
                new NetworkNamespace(String.format("evk%05x", random.nextInt(1 << 20)), freeNet(random));
        boolean done = false;
        try {
            Ip.run("netns add " + namespace.name);
            namespace.plug();
            done = true;
            return namespace;
        } finally {
            if (!done) {
                namespace.close();
            }
        }
    }

    /** The first three numbers of addresses that this host does not use yet, with a dot behind each. */
    static String freeNet(RandomGenerator random) {
        String used = Shell.run("ip", "-br", "addr");
        String net;
        do {
            net = "198." + random.nextInt(18, 20) + "." + random.nextInt(1, 255) + ".";
        } while (used.contains(net));
        return net;
    }

    private void plug() {
        Ip.run("link add " + host() + " type veth peer name " + inner());
        Ip.run("link set " + inner() + " netns " + name);
        Ip.run("addr add " + hostAddress + "/32 peer " + innerAddress + " dev " + host());
        Ip.run("link set " + host() + " up");
        Ip.in(name, "link set lo up");
        Ip.in(name, "link set " + inner() + " up");
        appear();
        // Without ARP: a host that is gone must be silent, not "no route to host" after three seconds.
        Ip.run("neigh replace " + innerAddress + " lladdr " + mac() + " dev " + host() + " nud permanent");
    }

    private String mac() {
        String link = Shell.run("ip", "-n", name, "-o", "link", "show", inner());
        return link.replaceAll("(?s).*link/ether ([0-9a-f:]+).*", "$1");
    }

    /**
     * Takes the inner address away: what is sent to it is lost without an answer, and this host's end of the cable
     * stays up.
     */
    public void vanish() {
        address("del");
    }

    /** Gives it back. */
    public void appear() {
        address("add");
    }

    private void address(String verb) {
        Ip.in(name, "addr " + verb + " " + innerAddress + "/32 peer " + hostAddress + " dev " + inner());
    }

    /**
     * From now on, what is sent to it takes its time; what does not fit into a queue of 50 ms is lost. See tc-tbf(8).
     */
    public void slowDown(int kbitPerS) {
        Ip.command("tc qdisc replace dev " + host() + " root tbf rate " + kbitPerS + "kbit burst 64kb latency 50ms");
    }

    /** The prefix of a command that is to run inside. */
    public List<String> inside() {
        return Ip.inside(name);
    }

    /** This host's address on the cable. */
    public String hostAddress() {
        return hostAddress;
    }

    public String innerAddress() {
        return innerAddress;
    }

    /** Deletes the cable and the namespace. Processes that still run inside have to be killed before. */
    @Override
    public void close() {
        Ip.delete(host(), List.of(name));
    }

    private String host() {
        return name + "h";
    }

    private String inner() {
        return name + "n";
    }
}
