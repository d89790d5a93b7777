package io.evenkeel.protocols;

import io.evenkeel.protocols.ids.ProtocolIds;
import io.evenkeel.protocols.log.LimitedLog;
import io.evenkeel.protocols.log.PacingMessages;
import io.evenkeel.protocols.pacing.BulkClassifier;
import io.evenkeel.protocols.pacing.BulkExecutor;
import io.evenkeel.protocols.pacing.HeaderSupport;
import io.evenkeel.protocols.pacing.Pacer;
import io.evenkeel.protocols.pacing.PacingHeader;
import io.evenkeel.protocols.pacing.PartAssembler;
import io.evenkeel.protocols.pacing.Traffic;
import io.evenkeel.protocols.property.ProtocolErrors;
import io.evenkeel.protocols.version.PackProtocol;
import io.evenkeel.protocols.version.SupportedVersions;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.annotations.MBean;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.pbcast.STATE_TRANSFER;
import org.jgroups.protocols.pbcast.StreamingStateTransfer;
import org.jgroups.stack.Protocol;
import org.jgroups.util.FastArray;
import org.jgroups.util.MessageBatch;
import org.jspecify.annotations.Nullable;

/**
 * Tells state transfer from the users' traffic and lets it have what the users leave over.
 *
 * <p>State waits here, in order per destination, and goes in parts as far as a window allows that follows the queueing
 * delay; everything else passes unchanged and at once. The parts are put together by the peer's STATE_FC, which also
 * answers the probes that measure the delay.
 *
 * <p>Received state is handled on threads of its own ({@link BulkExecutor}), so that no user's message waits in the
 * thread that delivers both while a chunk is unmarshalled, or the next one made upon an answer.
 *
 * <p>Its place is above fragmentation and flow control, where each message is whole, and below a state transfer
 * protocol of JGroups if there is one. State bypasses the credits of UFC, as the window bounds it more closely; so the
 * users do not wait for credits that state has used up.
 *
 * <p>It is open at the failing end: what no classifier recognises is foreground, and state for a peer that leaves
 * probes unanswered for a second goes as it would without STATE_FC, until the peer answers.
 */
@MBean(description = "Paces state transfer by the queueing delay it causes")
public class STATE_FC extends STATE_FCStats implements PackProtocol {
    static {
        ClassConfigurator.addProtocol(ProtocolIds.STATE_FC_ID, STATE_FC.class);
        ClassConfigurator.add(ProtocolIds.PACE_HEADER_MAGIC, PacingHeader.class);
    }

    // Made once: a method reference at the point of use would be allocated for each batch.
    private final Predicate<Message> isOurs = this::isOurs;
    private final LimitedLog repeated = new LimitedLog(log);
    private final LongAdder recognised = new LongAdder();
    private final AtomicBoolean sweepPlanned = new AtomicBoolean();
    private final AtomicBoolean saidUnrecognised = new AtomicBoolean();
    private final ViewSequence views = new ViewSequence();

    public STATE_FC() {
        SupportedVersions.ofPack().require();
    }

    /**
     * Adds a classifier behind those that are already there; the first that answers with bulk decides.
     *
     * <p>To be called by one thread, before the channel connects, so that no bulk is missed.
     *
     * @throws NullPointerException if the classifier is null
     */
    public void addClassifier(BulkClassifier classifier) {
        classifiers.add(classifier);
    }

    /**
     * The number of messages of state that this member has received and recognised so far. It only grows: neither a
     * reset of the statistics nor turning them off touches it.
     */
    public long recognisedSoFar() {
        return recognised.sum();
    }

    /**
     * For those who know when state moves: some has come from other members, and {@link #recognisedSoFar} did not grow
     * meanwhile. Counts it, and says it once; not if pacing is turned off, as then nobody misses it.
     *
     * @param what moved, as the user knows it
     */
    public void cameUnrecognised(String what) {
        if (!enabled) {
            return;
        }
        unrecognisedTransfers.increment();
        if (saidUnrecognised.compareAndSet(false, true)) {
            PacingMessages.STATE_UNRECOGNISED.to(log, local_addr, what);
        }
    }

