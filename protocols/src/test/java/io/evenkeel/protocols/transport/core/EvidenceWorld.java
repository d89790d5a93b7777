package io.evenkeel.protocols.transport.core;

import io.evenkeel.protocols.EventQueue;
import io.evenkeel.protocols.transport.core.Claim.Answer;
import io.evenkeel.protocols.transport.core.Claim.Step;
import io.evenkeel.protocols.transport.core.LivenessEnd.How;
import io.evenkeel.protocols.transport.core.LossDecision.OnOutcome;
import io.evenkeel.protocols.transport.core.LossDecision.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One course of events, in which each member decides about each other one by the evidence that its network lets it see.
 */
final class EvidenceWorld {
    static final long MIN_REFUSAL_MS = 80;
    static final long PATIENT_MS = 2_500;
    /**
     * A refusal may begin the proof anew just before the doubt, and each of both ends with the wait before an attempt.
     */
    private static final long LATEST_NOTICE_MS = 2 * (PATIENT_MS + 1000);

    private static final int LONGEST_TROUBLE_MS = 2_000;
    private static final long TROUBLE_SPACING_MS = 12_000;
    private static final int TROUBLES = 6;

    private final Random random;
    private final Backoff backoff = new Backoff(20, 1000);
    /** In milliseconds. */
    private final EventQueue events = new EventQueue();

    private final List<Place> places = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private final int hosts;
    private final Trouble[] trouble;
    private final boolean proxied;
    private int deathsSeen;
    private int quickDeaths;
    private int liesRefused;

    private enum Trouble {
        NONE(Outcome.ACCEPTED),
        /** A firewall answers for the host. */
        REJECTING(Outcome.REFUSED),
        DROPPING(Outcome.SILENT),
        /** A proxy has ended all its connections, and its port is closed. */
        PROXY_DOWN(Outcome.REFUSED),
        /** A proxy has ended all its connections, and takes others whose target it does not reach. */
        PROXY_UP_ALONE(Outcome.BROKEN);

        private final Outcome connect;

        Trouble(Outcome connect) {
            this.connect = connect;
        }
    }

    /** The place of a member: an address, and the process that is there, or was. */
    private static final class Place {
        private final int host;
        private long incarnation = 1;
        private boolean alive = true;
        private long diedAtMs;
        /** The process reads and does nothing before; its kernel answers for it. */
        private long stoppedUntilMs;

        private final List<PeerView> views = new ArrayList<>();

        Place(int host) {
            this.host = host;
        }
    }

    /** One member's knowledge of another one. */
    private final class PeerView {
        private final Place self;
        private final Place peer;
        private boolean member = true;
        /** The incarnation at the other end, negative for a liar; 0 while there is no connection. */
        private long connected = 1;

        private boolean proven = true;
        private long known = 1;
        private boolean liveness = true;
        private LivenessEnd end;
        private LossDecision loss;
        private int failures;
        private boolean attempting;

        PeerView(Place self, Place peer) {
            this.self = self;
            this.peer = peer;
        }

        void livenessEnds(How how) {
            if (liveness) {
                liveness = false;
                end = LivenessEnd.latest(end, new LivenessEnd(how, !proxied, ns()));
                events.after(500 + random.nextInt(500), this::renewLiveness);
            }
        }

        private void renewLiveness() {
            if (liveness || !self.alive) {
                return;
            }
            if (connected > 0 && connect() == Outcome.ACCEPTED && connected == peer.incarnation) {
                liveness = true;
                proven = true;
                end = null;
            } else {
                events.after(500 + random.nextInt(500), this::renewLiveness);
            }
        }

        void lost() {
            if (connected != 0 && self.alive) {
                connected = 0;
                if (member) {
                    loss = new LossDecision(MIN_REFUSAL_MS, PATIENT_MS);
                }
                attemptIn(0);
            }
        }

        private void attemptIn(long ms) {
            if (!attempting) {
                attempting = true;
                events.after(ms, this::attempt);
            }
        }

