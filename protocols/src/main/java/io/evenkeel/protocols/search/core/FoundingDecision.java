package io.evenkeel.protocols.search.core;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Decides when a joiner to which no coordinator has responded may found a cluster, by what is known of the addresses
 * that it has asked for members.
 *
 * <p>An address is closed where no process listens, where no connection leads, or whose process has turned this member
 * down. It is open while a connection is being made, while a handshake is late, and while a process of the cluster has
 * answered that has not responded to discovery yet. Discovery sends its response for every process, also for one that
 * is joining itself: a response that is missing is late.
 *
 * <p>Single writer, not thread-safe. Times are those of one monotonic clock.
 */
public final class FoundingDecision {
    /** The time after an answer, or a failure to get one, at which an open address is asked again. */
    static final long ASK_AGAIN_MS = 2000;

    private final long sinceNs;
    private final long minWaitNs;
    private final long maxWaitNs;
    private final long ownIncarnation;
    private final Map<String, Candidate> candidates = new TreeMap<>();
    private boolean requested;

    private static final class Candidate {
        private State state = State.NEW;
        private boolean asked;
        private long endedNs;
        private long incarnation;
        private String why = "was not asked yet";
    }

    private enum State {
        NEW,
        LATE,
        ALIVE,
        CLOSED
    }

    /**
     * Knows no address yet.
     *
     * @param minWaitMs how long to wait for responses in any case
     * @param maxWaitMs how long open addresses may hold the founding up
     * @param ownIncarnation of this member, which may be asked at an address of its own
     * @param nowNs the begin of the search
     */
    public FoundingDecision(long minWaitMs, long maxWaitMs, long ownIncarnation, long nowNs) {
        this.minWaitNs = TimeUnit.MILLISECONDS.toNanos(minWaitMs);
        this.maxWaitNs = TimeUnit.MILLISECONDS.toNanos(maxWaitMs);
        this.ownIncarnation = ownIncarnation;
        this.sinceNs = nowNs;
    }

    /** Discovery has asked the address for members; a second time changes nothing. */
    public void add(String address) {
        candidates.computeIfAbsent(address, key -> new Candidate());
    }

    /**
     * All addresses of one run of discovery were added; before the first run ends it is not known which ones to wait
     * for.
     */
    public void requested() {
        requested = true;
    }

    /** The addresses to ask now who lives there; their answers are waited for from here on. */
    public List<String> due(long nowNs) {
        List<String> due = new ArrayList<>();
        candidates.forEach((address, candidate) -> {
            boolean again = candidate.state != State.CLOSED
                    && nowNs - candidate.endedNs >= TimeUnit.MILLISECONDS.toNanos(ASK_AGAIN_MS);
            if (!candidate.asked && (candidate.state == State.NEW || again)) {
                candidate.asked = true;
                due.add(address);
            }
        });
        return due;
    }

    /** A process of the cluster lives there. */
    public void alive(String address, long incarnation, long nowNs) {
        Candidate candidate = ended(
                address, State.ALIVE, "a process of the cluster answers, but has not responded to discovery", nowNs);
        candidate.incarnation = incarnation;
    }

    /** A process may be there: it took the connection, and said nothing yet. */
    public void late(String address, String why, long nowNs) {
        ended(address, State.LATE, why, nowNs);
    }

    /** No member lives there that could be joined. */
    public void closed(String address) {
        ended(address, State.CLOSED, "", 0);
    }

    private Candidate ended(String address, State state, String why, long nowNs) {
        Candidate candidate = Objects.requireNonNull(candidates.get(address));
        candidate.asked = false;
        candidate.state = state;
        candidate.why = why;
        candidate.endedNs = nowNs;
        return candidate;
    }

    /**
     * True if there is nothing to wait for any more.
     *
     * @param responses how many other processes have responded to discovery
     */
    public boolean mayFound(int responses, long nowNs) {
        long waitedNs = nowNs - sinceNs;
        return waitedNs >= minWaitNs
                && (waitedNs >= maxWaitNs || (requested && open(responses).isEmpty()));
    }

    /** The reasons that hold the founding up, an entry for each open address. */
    public List<String> open(int responses) {
        boolean missing = processes() > responses;
        List<String> open = new ArrayList<>();
        candidates.forEach((address, candidate) -> {
            boolean isOpen =
                    switch (candidate.state) {
                        case NEW, LATE -> true;
                        case ALIVE -> missing && candidate.incarnation != ownIncarnation;
                        case CLOSED -> false;
                    };
            if (isOpen) {
                open.add(address + ": " + candidate.why);
            }
        });
        return open;
    }

    /** One process may be found at several addresses, and respond with another one. */
    private int processes() {
        Set<Long> incarnations = new HashSet<>();
        for (Candidate candidate : candidates.values()) {
            if (candidate.state == State.ALIVE && candidate.incarnation != ownIncarnation) {
                incarnations.add(candidate.incarnation);
            }
        }
        return incarnations.size();
    }
}