    /**
     * Refuses a place in the stack where state transfer would pass unseen, and values out of range; takes the
     * classifiers that are services.
     *
     * @throws IllegalArgumentException if a state transfer protocol of JGroups stands below, or naming the attribute
     */
    @Override
    public void init() throws Exception {
        super.init();
        ProtocolErrors.named(this, this::readConfiguration);
    }

    private void readConfiguration() {
        for (Protocol below = down_prot; below != null; below = below.getDownProtocol()) {
            if (below instanceof STATE_TRANSFER || below instanceof StreamingStateTransfer) {
                throw new IllegalArgumentException(String.format(
                        "it stands above %1$s and would not see its state: put STATE_FC below %1$s", below.getName()));
            }
        }
        pacer = new Pacer(this, log, policy(), enabled, meter, this::headerSupport);
        bulkExecutor = new BulkExecutor(
                handlerThreads(), maxBacklogBytes(), enabled, this::handle, pacer()::onProbe, meter, log);
        addClassifiersOnTheClassPath();
    }

    /** The transport knows the members on JGroups' TCP; all others are taken for members with this pack. */
    private HeaderSupport headerSupport(Address member) {
        return getTransport() instanceof TCP_NETTY transport ? transport.headerSupport(member) : HeaderSupport.PRESENT;
    }

    @Override
    public void start() throws Exception {
        tellVersion(log);
        super.start();
        // As in the pacer: what came late, after the stop, may have planned a sweep that never ran.
        sweepPlanned.set(false);
        pacer().start(getTransport().getTimer());
        bulkExecutor().start(getTransport().getTimer(), this::threadNameEnd);
    }

    @Override
    public void stop() {
        super.stop();
        views.reset();
        pacer().stop();
        bulkExecutor().stop();
        assembler.clear();
    }

    /** Services, so that a stack has the same classifiers in Keycloak, in plain Infinispan and where it is extended. */
    private void addClassifiersOnTheClassPath() {
        ServiceLoader.load(BulkClassifier.class, STATE_FC.class.getClassLoader()).stream()
                .forEach(this::addIfUsable);
    }

    private void addIfUsable(ServiceLoader.Provider<BulkClassifier> classifier) {
        try {
            addClassifier(classifier.get());
        } catch (ServiceConfigurationError e) {
            String name = classifier.type().getName();
            if (e.getCause() instanceof LinkageError missing) {
                // Plain JGroups: there is no Infinispan, so there is none of its state either.
                log.debug("%s: nothing for %s to recognise here: %s", local_addr, name, missing);
            } else {
                PacingMessages.CLASSIFIER_UNUSABLE.to(log, local_addr, name, e.getCause());
            }
        }
    }

    @Override
    public Object down(Event event) {
        if (event.getType() == Event.DISCONNECT && pacer != null) {
            pacer.release();
        }
        return super.down(event);
    }

    @Override
    public @Nullable Object up(Event event) {
        if (event.getType() == Event.VIEW_CHANGE && pacer != null) {
            return onView(event);
        }
        return super.up(event);
    }

    /**
     * An older view that comes late would take members that have joined meanwhile for gone, and drop what waits for
     * them.
     */
    private @Nullable Object onView(Event event) {
        List<Address> members = event.<View>getArg().getMembers();
        boolean inOrder = views.deliver(event.getArg(), local_addr, () -> {
            pacer().setMembers(members);
            assembler.retain(members);
        });
        return inOrder ? super.up(event) : null;
    }

    @Override
    public @Nullable Object down(Message message) {
        Traffic kind = classifiers.sent(message);
        if (stats) {
            sent.add(kind, message.getLength());
        }
        if (kind.isBulk() && pacer != null && pacer.take(message)) {
            return null;
        }
        return down_prot.down(message);
    }

    @Override
    public @Nullable Object up(Message message) {
        PacingHeader header = message.getHeader(id);
        if (header != null) {
            answer(message.getSrc(), header.probeToAnswer());
        }
        Message whole = header == null ? message : receive(message.getSrc(), message, header);
        if (whole == null || isHandledApart(whole, message.getSrc())) {
            return null;
        }
        return up_prot.up(whole);
    }

