package io.evenkeel.it.node;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Two hosts and this one, at a router in a namespace of its own that can stop to forward between the two: a split that
 * no host sees at its own cable, while both reach this host all the time. Addresses come from 198.18.0.0/15, which is
 * set apart for benchmarks (RFC 2544). Linux and root only, see {@link NetworkNamespace#obstacle}. {@link #close}
 * deletes all of it.
 */
public final class SplitNetwork implements AutoCloseable {
    private final String name;
    private final String net;
    private final List<Side> sides;

    /** A host: its namespace and its address. */
    public record Side(String namespace, String address) {
        /** The prefix of a command that is to run there. */
        public List<String> prefix() {
            return Ip.inside(namespace);
        }
    }

    private SplitNetwork(String name, String net) {
        this.name = name;
        this.net = net;
        sides = List.of(new Side(name + "l", net + "2"), new Side(name + "r", net + "3"));
    }

    /** Makes one with names and addresses of its own. */
    public static SplitNetwork create(RandomGenerator random) {
        SplitNetwork network =
                new SplitNetwork(String.format("evk%05x", random.nextInt(1 << 20)), NetworkNamespace.freeNet(random));
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

    private void build() {
        Ip.run("netns add " + router());
        Shell.run("ip", "netns", "exec", router(), "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward");
        Ip.run("link add " + hostLink() + " type veth peer name up0 netns " + router());
        Ip.run("addr add " + hostAddress() + "/32 peer " + net + "4 dev " + hostLink());
        Ip.run("link set " + hostLink() + " up");
        Ip.in(router(), "addr add " + net + "4/32 peer " + hostAddress() + " dev up0");
        Ip.in(router(), "link set up0 up");
        int port = 0;
        for (Side side : sides) {
            port++;
            String host = side.namespace();
            String routerAddress = net + (4 + port);
            String routerLink = "down" + port;
            Ip.run("netns add " + host);
            Ip.in(host, "link add eth0 type veth peer name " + routerLink + " netns " + router());
            Ip.in(host, "addr add " + side.address() + "/32 peer " + routerAddress + " dev eth0");
            Ip.in(router(), "addr add " + routerAddress + "/32 peer " + side.address() + " dev " + routerLink);
            Ip.in(host, "link set lo up");
            Ip.in(host, "link set eth0 up");
            Ip.in(router(), "link set " + routerLink + " up");
            Ip.in(host, "route add default via " + routerAddress);
            Ip.run("route add " + side.address() + "/32 via " + net + "4 src " + hostAddress());
        }
    }

    /** From now on the router drops without a word what the two send each other. */
    public void cut() {
        rules("add");
    }

    /** It forwards again. */
    public void heal() {
        rules("del");
    }

    private void rules(String verb) {
        String left = sides.get(0).address();
        String right = sides.get(1).address();
        Ip.in(router(), "rule " + verb + " from " + left + " to " + right + " blackhole");
        Ip.in(router(), "rule " + verb + " from " + right + " to " + left + " blackhole");
    }

    public Side left() {
        return sides.get(0);
    }

    public Side right() {
        return sides.get(1);
    }

    /** This host's address, as both sides see it. */
    public String hostAddress() {
        return net + "1";
    }

    private String router() {
        return name + "x";
    }

    private String hostLink() {
        return name + "h";
    }

    /** Processes that still run on the sides have to be ended before. */
    @Override
    public void close() {
        Ip.delete(hostLink(), List.of(left().namespace(), right().namespace(), router()));
    }
}
