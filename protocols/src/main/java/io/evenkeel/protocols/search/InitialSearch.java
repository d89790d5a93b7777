package io.evenkeel.protocols.search;

import io.evenkeel.protocols.lease.agent.JoinGuard;
import io.evenkeel.protocols.log.DiscoveryMessages;
import io.evenkeel.protocols.search.core.FoundingDecision;
import io.evenkeel.protocols.transport.peer.PeerProber;
import io.evenkeel.protocols.transport.peer.ProbeResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jgroups.Address;
import org.jgroups.PhysicalAddress;
import org.jgroups.protocols.Discovery;
import org.jgroups.protocols.PingData;
import org.jgroups.util.Responses;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a joiner from founding a cluster while a member may only be late.
 *
 * <p>JGroups founds one when no member has responded within join_timeout. A node with a fifth of a core takes longer
 * than that for its first TLS handshake, and would found a second cluster. So each address that is asked for members is
 * also asked who lives there. The joiner goes on waiting, and asks for members again, while one of them is open in the
 * sense of {@link FoundingDecision}. Where no process listens at any of them it founds after join_timeout, as ever.
 *
 * <p>Does nothing over a transport that cannot ask.
 */
public final class InitialSearch {
    /** A process that takes connections and never says anything must not keep the cluster from starting. */
    static final long MAX_WAIT_MS = 30_000;

    /** By then most searches that find a member have ended. */
    private static final long FIRST_QUESTION_MS = 200;

    /** Above the transport's own timeouts, which tell a connection that is not made from a handshake that is late. */
    private static final long ANSWER_TIMEOUT_MS = 10_000;

    private static final long POLL_MS = 50;
    private static final long REPORT_INTERVAL_MS = 3000;

    private final Discovery discovery;
    private final Map<String, PhysicalAddress> addresses = new HashMap<>();

    /** Null while no search is going on. */
    private @Nullable FoundingDecision decision;

    /** Serves one discovery protocol. */
    public InitialSearch(Discovery discovery) {
        this.discovery = discovery;
    }

    /** A discovery request goes to this address. Any thread. */
    public synchronized void asked(Address address) {
        if (decision != null && address instanceof PhysicalAddress physical) {
            addresses.put(physical.toString(), physical);
            decision.add(physical.toString());
        }
    }

    /** The requests of one run are on their way. Any thread. */
    public synchronized void requested() {
        if (decision != null) {
            decision.requested();
        }
    }

    /**
     * Searches until a coordinator has responded, or a cluster may be founded.
     *
     * @param joinTimeoutMs the wait for responses in any case
     * @param start begins discovery
     * @param again sends the discovery requests once more
     * @throws IllegalStateException if the join is ended from outside
     */
    public Responses run(long joinTimeoutMs, Supplier<Responses> start, Consumer<Responses> again) {
        if (!(discovery.getTransport() instanceof PeerProber prober)) {
            return start.get();
        }
        JoinGuard guard = new JoinGuard(discovery.getProtocolStack().getChannel(), 0, why -> {});
        begin(joinTimeoutMs, prober.incarnation());
        guard.begin(discovery.getTransport().getTimer(), System.nanoTime());
        try {
            Responses responses = start.get();
            await(responses, joinTimeoutMs, prober, guard, again);
            return responses;
        } finally {
            guard.end();
            end();
        }
    }

    private synchronized void begin(long joinTimeoutMs, long incarnation) {
        decision = new FoundingDecision(joinTimeoutMs, MAX_WAIT_MS, incarnation, System.nanoTime());
    }

    private synchronized void end() {
        decision = null;
        addresses.clear();
    }

    private void await(
            Responses responses, long joinTimeoutMs, PeerProber prober, JoinGuard guard, Consumer<Responses> again) {
        long startNs = System.nanoTime();
        long questionNs = startNs + TimeUnit.MILLISECONDS.toNanos(FIRST_QUESTION_MS);
        long requestNs = startNs + TimeUnit.MILLISECONDS.toNanos(joinTimeoutMs);
        long reportNs = startNs + TimeUnit.MILLISECONDS.toNanos(Math.max(joinTimeoutMs, REPORT_INTERVAL_MS));
        while (!responses.waitFor(POLL_MS) && !anyCoordinator(responses)) {
            requireNotEnded(guard);
            long nowNs = System.nanoTime();
            if (nowNs - questionNs >= 0) {
                askWhoLivesThere(prober, nowNs);
            }
            if (mayFound(responses, nowNs)) {
                // GMS would wait for join_timeout again.
                responses.done();
                return;
            }
            if (nowNs - requestNs >= 0) {
                again.accept(responses);
                requestNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(joinTimeoutMs);
            }
            if (nowNs - reportNs >= 0) {
                open(responses)
                        .forEach(entry ->
                                DiscoveryMessages.MEMBER_MAY_BE_LATE.to(discovery.getLog(), me(), cluster(), entry));
                reportNs = nowNs + TimeUnit.MILLISECONDS.toNanos(REPORT_INTERVAL_MS);
            }
        }
    }

    private static boolean anyCoordinator(Responses responses) {
        for (PingData response : responses) {
            if (response.isCoord()) {
                return true;
            }
        }
        return false;
    }

    private void requireNotEnded(JoinGuard guard) {
        try {
            guard.stopped().getNow(null);
        } catch (CompletionException e) {
            Throwable reason = Objects.requireNonNull(e.getCause());
            throw new IllegalStateException(
                    DiscoveryMessages.SEARCH_ENDED.text(discovery.getName(), cluster(), reason.getMessage()), reason);
        }
    }

    private void askWhoLivesThere(PeerProber prober, long nowNs) {
        Map<String, PhysicalAddress> due = new HashMap<>();
        FoundingDecision asking;
        synchronized (this) {
            asking = Objects.requireNonNull(decision);
            asking.due(nowNs).forEach(address -> due.put(address, addresses.get(address)));
        }
        due.forEach((address, physical) ->
                prober.probe(physical, ANSWER_TIMEOUT_MS).thenAccept(result -> answered(asking, address, result)));
    }

    private synchronized void answered(FoundingDecision asking, String address, ProbeResult result) {
        long nowNs = System.nanoTime();
        if (result instanceof ProbeResult.Answered answer) {
            asking.alive(address, answer.incarnation(), nowNs);
        } else if (result instanceof ProbeResult.Silent silent && silent.connected()) {
            asking.late(address, silent.reason(), nowNs);
        } else if (result instanceof ProbeResult.Rejected rejected && rejected.forLoad()) {
            asking.late(address, rejected.reason(), nowNs);
        } else {
            asking.closed(address);
        }
    }

    private synchronized boolean mayFound(Responses responses, long nowNs) {
        int others = others(responses);
        FoundingDecision current = Objects.requireNonNull(decision);
        boolean may = current.mayFound(others, nowNs);
        if (may) {
            current.open(others)
                    .forEach(entry -> DiscoveryMessages.FOUNDING_UNSURE.to(
                            discovery.getLog(), me(), cluster(), MAX_WAIT_MS, entry));
        }
        return may;
    }

    private synchronized List<String> open(Responses responses) {
        return Objects.requireNonNull(decision).open(others(responses));
    }

    private int others(Responses responses) {
        int others = 0;
        for (PingData response : responses) {
            others += me().equals(response.getAddress()) ? 0 : 1;
        }
        return others;
    }

    private Address me() {
        return discovery.getAddress();
    }

    private String cluster() {
        return discovery.getTransport().getClusterName();
    }
}
