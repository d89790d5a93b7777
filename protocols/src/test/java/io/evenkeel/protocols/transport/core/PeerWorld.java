package io.evenkeel.protocols.transport.core;

import io.evenkeel.protocols.EventQueue;
import io.evenkeel.protocols.transport.core.LossDecision.Outcome;
import io.evenkeel.protocols.transport.core.PeerLifecycle.Situation;
import io.evenkeel.protocols.transport.core.PeerLifecycle.State;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;

/**
 * One course of events among two to five processes that send to each other. Each has a {@link PeerLifecycle} per
 * address, event loops and a control loop that take their time, and a network between them that delays, loses, refuses
 * and resets. Some may be on JGroups' TCP, of which only the connections are played.
 */
final class PeerWorld {
    static final long MIN_REFUSAL_MS = 120;
    static final long PATIENT_MS = 2_500;
    private static final long TIMEOUT_MS = 2_000;
    private static final long GOODBYE_MS = 1_000;
    private static final long SWEEP_MS = 5_000;
    private static final long TROUBLE_SPACING_MS = 9_000;
    private static final long NOTICED_MS = 8_500;
    private static final long SETTLING_MS = 10_000;
    private static final int TROUBLES = 3;
    private static final int RENEWALS = 30;
    /** The time for which JGroups' TCP waits for a greeting. */
    private static final int STOCK_READ_MS = 1_000;
    /** Those of connections that were made meanwhile come to nothing. */
    private static final int MAX_CALL_BACKS = 5;

    private final Random random;
    private final PeerLifecycle.Limits limits =
            new PeerLifecycle.Limits(new Backoff(20, 1_000), MIN_REFUSAL_MS, PATIENT_MS);
    /** In nanoseconds. */
    private final EventQueue events = new EventQueue();

    private final List<Place> places = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final List<String> story = new ArrayList<>();
    private final Map<Long, Link> written = new HashMap<>();
    private final Set<Long> received = new LinkedHashSet<>();
    private final Set<Link> links = new LinkedHashSet<>();
    /** The connections that were turned down, each with the one that was preferred to it. */
    private final Map<Link, Link> preferred = new HashMap<>();
    /** The address of each process that there was, by its id. */
    private final Map<Long, Place> homes = new HashMap<>();
    /** Messages between processes of both kinds: one on JGroups' TCP loses those on a connection that it closes. */
    private final Set<Long> excused = new LinkedHashSet<>();
    /** The last message of each process for each other one. */
    private final Set<Long> last = new LinkedHashSet<>();

    /** True if there are processes on JGroups' TCP as well. */
    private final boolean mixed;
    /** True if TLS tells of which kind a peer is. */
    private final boolean tls;

    /** True if nothing is ever lost, refused or reset: then every message arrives. */
    private final boolean calm;
    /** True if a proxy takes connections for the dead, and closes them. */
    private final boolean proxied;

    private long lastIncarnation;
    private long lastMessage;
    private boolean sending = true;
    private int installs;
    private int yields;
    private int suspects;
    private int doubts;
    private int renewals;
    private int goodbyes;
    private int ties;
    private int guesses;

    private enum Trouble {
        NONE,
        REJECTING,
        DROPPING
    }

    /** An address, and the process that is there. */
    private static final class Place {
        private final InetSocketAddress address;
        private Node process;
        private Trouble trouble = Trouble.NONE;
        private long troubleUntilNs;