        private Outcome connect() {
            if (trouble[self.host] != Trouble.NONE) {
                return trouble[self.host].connect;
            }
            if (trouble[peer.host] != Trouble.NONE) {
                return trouble[peer.host].connect;
            }
            if (peer.alive) {
                return Outcome.ACCEPTED;
            }
            return proxied && random.nextInt(10) > 0 ? Outcome.BROKEN : Outcome.REFUSED;
        }

        private void attempt() {
            if (events.now() < self.stoppedUntilMs) {
                events.after(self.stoppedUntilMs - events.now(), this::attempt);
                return;
            }
            attempting = false;
            if (!self.alive || connected != 0) {
                return;
            }
            Outcome outcome = connect();
            if (outcome == Outcome.ACCEPTED) {
                found(peer.incarnation, true);
                return;
            }
            attempting = true;
            LossDecision.Attempt attempt = new LossDecision.Attempt(outcome, ns());
            events.after(random.nextInt(5), () -> failed(attempt));
        }

        private void failed(LossDecision.Attempt attempt) {
            if (events.now() < self.stoppedUntilMs) {
                events.after(self.stoppedUntilMs - events.now(), () -> failed(attempt));
                return;
            }
            attempting = false;
            if (!self.alive || connected != 0) {
                return;
            }
            Outcome outcome = attempt.outcome();
            failures++;
            boolean ended = hasEnded();
            OnOutcome reaction = loss == null ? OnOutcome.IGNORE : loss.onOutcome(attempt, member, false, ended, ns());
            long waitMs = backoff.delayMs(failures, random.nextDouble());
            waitMs = loss == null ? waitMs : loss.delayMs(waitMs, ended, ns());
            switch (reaction) {
                case SUSPECT -> suspect(known, ended);
                case DOUBT -> doubt();
                case TRY_AGAIN, IGNORE -> {
                    // A member always has something to send.
                }
            }
            attemptIn(outcome == Outcome.SILENT ? waitMs + 2_000 : waitMs);
        }

        private void found(long incarnation, boolean address) {
            if (member && LossDecision.replaced(true, false, address, known, incarnation)) {
                suspect(known, true);
            }
            connected = incarnation;
            proven = address;
            known = incarnation;
            failures = 0;
            loss = null;
            // It joins, if it is new.
            member = true;
            events.after(500 + random.nextInt(500), this::renewLiveness);
        }

        private boolean isLost() {
            return !liveness && end != null && end.counts(ns(), TimeUnit.MILLISECONDS.toNanos(PATIENT_MS));
        }

        private boolean hasEnded() {
            Set<Integer> lost = new HashSet<>();
            Set<Integer> held = new HashSet<>();
            for (PeerView each : self.views) {
                if (each.peer.host != self.host && each.liveness) {
                    held.add(each.peer.host);
                } else if (each.peer.host != self.host && each.isLost()) {
                    lost.add(each.peer.host);
                }
            }
            lost.removeAll(held);
            held.remove(peer.host);
            return isLost() && (self.host == peer.host || !LivenessEnd.isOwnTrouble(lost.size(), held.size()));
        }

        private void suspect(long incarnation, boolean quick) {
            if (peer.alive && peer.incarnation == incarnation) {
                violate("a living member is suspected by " + name(self) + ": " + name(peer));
            } else {
                deathsSeen++;
                quickDeaths += quick && events.now() - peer.diedAtMs < 1_000 ? 1 : 0;
            }
            member = false;
            loss = null;
        }

        private void doubt() {
            // Its successor may have started between the attempt and the reading of its outcome.
            boolean dead = !peer.alive || peer.incarnation != known;
            if (!dead && connect() == Outcome.ACCEPTED) {
                violate("a member that can be reached is asked about: " + name(peer));
            } else if (dead) {
                deathsSeen++;
                member = false;
                loss = null;
            } else {
                loss = null;
            }
        }