    /** State goes first, to the threads that handle it, and then the rest, which so does not wait for it. */
    @Override
    public void up(MessageBatch batch) {
        boolean ours = batch.anyMatch(isOurs);
        if (ours) {
            answerLatestProbe(batch);
        }
        takeOutState(batch);
        if (!batch.isEmpty()) {
            up_prot.up(batch);
        }
    }

    /** Takes state out of a batch; by index, as an iterator would be allocated for each batch. */
    private void takeOutState(MessageBatch batch) {
        FastArray<Message> messages = batch.array();
        for (int i = 0; i < messages.index(); i++) {
            Message message = messages.get(i);
            if (message != null) {
                Address sender = sender(message, batch);
                PacingHeader header = message.getHeader(id);
                // A message that is whole again takes the place of its last part, so that the order in the batch is
                // kept.
                Message whole = header == null ? message : receive(sender, message, header);
                boolean goesOn = whole != null && !isHandledApart(whole, sender);
                messages.set(i, goesOn ? whole : null);
            }
        }
    }

    /** One answer to a batch: it settles the earlier probes as well, and each costs both sides a message. */
    private void answerLatestProbe(MessageBatch batch) {
        long latest = 0;
        Address sender = null;
        for (Message message : batch) {
            PacingHeader header = message.getHeader(id);
            if (header != null && header.probeToAnswer() > latest) {
                latest = header.probeToAnswer();
                sender = sender(message, batch);
            }
        }
        answer(sender, latest);
    }

    private static Address sender(Message message, MessageBatch batch) {
        return message.getSrc() == null ? batch.sender() : message.getSrc();
    }

    /** First of all: what those above make of a message may take them long, and is no queue in the network. */
    private void answer(@Nullable Address sender, long probe) {
        if (probe > 0 && (bulkExecutor == null || !bulkExecutor.defer(Objects.requireNonNull(sender), probe))) {
            pacer().onProbe(Objects.requireNonNull(sender), probe);
        }
    }

    /** Returns the message to pass up, or null if there is none (yet). */
    private @Nullable Message receive(Address sender, Message message, PacingHeader header) {
        switch (header.type()) {
            case PROBE -> {} // answered already
            case ANSWER -> pacer().onAnswer(sender, header.number(), message);
            case PART -> {
                try {
                    Message whole = assembler.add(sender, message, header, id);
                    if (whole == null) {
                        planSweep();
                    }
                    return whole;
                } catch (IllegalArgumentException e) {
                    repeated.write(String.valueOf(sender), PacingMessages.PART_REFUSED, local_addr, sender, e);
                }
            }
        }
        return null;
    }

    private void planSweep() {
        if (sweepPlanned.compareAndSet(false, true)) {
            getTransport().getTimer().schedule(this::sweep, PartAssembler.ABANDONED_NS, TimeUnit.NANOSECONDS, false);
        }
    }

    private void sweep() {
        assembler.dropAbandoned();
        // Before the question: a part that comes now plans the next one by itself.
        sweepPlanned.set(false);
        if (assembler.unfinished() > 0) {
            planSweep();
        }
    }

    private boolean isOurs(Message message) {
        return message.getHeader(id) != null;
    }

    /** Counts a message, and hands it over to the threads that handle state if it is for them. */
    private boolean isHandledApart(Message message, Address sender) {
        Traffic kind = classifiers.received(message);
        if (kind.isBulk()) {
            recognised.increment();
        }
        if (stats) {
            received.add(kind, message.getLength());
        }
        if (!kind.isHandledApart() || bulkExecutor == null || sender == null) {
            return false;
        }
        if (message.getSrc() == null) {
            message.setSrc(sender);
        }
        return bulkExecutor.take(sender, message, !message.isFlagSet(Message.Flag.OOB));
    }

    private String threadNameEnd() {
        return "," + getTransport().getClusterName() + "," + local_addr;
    }

    private void handle(Message message) {
        up_prot.up(message);
    }

    int unfinishedMessagesFrom(Address sender) {
        return assembler.unfinishedFrom(sender);
    }
}
