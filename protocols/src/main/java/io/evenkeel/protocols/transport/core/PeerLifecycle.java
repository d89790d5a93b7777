package io.evenkeel.protocols.transport.core;

import io.evenkeel.protocols.transport.core.LossDecision.Attempt;
import io.evenkeel.protocols.transport.core.LossDecision.OnLoss;
import io.evenkeel.protocols.transport.core.LossDecision.OnOutcome;
import io.evenkeel.protocols.transport.core.LossDecision.Outcome;
import io.evenkeel.protocols.transport.core.PeerAction.Accept;
import io.evenkeel.protocols.transport.core.PeerAction.Acquit;
import io.evenkeel.protocols.transport.core.PeerAction.CallBack;
import io.evenkeel.protocols.transport.core.PeerAction.Close;
import io.evenkeel.protocols.transport.core.PeerAction.Dial;
import io.evenkeel.protocols.transport.core.PeerAction.Discard;
import io.evenkeel.protocols.transport.core.PeerAction.Doubt;
import io.evenkeel.protocols.transport.core.PeerAction.Evidence;
import io.evenkeel.protocols.transport.core.PeerAction.Install;
import io.evenkeel.protocols.transport.core.PeerAction.Lose;
import io.evenkeel.protocols.transport.core.PeerAction.Refuse;
import io.evenkeel.protocols.transport.core.PeerAction.Report;
import io.evenkeel.protocols.transport.core.PeerAction.Retire;
import io.evenkeel.protocols.transport.core.PeerAction.Suspect;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The life of one peer: which connection carries what is sent to its address, when one is made, which of two stays, and
 * what the end of one says about the process behind it. Reports of what has happened come in, {@link PeerAction}s come
 * out (the model is quinn-proto's Connection). One writer.
 *
 * <pre>
 * DISCONNECTED -- asked, or one came in --> CONNECTING -- both sides take it --> OPEN -- new keys --> RENEWING
 *       ^                                       | given up                       |  ^                     |
 *       +---------------------------------------+                                |  +- taken, or failed --+
 *       ^                                                                        |
 *       +---- goodbye, or no member -----------+---- connection lost ------------+
 *       ^                                      v
 *       +-- dead, or not to be said --------- LOST -- connected again --> OPEN
 * </pre>
 *
 * @param <C> a connection
 */
public final class PeerLifecycle<C extends PeerLink> {
    /** Attempts in a row that an overloaded peer may turn away before what waits for it is dropped: some 3 to 5 s. */
    static final int MAX_OVERLOADED = 10;

    /** The state of a peer. */
    public enum State {
        /** There is no connection, and nothing waits for one. */
        DISCONNECTED,
        /** There is none, and one is being made by either side, now or after a wait. */
        CONNECTING,
        OPEN,
        /** A connection is open, and the one that takes its place is being made. */
        RENEWING,
        /** A member's connection was lost; attempts to connect tell whether its process is dead. */
        LOST,
        /** Nothing is dialled any more. */
        RETIRED
    }

    /**
     * The limits of the decisions.
     *
     * @param minRefusalMs as in {@link LossDecision}
     * @param patientRefusalMs as in {@link LossDecision}
     */
    public record Limits(Backoff backoff, long minRefusalMs, long patientRefusalMs) {}

    /**
     * Facts at the time of a report.
     *
     * @param member whether the process that is known at the address is in the view, at this address
     * @param leaving whether this member is leaving or has left
     * @param ended whether the peer's liveness connections have ended as those of a dead process do
     * @param queued whether anything waits for the peer
     * @param random from 0 (inclusive) to 1 (exclusive)
     */
    public record Situation(
            long nowNs, boolean member, boolean leaving, boolean ended, boolean queued, double random) {}

    /**
     * The end of a connection.
     *
     * @param outcome its outcome, if it was an attempt
     * @param startedNs when it was dialled
     * @param goodbye whether one side said that it closes
     * @param forLoad whether the peer is there, and has too many connections just now
     * @param wordless whether the peer took an attempt in clear and closed it without a word, as one on JGroups' TCP
     *     does that may be there
     */
    public record End(Outcome outcome, long startedNs, boolean goodbye, boolean forLoad, boolean wordless) {}

    private final InetSocketAddress address;
    private final Limits limits;
    private final PeerLiveness<C> liveness = new PeerLiveness<>();
    /**
     * Connections that have come in and were accepted, in that order. Nothing is written to one before the peer
     * confirms that it takes it: the peer may give it up yet, for this side's attempt or another one of its own, and
     * then reads nothing of it.
     */
    private final List<C> offered = new ArrayList<>();

    private @Nullable C current;
    private @Nullable C attempt;
    private long lastAttempt;
    /** The HELLO of the process at the other end of the last connection, until another process is there. */
    private @Nullable Hello known;

    private Framing knownFraming = Framing.OWN;
    /** True if the last evidence of the process there is that it speaks the framing of JGroups' TCP. */
    private boolean stock;
    /** A connection of a peer on JGroups' TCP that came in beside the one in use: the peer closes one of the two. */
    private @Nullable C spare;

    private @Nullable LossDecision loss;
    private int failures;
    private long retryAtNs;
    private boolean waiting;
    private boolean installed;
    private boolean idleAtSweep;
    private boolean retired;

    public PeerLifecycle(InetSocketAddress address, Limits limits) {
        this.address = address;
        this.limits = limits;
    }

    public State state() {
        if (retired) {
            return State.RETIRED;
        }
        if (current != null) {
            return attempt == null ? State.OPEN : State.RENEWING;
        }
        if (loss != null && isConnecting()) {
            return State.LOST;
        }
        return isConnecting() ? State.CONNECTING : State.DISCONNECTED;
    }

    /** True if a connection is being made because there is none: a sender has nothing to ask for. */
    public boolean isConnecting() {
        return current == null && (attempt != null || waiting || isOffered());
    }

    /** True if a connection has come in that was accepted, and that the peer has not confirmed. */
    public boolean isOffered() {
        return !offered.isEmpty();
    }

    /** The connection in use; null while there is none. */
    public @Nullable C current() {
        return current;
    }

    /** The HELLO of the process that is known at the address; null before the first connection. */
    public @Nullable Hello known() {
        return known;
    }

    public PeerLiveness<C> liveness() {
        return liveness;
    }

    /** True if evidence of the peer's end would be heard now. */
    public boolean isInDoubt() {
        return loss != null;
    }

    /** Something waits for the peer, and there is no connection. */
    public List<PeerAction<C>> askedToSend(Situation now) {
        List<PeerAction<C>> actions = new ArrayList<>();
        if (retired || (current == null && !isConnecting())) {
            connect(actions, now);
        }
        return actions;
    }

    /** Time has come, see {@link CallBack}. */
    public List<PeerAction<C>> tick(Situation now) {
        List<PeerAction<C>> actions = new ArrayList<>();
        if (waiting) {
            connect(actions, now);
        }
        return actions;
    }

    /**
     * Connections are to be replaced; the one in use goes on until the new one is accepted. A peer on JGroups' TCP
     * would turn the second one down.
     */
    public List<PeerAction<C>> renew() {
        boolean renewable = current != null && current.framing() == Framing.OWN;
        return !retired && renewable && attempt == null ? List.of(new Dial<>()) : List.of();
    }

    /**
     * The framings in which the peer may be dialled.
     *
     * @param accepts whether this member takes peers on JGroups' TCP
     * @param member whether the process that is known at the address is in the view, at this address
     */
    public StockPeers.Dialling dialling(boolean accepts, boolean member) {
        return StockPeers.dialling(accepts, speaksOwn(member), stock);
    }

    /** True if a process that has said HELLO is connected, or a member; arguments as in {@link #dialling}. */
    public boolean speaksOwn(boolean member) {
        return known != null && knownFraming == Framing.OWN && (current != null || member);
    }

    /** An attempt has begun. */
    public void dialled(C begun) {
        attempt = begun;
        lastAttempt = begun.attemptNumber();
    }

    private void connect(List<PeerAction<C>> actions, Situation now) {
        waiting = false;
        if (retired) {
            actions.add(new Discard<>());
        } else if (failures > 0 && retryAtNs - now.nowNs() > 0) {
            waiting = true;
            actions.add(new CallBack<>(retryAtNs));
        } else {
            actions.add(new Dial<>());
        }
    }

    /**
     * True if a connection that comes in is turned down because this side's own attempt stays.
     *
     * @param ourHelloSent whether the HELLO of that attempt is out
     */
    public boolean prefersOwn(Hello ours, boolean ourHelloSent, Hello theirs) {
        return attempt != null && TieBreak.keepOurs(ourHelloSent, ours, theirs);
    }

    /** The attempt under way; null if there is none. */
    public @Nullable C attempt() {
        return attempt;
    }

    /**
     * A connection has come in whose peer may have the address that it claims.
     *
     * @param ourHelloSent whether the HELLO of this side's attempt is out; it never goes out otherwise
     */
    public List<PeerAction<C>> arrived(C newcomer, Hello ours, boolean ourHelloSent, Situation now) {
        List<PeerAction<C>> actions = new ArrayList<>();
        if (prefersOwn(ours, ourHelloSent, Objects.requireNonNull(newcomer.theirs()))) {
            actions.add(new Refuse<>(newcomer));
            return actions;
        }
        take(actions, newcomer, now);
        offered.add(newcomer);
        return actions;
    }

    /** Takes a connection that has come in, in the place of this side's attempt. */
    private void take(List<PeerAction<C>> actions, C newcomer, Situation now) {
        if (attempt != null) {
            // With a word: the peer may have the confirmation already, and write to it.
            actions.add(new Close<>(attempt));
            attempt = null;
        }
        waiting = false;
        meet(actions, newcomer, now);
        actions.add(new Accept<>(newcomer));
    }

    /**
     * A connection of a peer on JGroups' TCP has come in, whose greeting is believed. It is never turned down: such a
     * peer dials while it knows of no connection, and closes one of two by itself. Until it has, this side only has to
     * write to the one that stays.
     *
     * @param greeted whether this side's greeting over its attempt is out; it never goes out otherwise
     */
    public List<PeerAction<C>> arrivedFromStock(C newcomer, InetSocketAddress ours, boolean greeted, Situation now) {
        List<PeerAction<C>> actions = new ArrayList<>();
        C own = attempt != null ? attempt : current;
        boolean dialled = own != null && own.attemptNumber() != 0 && own.framing() == Framing.STOCK;
        boolean known = dialled && (own == current || greeted);
        if (known && TieBreak.keepOursWithStock(ours, address)) {
            actions.add(new Accept<>(newcomer));
            closeSpare(actions);
            spare = newcomer;
            return actions;
        }
        take(actions, newcomer, now);
        install(actions, newcomer);
        return actions;
    }

    private void closeSpare(List<PeerAction<C>> actions) {
        if (spare != null) {
            actions.add(new Close<>(spare));
            spare = null;
        }
    }

    /** The peer takes a connection that came in and was accepted. */
    public List<PeerAction<C>> confirmed(C connection) {
        List<PeerAction<C>> actions = new ArrayList<>();
        if (offered.contains(connection)) {
            install(actions, connection);
        }
        return actions;
    }

    /** The peer has accepted an attempt; nothing follows if that was given up meanwhile. */
    public List<PeerAction<C>> accepted(C connection, Situation now) {
        List<PeerAction<C>> actions = new ArrayList<>();
        if (attempt == connection) {
            attempt = null;
            meet(actions, connection, now);
            install(actions, connection);
        }
        return actions;
    }

    /** A process answers at the address: nothing of another one that was there before it is of use any more. */
    private void meet(List<PeerAction<C>> actions, C connection, Situation now) {
        Hello before = known;
        // On JGroups' TCP it told its address only, which another member may have by now: that one would be suspected.
        boolean wasTold = knownFraming == Framing.OWN;
        Hello met = Objects.requireNonNull(connection.theirs());
        known = met;
        knownFraming = connection.framing();
        stock = knownFraming == Framing.STOCK;
        if (before == null || before.incarnation() == met.incarnation()) {
            return;
        }
        if (current != null) {
            actions.add(new Lose<>(current));
            actions.add(new Close<>(current));
            current = null;
        }
        offered.forEach(each -> actions.add(new Close<>(each)));
        offered.clear();
        closeSpare(actions);
        liveness.forgetAllBut(known.incarnation()).forEach(each -> actions.add(new Close<>(each)));
        if (wasTold
                && LossDecision.replaced(
                        now.member(),
                        now.leaving(),
                        connection.isProven(),
                        before.incarnation(),
                        known.incarnation())) {
            actions.add(new Suspect<>(before, Evidence.OTHER_PROCESS));
        } else {
            acquit(actions);
        }
        loss = null;
    }

    private void install(List<PeerAction<C>> actions, C connection) {
        C old = current;
        current = connection;
        failures = connection.isConfirmed() ? 0 : failures;
        actions.add(new Install<>(connection, installed));
        installed = true;
        if (old != null) {
            actions.add(new Close<>(old));
        }
        // A peer that takes a connection has given up those that it made before.
        List<C> over = offered.subList(0, offered.indexOf(connection) + 1);
        over.stream().filter(each -> each != connection).forEach(each -> actions.add(new Close<>(each)));
        over.clear();
        acquit(actions);
        loss = null;
    }

    /** A connection of this peer has ended. */
    public List<PeerAction<C>> closed(C connection, End end, Situation now) {
        List<PeerAction<C>> actions = new ArrayList<>();
        if (attempt == connection) {
            attempt = null;
            attemptEnded(actions, connection, end, now);
        } else if (current == connection) {
            current = null;
            lost(actions, connection, end, now);
        } else if (offered.remove(connection) && isStranded(now)) {
            connect(actions, now);
        } else if (spare == connection) {
            spare = null;
        }
        return actions;
    }

    private void lost(List<PeerAction<C>> actions, C connection, End end, Situation now) {
        actions.add(new Lose<>(connection));
        if (connection.isConfirmed()) {
            failures = 0;
        } else {
            // Whatever closed it would close the next one as well.
            stock = false;
            failures++;
            retryAtNs = now.nowNs() + TimeUnit.MILLISECONDS.toNanos(delayMs(now));
        }
        if (installSpare(actions, now)) {
            return;
        }
        boolean suspicious = LossDecision.onLoss(end.goodbye(), now.member(), now.leaving()) == OnLoss.RECONNECT;
        if (suspicious) {
            loss = new LossDecision(limits.minRefusalMs(), limits.patientRefusalMs());
        }
        if (isStranded(now)) {
            connect(actions, now);
        }
    }

    /** Goes over to the connection that the peer has kept. */
    private boolean installSpare(List<PeerAction<C>> actions, Situation now) {
        C kept = spare;
        spare = null;
        if (kept != null) {
            meet(actions, kept, now);
            install(actions, kept);
        }
        return kept != null;
    }

    /** True if there is no connection, none is being made, and there is a need for one. */
    private boolean isStranded(Situation now) {
        return current == null && !isConnecting() && (loss != null || now.queued());
    }

    private void attemptEnded(List<PeerAction<C>> actions, C failed, End end, Situation now) {
        Outcome outcome = end.outcome();
        if (outcome != Outcome.YIELDED && !end.wordless()) {
            actions.add(new Report<>(failed, outcome));
        }
        if (current != null || isOffered() || installSpare(actions, now)) {
            return;
        }
        failures++;
        stock |= end.wordless();
        OnOutcome reaction = judge(end, now);
        retryAtNs = now.nowNs() + TimeUnit.MILLISECONDS.toNanos(delayMs(now));
        // A joiner asks each address once before it founds a cluster of its own.
        boolean overloaded =
                reaction == OnOutcome.IGNORE && failures <= MAX_OVERLOADED && now.queued() && end.forLoad();
        if (outcome == Outcome.YIELDED || reaction == OnOutcome.TRY_AGAIN || overloaded) {
            connect(actions, now);
            return;
        }
        actions.add(new Discard<>());
        switch (reaction) {
            case SUSPECT -> {
                loss = null;
                actions.add(new Suspect<>(
                        Objects.requireNonNull(known),
                        now.ended() ? Evidence.CONNECTIONS_ENDED : Evidence.PORT_REFUSES));
            }
            case DOUBT -> {
                loss = null;
                actions.add(new Doubt<>(Objects.requireNonNull(known)));
            }
            case IGNORE, TRY_AGAIN -> acquit(actions);
        }
    }

    private OnOutcome judge(End end, Situation now) {
        if (loss == null) {
            return OnOutcome.IGNORE;
        }
        Attempt over = new Attempt(end.outcome(), end.startedNs());
        OnOutcome reaction = loss.onOutcome(over, now.member(), now.leaving(), now.ended(), now.nowNs());
        if (!now.member()) {
            loss = null;
        }
        return reaction;
    }

    private long delayMs(Situation now) {
        long backoffMs = limits.backoff().delayMs(failures, now.random());
        return loss == null ? backoffMs : loss.delayMs(backoffMs, now.ended(), now.nowNs());
    }

    private void acquit(List<PeerAction<C>> actions) {
        if (loss != null && loss.tell()) {
            actions.add(new Acquit<>());
        }
    }

    /**
     * Closes what was idle at the last two calls and leads to no member: a joiner talks before it is a member, and gets
     * a whole interval to become one.
     *
     * @param used whether anything went over the connection since the last call
     * @param member whether a member has the address
     */
    public List<PeerAction<C>> sweep(boolean used, boolean queued, boolean member) {
        boolean idle = !used && !queued && attempt == null && !isOffered();
        boolean idleBefore = idleAtSweep;
        idleAtSweep = idle;
        if (!idle || !idleBefore || member) {
            return List.of();
        }
        if (current != null) {
            return List.of(new Close<>(current));
        }
        retired = true;
        return List.of(new Retire<>());
    }

    /** This member leaves: nothing is dialled any more. */
    public void retire() {
        retired = true;
    }

    /**
     * Answers a peer that asks whether an attempt is this member's; null if it is neither the last one that led to that
     * peer nor the one whose connection is in use, which outlives a later attempt to renew it.
     *
     * @param asker the address that the peer announces; it may be dialled at another one
     */
    public Claim.@Nullable Answer answer(long number, InetSocketAddress asker) {
        boolean used = current != null && current.attemptNumber() == number;
        boolean led = address.equals(asker) || announces(attempt, asker) || announces(current, asker);
        if (number == 0 || !led || !(used || lastAttempt == number)) {
            return null;
        }
        return Claim.answer(true, used || attempt != null);
    }

    private boolean announces(@Nullable C made, InetSocketAddress asker) {
        return made != null && made.theirs() != null && made.theirs().address().equals(asker);
    }
}