        /** A liar connects, and says that it is the peer, or that the peer is at the liar's own address. */
        void lie() {
            boolean moved = random.nextInt(3) == 0;
            boolean same = random.nextBoolean();
            Step step = Claim.first(new Claim.Facts(moved && member, !moved && connected != 0, member, same));
            if (step == Step.ASK) {
                step = Claim.asked(connected > 0 ? Answer.NOT_MINE : Answer.MINE, proven);
            }
            if (step == Step.DIAL_BACK) {
                step = connect() == Outcome.ACCEPTED
                        ? Claim.dialled(same ? peer.incarnation : -1, peer.incarnation, Answer.NOT_MINE)
                        : Step.REFUSE;
            }
            if (step != Step.ADMIT) {
                liesRefused++;
            } else if (member && (peer.alive || connected > 0)) {
                violate("a liar takes the place of " + name(peer) + " at " + name(self));
            } else if (!moved) {
                connected = -1;
                proven = false;
                liveness = false;
            }
        }

        /** The peer connects, as a process that has started does. */
        void hello() {
            if (!self.alive || !peer.alive || connect() != Outcome.ACCEPTED || connected == peer.incarnation) {
                return;
            }
            Step step = Claim.first(new Claim.Facts(false, connected != 0, member, known == peer.incarnation));
            if (step == Step.ASK) {
                step = Claim.asked(connected > 0 ? Answer.MINE : Answer.NOT_MINE, proven);
            }
            if (step == Step.DIAL_BACK) {
                step = Claim.dialled(peer.incarnation, peer.incarnation, Answer.MINE);
            }
            if (step == Step.ADMIT) {
                found(peer.incarnation, true);
            } else {
                violate("the owner is refused: " + name(peer) + " by " + name(self));
            }
        }
    }

    EvidenceWorld(Random random) {
        this.random = random;
        hosts = 2 + random.nextInt(4);
        trouble = new Trouble[hosts];
        Arrays.fill(trouble, Trouble.NONE);
        proxied = random.nextInt(4) == 0;
        int members = hosts + random.nextInt(3);
        for (int i = 0; i < members; i++) {
            places.add(new Place(i % hosts));
        }
        for (Place self : places) {
            for (Place peer : places) {
                if (self != peer) {
                    self.views.add(new PeerView(self, peer));
                }
            }
        }
    }

    void run() {
        for (int i = 1; i <= TROUBLES; i++) {
            long atMs = i * TROUBLE_SPACING_MS;
            events.at(atMs, this::trouble);
            for (int lie = 0; lie < 5; lie++) {
                events.at(atMs + random.nextInt(6_000), this::lie);
            }
        }
        events.at((TROUBLES + 1) * TROUBLE_SPACING_MS, this::settled);
        long endMs = (TROUBLES + 1) * TROUBLE_SPACING_MS;
        events.runUntil(endMs);
    }

    private void trouble() {
        switch (random.nextInt(4)) {
            case 0 -> reject();
            case 1 -> drop();
            case 2 -> dropAllConnections();
            default -> kill();
        }
    }

    private void troubleAt(int host, Trouble kind) {
        trouble[host] = kind;
        long lastsMs = 100L + random.nextInt(LONGEST_TROUBLE_MS - 99);
        story.add(events.now() + " " + kind + " at host " + host + " for " + lastsMs);
        events.after(lastsMs, () -> trouble[host] = Trouble.NONE);
    }

    private void across(int host, Consumer<PeerView> what) {
        for (Place self : places) {
            for (PeerView view : self.views) {
                if (self.host != view.peer.host && (self.host == host || view.peer.host == host)) {
                    what.accept(view);
                }
            }
        }
    }

    /** Connections that carry data are reset; idle ones only if a keep-alive probe meets the firewall. */
    private void reject() {
        int host = random.nextInt(hosts);
        troubleAt(host, Trouble.REJECTING);
        across(host, view -> {
            events.after(random.nextInt(60), view::lost);
            if (random.nextInt(4) == 0) {
                events.after(random.nextInt(60), () -> view.livenessEnds(How.BROKEN));
            }
        });
        if (random.nextInt(2) == 0) {
            events.after(random.nextInt(200), this::stop);
        }
    }