        Place(int number) {
            try {
                address = new InetSocketAddress(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) number}), 7800);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("four bytes are an address", e);
            }
        }
    }

    private final class Node {
        private final Place place;
        private final boolean stock;
        private final long id = ++lastIncarnation;
        private final Hello hello;
        private final Map<Place, Peer> peers = new LinkedHashMap<>();
        /** The connections of one on JGroups' TCP: one for each address, made or being made. */
        private final Map<Place, End> stockConnections = new LinkedHashMap<>();

        private final Set<Long> view = new LinkedHashSet<>();
        private final Set<End> ends = new LinkedHashSet<>();
        private boolean alive = true;
        private boolean leaving;
        private long generation;
        private long controlNs;

        Node(Place place, boolean stock) {
            this.place = place;
            this.stock = stock;
            hello = stock ? stockHello(place) : new Hello("c", place.address, id, ByteBuffer.allocate(0));
            homes.put(id, place);
            view.add(id);
        }

        /** True if a process is in the view; one on JGroups' TCP is known by its address only. */
        boolean isMember(Hello process, Place at) {
            return process != null
                    && (process.incarnation() == 0 ? !membersAt(at).isEmpty() : view.contains(process.incarnation()));
        }

        List<Long> membersAt(Place at) {
            return view.stream().filter(each -> homes.get(each) == at).toList();
        }

        /** The control loop takes its tasks in order. */
        void control(Runnable task) {
            controlNs = Math.max(controlNs, events.now() + hop());
            events.at(controlNs, () -> {
                if (alive) {
                    task.run();
                    peers.values().forEach(Peer::check);
                }
            });
        }

        Peer peer(Place target) {
            return peers.computeIfAbsent(target, key -> new Peer(this, key));
        }

        void renew() {
            generation++;
            renewals++;
            round(new ArrayDeque<>(peers.values()));
        }

        private void round(Deque<Peer> left) {
            control(() -> {
                Peer peer = left.poll();
                if (peer != null && peer.life.current() != null && peer.life.current().generation < generation) {
                    peer.run(peer.life.renew());
                }
                if (peer != null) {
                    events.after(TimeUnit.MILLISECONDS.toNanos(20), () -> round(left));
                }
            });
        }

        void sweep() {
            control(() -> {
                for (Peer peer : List.copyOf(peers.values())) {
                    End current = peer.life.current();
                    boolean used = current != null && current.used;
                    if (current != null) {
                        current.used = false;
                    }
                    Hello known = peer.life.known();
                    boolean member = isMember(known, peer.target);
                    peer.run(peer.life.sweep(used, !peer.queue.isEmpty(), member));
                }
                round(new ArrayDeque<>(peers.values()));
                events.after(TimeUnit.MILLISECONDS.toNanos(SWEEP_MS), this::sweep);
            });
        }

        void judge(End newcomer) {
            if (newcomer.state == EndState.CLOSED) {
                return;
            }
            if (leaving) {
                newcomer.refuse(Outcome.REJECTED);
                return;
            }
            Peer peer = peer(newcomer.link.dialling.owner.place);
            End attempt = peer.life.attempt();
            if (peer.life.prefersOwn(hello, attempt != null && attempt.said, newcomer.theirs)) {
                newcomer.refuse(Outcome.YIELDED);
                prefers(newcomer, attempt);
                return;
            }
            examine(peer, newcomer);
        }

        private void prefers(End newcomer, End attempt) {
            yields++;
            preferred.put(newcomer.link, attempt.link);
            if (preferred.get(attempt.link) == newcomer.link) {
                violate(this + " and " + newcomer.other().owner + " turn each other down");
            }
        }

        private void examine(Peer peer, End newcomer) {
            Hello known = peer.life.known();
            End current = peer.life.current();
            long claimed = newcomer.theirs.incarnation();
            boolean member = view.contains(claimed) || isMember(known, peer.target);
            boolean atStake = member || peer.life.isOffered();
            boolean same = known == null || known.incarnation() == claimed;
            switch (Claim.first(new Claim.Facts(false, current != null, atStake, same))) {
                case ADMIT -> admit(peer, newcomer);
                case ASK -> {
                    if (current.framing == Framing.STOCK) {
                        dialBack(peer, newcomer);
                    } else {
                        ask(peer, current, newcomer);
                    }
                }
                case DIAL_BACK -> dialBack(peer, newcomer);
                case REFUSE -> violate("a true peer is refused by " + this);
            }
        }

        private void ask(Peer peer, End current, End newcomer) {
            Node other = current.other().owner;
            long number = newcomer.link.dialling.attempt;
            events.after(
                    current.link.delay(),
                    () -> other.control(() -> {
                        Claim.Answer answer = other.answer(number, place);
                        events.after(
                                current.link.delay(),
                                () -> control(() -> {
                                    if (current.state == EndState.CLOSED || !current.owner.alive) {
                                        dialBack(peer, newcomer);
                                    } else if (Claim.asked(answer, current.proven) == Claim.Step.ADMIT) {
                                        newcomer.proven |= current.proven;
                                        admit(peer, newcomer);
                                    } else if (Claim.asked(answer, current.proven) == Claim.Step.DIAL_BACK) {
                                        dialBack(peer, newcomer);
                                    } else {
                                        denied(newcomer, answer);
                                    }
                                }));
                    }));
            if (!other.alive) {
                events.after(
                        TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS / 4), () -> control(() -> dialBack(peer, newcomer)));
            }
        }

        private void denied(End newcomer, Claim.Answer answer) {
            if (answer == Claim.Answer.NOT_MINE && newcomer.other().owner.alive) {
                story.add(ms() + " " + this + " is told that a connection is not " + newcomer.other().owner + "'s");
            }
            newcomer.refuse(answer == Claim.Answer.GIVEN_UP ? Outcome.YIELDED : Outcome.REJECTED);
        }

        private void dialBack(Peer peer, End newcomer) {
            Place target = peer.target;
            long number = newcomer.link.dialling.attempt;
            if (target.process == null || target.process.stock || isTroubled(place, target) || isUnlucky()) {
                events.after(hop(), () -> control(() -> newcomer.refuse(Outcome.UNPROVEN)));
                return;
            }
            Node found = target.process;
            events.after(
                    delayNs(),
                    () -> found.control(() -> {
                        Claim.Answer answer = found.answer(number, place);
                        events.after(
                                delayNs(),
                                () -> control(() -> {
                                    long claimed = newcomer.theirs.incarnation();
                                    if (Claim.dialled(claimed, found.hello.incarnation(), answer) == Claim.Step.ADMIT) {
                                        newcomer.proven = true;
                                        admit(peer, newcomer);
                                    } else {
                                        denied(newcomer, answer);
                                    }
                                }));
                    }));
        }

        private Claim.Answer answer(long number, Place asker) {
            return peers.values().stream()
                    .map(peer -> peer.life.answer(number, asker.address))
                    .filter(answer -> answer != null)
                    .findFirst()
                    .orElse(Claim.Answer.NOT_MINE);
        }

        private void admit(Peer peer, End newcomer) {
            if (newcomer.state == EndState.CLOSED) {
                return;
            }
            newcomer.peer = peer;
            End attempt = peer.life.attempt();
            boolean said = attempt != null && attempt.said;
            if (attempt != null) {
                // Its HELLO never goes out from here on.
                attempt.said = true;
            }
            peer.run(peer.life.arrived(newcomer, hello, said, peer.situation()));
            if (attempt != null && !said && peer.life.attempt() == attempt) {
                violate(this + " keeps an attempt that cannot introduce itself any more");
            }
            if (newcomer.refused) {
                prefers(newcomer, attempt);
            }
        }

        /** Takes or refuses a peer that has greeted as one on JGroups' TCP. */
        void judgeStock(End newcomer) {
            if (newcomer.state == EndState.CLOSED) {
                return;
            }
            Peer peer = peer(newcomer.other().owner.place);
            Situation now = peer.situation();
            StockPeers.Claimed claimed = new StockPeers.Claimed(
                    false,
                    peer.life.speaksOwn(now.member()),
                    !membersAt(peer.target).isEmpty(),
                    true);
            if (leaving || StockPeers.judge("it", claimed).isPresent()) {
                newcomer.drop();
                return;
            }
            newcomer.peer = peer;
            End attempt = peer.life.attempt();
            boolean greeted = attempt != null && attempt.said;
            if (attempt != null) {
                attempt.said = true;
            }
            peer.run(peer.life.arrivedFromStock(newcomer, place.address, greeted, now));
        }

        /** As BaseServer of JGroups: over the connection that there is, or a new one. */
        void sendStock(Place target, long message) {
            End connection = stockConnections.get(target);
            if (connection == null) {
                connection = new End(this, target);
                stockConnections.put(target, connection);
                dial(connection, target);
            }
            connection.writeStock(message);
        }

        /** As BaseServer.addConnection of JGroups: of two the one of the larger address stays. */
        void addStock(Place peer, End newcomer) {
            End before = stockConnections.get(peer);
            if (before != null && TieBreak.keepOursWithStock(place.address, peer.address)) {
                ties++;
                newcomer.drop();
                return;
            }
            stockConnections.put(peer, newcomer);
            if (before != null) {
                ties++;
                before.drop();
            }
        }

        End connection(Place peer) {
            return stock ? stockConnections.get(peer) : peer(peer).life.current();
        }

        private void leaveStock() {
            List.copyOf(stockConnections.values()).forEach(End::leaveStock);
        }

        void kill() {
            alive = false;
            place.process = null;
            List.copyOf(ends).forEach(end -> {
                end.link.faulty = true;
                end.die();
            });
        }

        void leave() {
            goodbyes++;
            control(() -> {
                leaving = true;
                peers.values().forEach(peer -> peer.life.retire());
                leaveStock();
                List.copyOf(ends).stream().filter(end -> !stock).forEach(End::closeGracefully);
            });
            events.after(TimeUnit.MILLISECONDS.toNanos(2 * GOODBYE_MS), () -> {
                alive = false;
                place.process = null;
                List.copyOf(ends).forEach(end -> {
                    end.link.faulty = true;
                    end.die();
                });
            });
        }

        @Override
        public String toString() {
            return (stock ? "stock " : "process ") + places.indexOf(place) + "." + id;
        }
    }

    /** One process's shell around the lifecycle of one address. */
    private final class Peer {
        private final Node self;
        private final Place target;
        private final PeerLifecycle<End> life;
        private final Deque<Long> queue = new ArrayDeque<>();
        private boolean wanted;
        private int callBacks;

        Peer(Node self, Place target) {
            this.self = self;
            this.target = target;
            life = new PeerLifecycle<>(target.address, limits);
        }

        void offer(long message) {
            queue.add(message);
            wake();
        }

        private void wake() {
            End current = life.current();
            if (current != null) {
                current.scheduleDrain();
            } else if (!wanted) {
                wanted = true;
                self.control(() -> run(life.askedToSend(situation())));
            }
        }

        Situation situation() {
            Hello known = life.known();
            boolean member = self.isMember(known, target);
            boolean told = known != null && known.incarnation() != 0;
            boolean ended = !proxied && told && !isAlive(known.incarnation()) && life.isInDoubt();
            return new Situation(events.now(), member, self.leaving, ended, !queue.isEmpty(), random.nextDouble());
        }

        void run(List<PeerAction<End>> actions) {
            actions.forEach(this::run);
            wanted = life.isConnecting();
            if (life.current() == null && !life.isConnecting() && !queue.isEmpty()) {
                wake();
            }
        }

        private void run(PeerAction<End> action) {
            if (action instanceof PeerAction.Dial) {
                if (life.attempt() != null) {
                    violate(self + " dials twice");
                }
                life.dialled(dial(this));
            } else if (action instanceof PeerAction.CallBack<End> callBack) {
                callBacks++;
                events.at(
                        Math.max(events.now(), callBack.atNs()),
                        () -> self.control(() -> {
                            callBacks--;
                            run(life.tick(situation()));
                        }));
            } else if (action instanceof PeerAction.Accept<End> accept) {
                accept.connection().accept();
            } else if (action instanceof PeerAction.Refuse<End> refuse) {
                refuse.connection().refused = true;
                refuse.connection().refuse(Outcome.YIELDED);
            } else if (action instanceof PeerAction.Install<End> install) {
                installs++;
                if (install.connection().framing == Framing.STOCK) {
                    requireNoDowngrade(install.connection());
                }
                // It joins, if it is new.
                self.view.add(install.connection().other().owner.id);
                install.connection().scheduleDrain();
            } else if (action instanceof PeerAction.Close<End> close) {
                close.connection().closeGracefully();
            } else if (action instanceof PeerAction.Discard) {
                discard();
            } else if (action instanceof PeerAction.Suspect<End> suspect) {
                suspect(suspect.dead());
            } else if (action instanceof PeerAction.Doubt<End> doubt) {
                doubt(doubt.member());
            } else if (action instanceof PeerAction.Retire) {
                discard();
                self.peers.remove(target, this);
            }
        }

        /** It has said HELLO, and is a member: what is spoken with it is never the other framing. */
        private void requireNoDowngrade(End connection) {
            Node there = connection.other().owner;
            Hello known = life.known();
            if (!there.stock && known != null && known.incarnation() == there.id && self.view.contains(there.id)) {
                violate(self + " speaks to " + there + " as to one on JGroups' TCP");
            }
        }

        private void discard() {
            if (!mixed
                    && calm
                    && !queue.isEmpty()
                    && !self.leaving
                    && target.process != null
                    && !target.process.leaving) {
                violate(self + " drops messages for " + target.process + " that can be reached");
            }
            queue.clear();
        }

        private void suspect(Hello dead) {
            suspects++;
            long id = idOf(dead);
            if (isAlive(id)) {
                violate("a living process is suspected by " + self + ": " + id);
            }
            self.view.remove(id);
        }

        private void doubt(Hello member) {
            doubts++;
            // It is asked, and answers if it lives.
            long id = idOf(member);
            if (!isAlive(id)) {
                self.view.remove(id);
            }
        }

        /** Of several members at one address JGroups' cache gives any. */
        private long idOf(Hello process) {
            List<Long> there = self.membersAt(target);
            return process.incarnation() != 0 || there.isEmpty()
                    ? process.incarnation()
                    : there.get(random.nextInt(there.size()));
        }

        /** Holds after every step. */
        void check() {
            State state = life.state();
            boolean open = state == State.OPEN || state == State.RENEWING;
            if (state != State.RETIRED && open != (life.current() != null)) {
                violate(self + " is " + state + " with " + life.current());
            }
            if (life.current() != null && life.current() == life.attempt()) {
                violate(self + " renews a connection by itself");
            }
            if (!queue.isEmpty() && life.current() == null && !wanted) {
                violate(self + " has messages that nothing will send");
            }
            if (life.isConnecting() && life.attempt() == null && !life.isOffered() && callBacks == 0) {
                violate(self + " waits for nothing in " + state);
            }
            if (callBacks > MAX_CALL_BACKS) {
                violate(self + " is called back again and again in " + state);
            }
        }
    }

    private enum EndState {
        OPENING,
        INTRODUCED,
        OPEN,
        CLOSING,
        CLOSED
    }

    /** A connection, as both sides have it. */
    private final class Link {
        private final End dialling;
        private End accepting;
        private boolean faulty;

        Link(End dialling) {
            this.dialling = dialling;
            links.add(this);
        }

        long delay() {
            return delayNs();
        }

        void reset() {
            faulty = true;
            dialling.die();
            if (accepting != null) {
                accepting.die();
            }
        }
    }

    /** One end of a connection, with the event loop that it lives on. */
    private final class End implements PeerLink {
        private final Node owner;
        private final Link link;
        private final long attempt;
        private final long startedNs = events.now();
        private final long generation;
        private Peer peer;
        private Hello theirs;
        private boolean proven;
        private boolean said;
        private boolean goodbye;
        private boolean used;
        private boolean refused;
        private boolean confirmed;
        private boolean wordless;
        private Framing framing = Framing.OWN;
        private StockPeers.Dialling dialling = StockPeers.Dialling.OWN_ONLY;
        private final Place target;
        /** Messages behind a greeting, until the connection is taken; those that wait for a connection of stock's. */
        private final Deque<Long> held = new ArrayDeque<>();

        private EndState state = EndState.OPENING;
        private Outcome outcome = Outcome.BROKEN;
        private long loopNs;
        private long arrivalNs;

        /** One that is dialled. */
        End(Peer peer) {
            this.peer = peer;
            owner = peer.self;
            target = peer.target;
            generation = owner.generation;
            attempt = random.nextLong();
            link = new Link(this);
            owner.ends.add(this);
        }

        /** One that a process on JGroups' TCP dials. */
        End(Node owner, Place target) {
            this.owner = owner;
            this.target = target;
            generation = 0;
            attempt = 0;
            link = new Link(this);
            link.faulty = true;
            owner.ends.add(this);
        }

        /** One that comes in. */
        End(Node owner, Link link) {
            this.owner = owner;
            this.link = link;
            target = link.dialling.owner.place;
            generation = owner.generation;
            attempt = 0;
            link.accepting = this;
            owner.ends.add(this);
        }

        End other() {
            return link.dialling == this ? link.accepting : link.dialling;
        }

        private boolean dialled() {
            return link.dialling == this;
        }

        /** The event loop takes its tasks in order. */
        private void loop(Runnable task) {
            loopNs = Math.max(loopNs, events.now() + hop());
            events.at(loopNs, () -> {
                if (state != EndState.CLOSED && owner.alive) {
                    task.run();
                }
            });
        }

        /** Has the other end do something, after all that was sent to it before; stalls while a host is in trouble. */
        private void send(Runnable what) {
            End to = other();
            long arrival = events.now() + delayNs();
            for (Place each : List.of(owner.place, to.owner.place)) {
                if (each.trouble != Trouble.NONE) {
                    arrival = Math.max(arrival, each.troubleUntilNs + hop());
                }
            }
            to.arrivalNs = Math.max(to.arrivalNs, arrival);
            events.at(to.arrivalNs, () -> {
                if (to.state != EndState.CLOSED && to.owner.alive) {
                    what.run();
                }
            });
        }

        /** The network has connected both. */
        void connected() {
            End accepting = new End(target.process, link);
            accepting.begin();
            if (mixed) {
                StockPeers.Alpn alpn = !tls
                        ? StockPeers.Alpn.NO_TLS
                        : owner.stock || accepting.owner.stock ? StockPeers.Alpn.ABSENT : StockPeers.Alpn.OWN;
                if (owner.stock || StockPeers.dialled(dialling, alpn) == Framing.STOCK) {
                    loop(this::greet);
                    return;
                } else if (accepting.owner.stock) {
                    misunderstood(accepting);
                    return;
                }
            }
            accepting.send(() -> heardFirst(accepting.owner.hello));
        }

        /** One on JGroups' TCP hears a HELLO, or waits for a greeting in vain. */
        private void misunderstood(End accepting) {
            guesses++;
            link.faulty = true;
            wordless = !tls;
            long readsNs = tls ? TimeUnit.MILLISECONDS.toNanos(STOCK_READ_MS) : delayNs();
            events.after(readsNs, accepting::drop);
        }

        /** Introduces this side as JGroups' TCP does, and is open. */
        private void greet() {
            if (state != EndState.OPENING || said) {
                return;
            }
            said = true;
            framing = Framing.STOCK;
            link.faulty = true;
            state = EndState.OPEN;
            End accepting = other();
            send(accepting::greeted);
            if (owner.stock) {
                List<Long> waiting = List.copyOf(held);
                held.clear();
                waiting.forEach(this::writeStock);
            } else {
                theirs = stockHello(target);
                proven = true;
                owner.control(() -> peer.run(peer.life.accepted(this, peer.situation())));
            }
        }

        private void greeted() {
            framing = Framing.STOCK;
            theirs = stockHello(target);
            if (owner.stock) {
                state = EndState.OPEN;
                owner.addStock(target, this);
            } else if (state == EndState.OPENING) {
                state = EndState.INTRODUCED;
                owner.control(() -> owner.judgeStock(this));
            }
        }

        /** A process on JGroups' TCP writes, or keeps it until the connection is made. */
        void writeStock(long message) {
            if (state == EndState.OPEN) {
                send(() -> other().hear(message));
            } else {
                held.add(message);
            }
        }

        /** Closes without a word. */
        void drop() {
            close();
        }

        /** Its graceful close fails over TLS. */
        void leaveStock() {
            if (!tls && state == EndState.OPEN) {
                End to = other();
                send(to::heardGoodbye);
            }
            close();
        }

        void begin() {
            events.after(TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS), () -> {
                boolean open = state == EndState.OPEN && (dialled() || confirmed || owner.stock);
                if (!open && state != EndState.CLOSING && state != EndState.CLOSED) {
                    link.faulty = true;
                    outcome = Outcome.SILENT;
                    close();
                }
            });
        }

        private void heardFirst(Hello hello) {
            theirs = hello;
            state = EndState.INTRODUCED;
            if (!said) {
                said = true;
                Hello ours = owner.hello.asAttempt(attempt);
                End accepting = other();
                send(() -> {
                    accepting.theirs = ours;
                    accepting.state = EndState.INTRODUCED;
                    accepting.owner.control(() -> accepting.owner.judge(accepting));
                });
            }
        }

        void accept() {
            loop(() -> {
                if (state == EndState.INTRODUCED && framing == Framing.STOCK) {
                    state = EndState.OPEN;
                    confirmed = true;
                    held.forEach(this::hear);
                    held.clear();
                } else if (state == EndState.INTRODUCED) {
                    state = EndState.OPEN;
                    End dialling = other();
                    send(dialling::heardAccept);
                }
            });
        }

        private void heardAccept() {
            if (state != EndState.INTRODUCED) {
                violate(owner + " hears ACCEPT when it is " + state);
                return;
            }
            state = EndState.OPEN;
            proven = true;
            End accepting = other();
            send(accepting::heardConfirmation);
            owner.control(() -> peer.run(peer.life.accepted(this, peer.situation())));
        }

        private void heardConfirmation() {
            confirmed = true;
            owner.control(() -> peer.run(peer.life.confirmed(this)));
        }

        void refuse(Outcome why) {
            loop(() -> {
                if (state == EndState.INTRODUCED) {
                    End dialling = other();
                    send(() -> {
                        dialling.outcome = why;
                        dialling.close();
                    });
                    close();
                }
            });
        }

        void scheduleDrain() {
            loop(this::drain);
        }

        private void drain() {
            if (state != EndState.OPEN || peer == null || peer.life.current() != this) {
                return;
            }
            for (Long message = peer.queue.poll(); message != null; message = peer.queue.poll()) {
                long each = message;
                used = true;
                written.put(each, link);
                send(() -> other().hear(each));
            }
        }

        private void hear(long message) {
            used = true;
            if (framing == Framing.STOCK && state == EndState.INTRODUCED) {
                held.add(message);
                return;
            }
            confirmed |= framing == Framing.STOCK;
            if (state != EndState.OPEN && state != EndState.CLOSING) {
                violate(owner + " hears a message when it is " + state);
            }
            if (!received.add(message)) {
                violate("message " + message + " comes twice to " + owner);
            }
        }

        void closeGracefully() {
            loop(() -> {
                if (state == EndState.OPEN) {
                    drain();
                    sayGoodbye();
                } else if (state != EndState.CLOSING) {
                    close();
                }
            });
        }

        private void sayGoodbye() {
            if (state == EndState.OPEN) {
                state = EndState.CLOSING;
                goodbye = true;
                End to = other();
                send(to::heardGoodbye);
                events.after(TimeUnit.MILLISECONDS.toNanos(GOODBYE_MS), () -> {
                    if (state != EndState.CLOSED) {
                        link.faulty = true;
                        close();
                    }
                });
            }
        }

        private void heardGoodbye() {
            if (framing == Framing.STOCK) {
                goodbye = true;
                close();
                return;
            }
            if (state == EndState.OPEN || state == EndState.CLOSING) {
                sayGoodbye();
                goodbye = true;
                close();
            }
        }

        /** Ends the stream towards the other side, behind all that was sent before. */
        private void close() {
            if (state == EndState.CLOSED) {
                return;
            }
            if (other() != null) {
                End to = other();
                send(to::close);
            }
            die();
        }

        void die() {
            if (state == EndState.CLOSED) {
                return;
            }
            state = EndState.CLOSED;
            owner.ends.remove(this);
            owner.stockConnections.remove(target, this);
            if (!owner.alive) {
                if (other() != null) {
                    End to = other();
                    send(to::die);
                }
                return;
            }
            PeerLifecycle.End end = new PeerLifecycle.End(outcome, startedNs, goodbye, wordless, wordless);
            owner.control(() -> {
                if (peer != null) {
                    peer.run(peer.life.closed(this, end, peer.situation()));
                }
            });
        }

        @Override
        public Hello theirs() {
            return theirs;
        }

        @Override
        public boolean isProven() {
            return proven;
        }

        @Override
        public long attemptNumber() {
            return attempt;
        }

        @Override
        public Framing framing() {
            return framing;
        }

        @Override
        public boolean isConfirmed() {
            return framing == Framing.OWN || confirmed;
        }

        @Override
        public String toString() {
            return (dialled() ? "outgoing " : "incoming ") + state + " of " + owner;
        }
    }

    PeerWorld(Random random) {
        this(random, false);
    }

    /** With processes on JGroups' TCP among them, if it is mixed; one that is restarted may change its kind. */
    PeerWorld(Random random, boolean mixed) {
        this.random = random;
        this.mixed = mixed;
        tls = mixed && random.nextBoolean();
        int count = 2 + random.nextInt(4);
        calm = random.nextInt(4) == 0;
        proxied = random.nextInt(4) == 0;
        for (int i = 1; i <= count; i++) {
            places.add(new Place(i));
        }
    }

    void run() {
        for (Place place : places) {
            events.at(TimeUnit.MILLISECONDS.toNanos(random.nextInt(20)), () -> start(place));
        }
        for (int i = 1; i <= TROUBLES; i++) {
            events.at(TimeUnit.MILLISECONDS.toNanos(i * TROUBLE_SPACING_MS), this::trouble);
        }
        for (int i = 0; calm && i < RENEWALS; i++) {
            events.at(TimeUnit.MILLISECONDS.toNanos(random.nextInt(30_000)), this::trouble);
        }
        long endMs = (TROUBLES + 1) * TROUBLE_SPACING_MS + SETTLING_MS;
        events.at(TimeUnit.MILLISECONDS.toNanos(endMs - 4_000), () -> sending = false);
        if (mixed) {
            // Those that have no connection make one: JGroups' TCP loses messages on the one of two that it closes.
            events.at(TimeUnit.MILLISECONDS.toNanos(endMs - 3_500), () -> sendOnce((one, other) -> true));
            events.at(TimeUnit.MILLISECONDS.toNanos(endMs - 1_500), this::sendLast);
        }
        long endNs = TimeUnit.MILLISECONDS.toNanos(endMs);
        events.runUntil(endNs);
        settled();
    }

    private void start(Place place) {
        Node process = new Node(place, mixed && random.nextBoolean());
        place.process = process;
        story.add(ms() + " start of " + process);
        process.sweep();
        send(process);
    }

    /** Everybody sends to everybody, again and again. */
    private void send(Node process) {
        if (!process.alive || process.leaving) {
            return;
        }
        for (Place target : places) {
            if (sending && target != process.place && target.process != null && random.nextInt(3) > 0) {
                send(process, target);
            }
        }
        // The dead are sent to as long as they are members.
        for (Peer peer : List.copyOf(process.peers.values())) {
            Hello known = peer.life.known();
            if (sending && peer.target.process == null && process.isMember(known, peer.target)) {
                peer.offer(++lastMessage);
            }
        }
        events.after(TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(1_500)), () -> send(process));
    }

    private void send(Node process, Place target) {
        if (process.stock && target.process.stock) {
            return;
        }
        long message = ++lastMessage;
        if (process.stock || target.process.stock) {
            excused.add(message);
        }
        if (process.stock) {
            process.sendStock(target, message);
        } else {
            process.peer(target).offer(message);
        }
    }

    /** Once all is quiet: all of these arrive. */
    private void sendLast() {
        last.addAll(sendOnce(this::isConnected));
    }

    /** Everybody sends to everybody, once. Returns the messages. */
    private List<Long> sendOnce(BiPredicate<Node, Node> which) {
        List<Long> sent = new ArrayList<>();
        for (Place from : places) {
            for (Place to : places) {
                boolean both = from != to && from.process != null && to.process != null;
                if (both && which.test(from.process, to.process)) {
                    long before = lastMessage;
                    send(from.process, to);
                    if (lastMessage > before) {
                        sent.add(lastMessage);
                    }
                }
            }
        }
        return sent;
    }

    /** True if both have one connection, and the same. */
    private boolean isConnected(Node one, Node other) {
        End ours = one.connection(other.place);
        return ours != null && ours.state == EndState.OPEN && ours.other() == other.connection(one.place);
    }

    private void trouble() {
        List<Node> living = places.stream()
                .map(place -> place.process)
                .filter(process -> process != null && !process.leaving)
                .toList();
        if (living.isEmpty()) {
            return;
        }
        Node one = living.get(random.nextInt(living.size()));
        switch (calm ? 6 : random.nextInt(8)) {
            case 0 -> troubleAt(one.place, Trouble.REJECTING);
            case 1 -> troubleAt(one.place, Trouble.DROPPING);
            case 2 -> resets();
            case 3 -> killed(one, 1 + random.nextInt(9_000));
            case 4 -> killed(one, 1 + random.nextInt(50));
            case 5 -> left(one);
            default -> renewed(living);
        }
    }

    /** Keys change, everywhere at about the same time or on one host. */
    private void renewed(List<Node> living) {
        boolean together = random.nextBoolean();
        int spreadMs = together ? 1 + random.nextInt(20) : 1_000;
        story.add(ms() + " renewal");
        for (Node each : living) {
            if (together || random.nextBoolean()) {
                events.after(TimeUnit.MILLISECONDS.toNanos(random.nextInt(spreadMs)), each::renew);
            }
        }
    }

    private void troubleAt(Place place, Trouble kind) {
        long lastsMs = 100L + random.nextInt(1_900);
        story.add(ms() + " " + kind + " at " + place.process + " for " + lastsMs);
        place.trouble = kind;
        place.troubleUntilNs = events.now() + TimeUnit.MILLISECONDS.toNanos(lastsMs);
        events.at(place.troubleUntilNs, () -> place.trouble = Trouble.NONE);
        if (kind == Trouble.REJECTING && place.process != null) {
            for (End end : List.copyOf(place.process.ends)) {
                if (random.nextBoolean()) {
                    events.after(TimeUnit.MILLISECONDS.toNanos(random.nextInt(60)), end.link::reset);
                }
            }
        }
    }

    private void resets() {
        story.add(ms() + " resets");
        for (Link link : List.copyOf(links)) {
            if (link.dialling.state != EndState.CLOSED && random.nextInt(3) == 0) {
                events.after(TimeUnit.MILLISECONDS.toNanos(random.nextInt(60)), link::reset);
            }
        }
    }

    private void killed(Node one, int pauseMs) {
        story.add(ms() + " kill of " + one + ", restart in " + pauseMs);
        for (Place place : places) {
            if (one.stock && place.process != null) {
                // FD_SOCK2 tells.
                Node other = place.process;
                events.after(
                        TimeUnit.MILLISECONDS.toNanos(500 + random.nextInt(1_000)), () -> other.view.remove(one.id));
                continue;
            }
            Peer peer = place.process == null ? null : place.process.peers.get(one.place);
            End current = peer == null ? null : peer.life.current();
            if (current != null && current.theirs.incarnation() == one.id) {
                // One on JGroups' TCP that is there at once takes connections, and closes each after a while: a trouble
                // of the network meanwhile begins the count of these anew.
                long noticedMs = mixed ? 3 * NOTICED_MS : NOTICED_MS;
                events.after(TimeUnit.MILLISECONDS.toNanos(noticedMs), () -> requireNoticed(place.process, one));
            }
        }
        one.kill();
        events.after(TimeUnit.MILLISECONDS.toNanos(pauseMs), () -> start(one.place));
    }

    private void requireNoticed(Node by, Node dead) {
        if (by != null && by.alive && !by.leaving && by.view.contains(dead.id)) {
            violate(dead + " is dead, and not suspected by " + by);
        }
    }

    private void left(Node one) {
        story.add(ms() + " goodbye of " + one);
        for (Place place : places) {
            Node other = place.process;
            if (other != null && other != one) {
                events.after(TimeUnit.MILLISECONDS.toNanos(random.nextInt(200)), () -> other.view.remove(one.id));
            }
        }
        events.after(TimeUnit.MILLISECONDS.toNanos(random.nextInt(200)), one::leave);
        events.after(TimeUnit.MILLISECONDS.toNanos(2 * GOODBYE_MS + 300 + random.nextInt(3_000)), () -> {
            if (mixed) {
                // Whoever has met it in its leave has the view without it by now.
                places.stream()
                        .filter(place -> place.process != null)
                        .forEach(place -> place.process.view.remove(one.id));
            }
            start(one.place);
        });
    }

    private End dial(Peer peer) {
        End attempt = new End(peer);
        if (mixed) {
            attempt.dialling = peer.life.dialling(true, peer.situation().member());
        }
        dial(attempt, peer.target);
        return attempt;
    }

    private void dial(End attempt, Place target) {
        attempt.begin();
        Place here = attempt.owner.place;
        events.after(delayNs(), () -> {
            if (attempt.state == EndState.CLOSED || !attempt.owner.alive) {
                return;
            }
            if (here.trouble == Trouble.DROPPING
                    || target.trouble == Trouble.DROPPING
                    || (target.process != null && isUnlucky())) {
                // Its timer ends it.
                return;
            }
            if (isTroubled(here, target) || target.process == null) {
                attempt.outcome = proxied ? Outcome.BROKEN : Outcome.REFUSED;
                attempt.close();
                return;
            }
            attempt.connected();
            if (!calm && random.nextInt(200) == 0) {
                events.after(delayNs(), attempt.link::reset);
            }
        });
    }

    private static Hello stockHello(Place place) {
        return new Hello("c", place.address, 0, ByteBuffer.allocate(0));
    }

    private boolean isTroubled(Place one, Place other) {
        return one.trouble != Trouble.NONE || other.trouble != Trouble.NONE;
    }

    private boolean isUnlucky() {
        return !calm && random.nextInt(300) == 0;
    }

    private boolean isAlive(long id) {
        return places.stream().anyMatch(place -> place.process != null && place.process.id == id);
    }

    private void settled() {
        List<Node> living = places.stream()
                .map(place -> place.process)
                .filter(process -> process != null && !process.leaving)
                .toList();
        for (Node one : living) {
            for (Peer peer : one.peers.values()) {
                Hello known = peer.life.known();
                if (known != null
                        && known.incarnation() != 0
                        && !isAlive(known.incarnation())
                        && one.view.contains(known.incarnation())) {
                    violate("nobody noticed at " + one + " that " + known.incarnation() + " is dead");
                }
            }
            for (Node other : living) {
                if (one.id < other.id && !(one.stock && other.stock)) {
                    requireOneConnection(one, other);
                }
            }
        }
        for (Map.Entry<Long, Link> each : written.entrySet()) {
            if (!each.getValue().faulty && !received.contains(each.getKey())) {
                violate("message " + each.getKey() + " was lost on " + each.getValue().dialling);
            }
        }
        long wanted = lastMessage - excused.size();
        long came = received.stream().filter(each -> !excused.contains(each)).count();
        if (calm && came != wanted) {
            violate(wanted - came + " messages of " + wanted + " were lost in a calm");
        }
        last.stream()
                .filter(each -> !received.contains(each))
                .forEach(each -> violate("message " + each + " was lost when all was quiet"));
    }

    private void requireOneConnection(Node one, Node other) {
        long open = links.stream()
                .filter(link -> link.accepting != null
                        && link.dialling.state != EndState.CLOSED
                        && link.accepting.state != EndState.CLOSED)
                .filter(link ->
                        Set.of(link.dialling.owner, link.accepting.owner).equals(Set.of(one, other)))
                .count();
        End ours = one.connection(other.place);
        End theirs = other.connection(one.place);
        if (open != 1 || ours == null || ours.other() != theirs) {
            violate(one + " and " + other + " have " + open + " connections, " + ours + " and " + theirs);
        }
    }

    /** From one thread to another one. */
    private long hop() {
        return random.nextInt(50) == 0 ? 20_000_000L + random.nextInt(50_000_000) : random.nextInt(500_000);
    }

    private long delayNs() {
        return random.nextInt(50) == 0 ? random.nextInt(300_000_000) : 20_000 + random.nextInt(2_000_000);
    }

    private long ms() {
        return TimeUnit.NANOSECONDS.toMillis(events.now());
    }

    private void violate(String what) {
        violations.add(ms() + " " + what);
    }

    List<String> violations() {
        return violations;
    }

    /** The events that have occurred, by kind. */
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new HashMap<>(Map.of(
                "messages", (int) lastMessage,
                "installs", installs,
                "yields", yields,
                "renewals", renewals,
                "goodbyes", goodbyes,
                "suspects", suspects,
                "doubts", doubts));
        if (mixed) {
            counts.putAll(Map.of("two connections with stock", ties, "wrong framings", guesses));
        }
        return counts;
    }

    @Override
    public String toString() {
        return places.size() + " processes" + (mixed ? tls ? " of both kinds in TLS" : " of both kinds in clear" : "")
                + (calm ? " in a calm: " : ": ") + String.join("; ", story);
    }
}
