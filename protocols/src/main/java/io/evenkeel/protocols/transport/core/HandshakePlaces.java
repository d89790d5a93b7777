package io.evenkeel.protocols.transport.core;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A bounded number of places for connections whose peer is not known yet, shared fairly between remote hosts: when all
 * are taken, a newcomer gets the place of the oldest connection of the host that holds most. So no number of
 * connections from few hosts keeps another host out, and connections from one host compete with each other only.
 *
 * <p>A host is an IPv4 address or an IPv6 network of 64 bits, the smallest that is given to one customer (RFC 6177).
 *
 * @param <C> a connection; compared by equals
 */
public final class HandshakePlaces<C> {
    private static final int IPV6_NETWORK_BYTES = 8;

    private final int limit;
    private final Map<InetAddress, LinkedHashSet<C>> places = new HashMap<>();
    /** The hosts that hold so many places, those that came to that number first in front. */
    private final NavigableMap<Integer, LinkedHashSet<InetAddress>> hostsByCount = new TreeMap<>();

    private int taken;

    /**
     * A connection that lost its place.
     *
     * @param host its remote host
     * @param held places that the host held
     */
    public record Evicted<C>(C connection, InetAddress host, int held) {}

    /** Free places, at least 1. */
    public HandshakePlaces(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit=" + limit + " must be >= 1");
        }
        this.limit = limit;
    }

    /** The part of an address that stands for one remote host. */
    public static InetAddress hostOf(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address;
        }
        byte[] raw = address.getAddress();
        Arrays.fill(raw, IPV6_NETWORK_BYTES, raw.length, (byte) 0);
        try {
            return InetAddress.getByAddress(raw);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("16 bytes are an address", e);
        }
    }

    /**
     * Gives a newcomer a place, which it keeps until {@link #leave}.
     *
     * @return the connection that lost its place to it; empty if one was free
     */
    public Optional<Evicted<C>> take(InetAddress address, C newcomer) {
        Optional<Evicted<C>> evicted = taken < limit ? Optional.empty() : Optional.of(evict());
        InetAddress host = hostOf(address);
        LinkedHashSet<C> held = places.computeIfAbsent(host, key -> new LinkedHashSet<>());
        int before = held.size();
        if (held.add(newcomer)) {
            taken++;
            recount(host, before, held.size());
        }
        return evicted;
    }

    private Evicted<C> evict() {
        InetAddress host = hostsByCount.lastEntry().getValue().iterator().next();
        LinkedHashSet<C> held = Objects.requireNonNull(places.get(host));
        int before = held.size();
        C oldest = held.iterator().next();
        leave(host, oldest);
        return new Evicted<>(oldest, host, before);
    }

    /** Frees the place of a connection; does nothing if it has none any more. */
    public void leave(InetAddress address, C connection) {
        InetAddress host = hostOf(address);
        LinkedHashSet<C> held = places.get(host);
        if (held == null || !held.remove(connection)) {
            return;
        }
        taken--;
        recount(host, held.size() + 1, held.size());
        if (held.isEmpty()) {
            places.remove(host);
        }
    }

    private void recount(InetAddress host, int before, int now) {
        LinkedHashSet<InetAddress> left = hostsByCount.get(before);
        if (left != null) {
            left.remove(host);
            if (left.isEmpty()) {
                hostsByCount.remove(before);
            }
        }
        if (now > 0) {
            hostsByCount.computeIfAbsent(now, key -> new LinkedHashSet<>()).add(host);
        }
    }

    /** Places that are taken. */
    public int taken() {
        return taken;
    }

    /** Remote hosts that hold at least one. */
    public int hosts() {
        return places.size();
    }
}