    /** A process is stopped, or has no processor, for longer than the patient limit. */
    private void stop() {
        Place stopped = places.get(random.nextInt(places.size()));
        story.add(events.now() + " stop of " + name(stopped));
        stopped.stoppedUntilMs = events.now() + PATIENT_MS + random.nextInt(1_500);
    }

    private void drop() {
        int host = random.nextInt(hosts);
        troubleAt(host, Trouble.DROPPING);
        across(host, view -> {
            if (random.nextInt(4) == 0) {
                events.after(random.nextInt(60), view::lost);
            }
        });
    }

    /**
     * A proxy at a host restarts; where there is none, a middlebox that nobody sees, on whose host there are two
     * others.
     */
    private void dropAllConnections() {
        int host = random.nextInt(hosts);
        if (!proxied && hosts < 3) {
            reject();
            return;
        }
        troubleAt(host, random.nextBoolean() ? Trouble.PROXY_DOWN : Trouble.PROXY_UP_ALONE);
        across(host, view -> {
            // A middlebox that is not seen, and is not one's own, is beyond what evidence can tell.
            if (proxied || view.self.host == host) {
                view.livenessEnds(How.FINISHED);
            }
            view.lost();
        });
    }

    private void kill() {
        Place dead = places.get(random.nextInt(places.size()));
        story.add(events.now() + " kill of " + name(dead));
        dead.alive = false;
        dead.diedAtMs = events.now();
        long incarnation = dead.incarnation;
        for (Place self : places) {
            for (PeerView view : self.views) {
                if (view.peer == dead) {
                    events.after(
                            random.nextInt(30),
                            () -> view.livenessEnds(random.nextInt(20) == 0 ? How.BROKEN : How.FINISHED));
                    events.after(random.nextInt(30), view::lost);
                    events.after(LATEST_NOTICE_MS, () -> requireSeen(view, incarnation));
                }
            }
        }
        events.after(random.nextInt(9_000), () -> start(dead));
    }

    private void requireSeen(PeerView view, long dead) {
        if (view.self.alive && view.member && view.known == dead && !view.peer.alive) {
            violate("nobody noticed at " + name(view.self) + " that " + name(view.peer) + " is dead");
        }
    }

    private void start(Place process) {
        process.incarnation++;
        process.alive = true;
        story.add(events.now() + " start of " + name(process));
        for (PeerView view : process.views) {
            view.connected = 0;
            view.loss = null;
            view.end = null;
            view.liveness = false;
            view.member = view.peer.alive;
            view.known = view.peer.incarnation;
            view.attemptIn(10 + random.nextInt(50));
        }
        for (Place self : places) {
            for (PeerView view : self.views) {
                if (view.peer == process) {
                    events.after(10 + random.nextInt(50), view::hello);
                }
            }
        }
    }

    private void lie() {
        Place at = places.get(random.nextInt(places.size()));
        if (at.alive) {
            at.views.get(random.nextInt(at.views.size())).lie();
        }
    }

    private void settled() {
        for (Place self : places) {
            for (PeerView view : self.views) {
                if (self.alive && view.peer.alive && view.connected != view.peer.incarnation) {
                    violate(name(self) + " is connected with " + view.connected + " and not with " + name(view.peer));
                }
            }
        }
    }

    private long ns() {
        return TimeUnit.MILLISECONDS.toNanos(events.now());
    }

    private String name(Place process) {
        return "member " + places.indexOf(process) + "." + process.incarnation + " on host " + process.host;
    }

    private void violate(String what) {
        violations.add(events.now() + " " + what);
    }

    List<String> violations() {
        return violations;
    }

    int deathsSeen() {
        return deathsSeen;
    }

    int quickDeaths() {
        return quickDeaths;
    }

    int liesRefused() {
        return liesRefused;
    }

    @Override
    public String toString() {
        return hosts + " hosts, " + places.size() + " members" + (proxied ? " behind proxies: " : ": ")
                + String.join("; ", story);
    }
}
