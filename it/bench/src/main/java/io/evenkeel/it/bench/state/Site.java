package io.evenkeel.it.bench.state;

import io.evenkeel.it.bench.grid.GridPlace;
import io.evenkeel.it.node.Ports;
import io.evenkeel.it.node.ShapedNetwork;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Hosts for the nodes of one grid. One thread uses it. */
final class Site implements AutoCloseable {
    private static final int PORT = 7800;

    private final Link link;
    private final Optional<ShapedNetwork> network;
    private final List<GridPlace> places;

    private Site(Link link, Optional<ShapedNetwork> network, List<GridPlace> places) {
        this.link = link;
        this.network = network;
        this.places = places;
    }

    /** Makes them, with cables that are as fast as can be until {@link #slowDown}. */
    static Site open(Link link, int hosts, RandomGenerator random) throws InterruptedException {
        if (link.isLoopback()) {
            return new Site(link, Optional.empty(), GridPlace.onLoopback(new Ports(random), hosts));
        }
        ShapedNetwork network = ShapedNetwork.create(random, hosts, link.oneWay());
        List<GridPlace> places = network.hosts().stream()
                .map(host -> new GridPlace(host.prefix(), host.address(), PORT))
                .toList();
        return new Site(link, Optional.of(network), places);
    }

    List<GridPlace> places() {
        return places;
    }

    /** Gives the cables the rate of the link. */
    void slowDown() {
        network.ifPresent(shaped -> shaped.slowDown(link.mbitPerS().orElseThrow()));
    }

    @Override
    public void close() {
        network.ifPresent(ShapedNetwork::close);
    }
}
