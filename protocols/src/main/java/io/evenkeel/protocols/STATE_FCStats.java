package io.evenkeel.protocols;

import io.evenkeel.protocols.pacing.BulkExecutor;
import io.evenkeel.protocols.pacing.Classifiers;
import io.evenkeel.protocols.pacing.PacingStats;
import io.evenkeel.protocols.pacing.PartAssembler;
import io.evenkeel.protocols.pacing.Traffic;
import io.evenkeel.protocols.pacing.TrafficCounter;
import io.evenkeel.protocols.pacing.core.BulkFlow;
import io.evenkeel.protocols.pacing.core.Offer;
import io.evenkeel.protocols.pacing.core.Pressure;
import io.evenkeel.protocols.pacing.core.Step;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jgroups.Message;
import org.jgroups.annotations.ManagedAttribute;
import org.jgroups.annotations.ManagedOperation;
import org.jgroups.conf.AttributeType;

/** The statistics of {@link STATE_FC}. */
public abstract class STATE_FCStats extends STATE_FCConfig {
    protected final TrafficCounter sent = new TrafficCounter();
    protected final TrafficCounter received = new TrafficCounter();
    protected final Classifiers classifiers = new Classifiers(log);
    protected final LongAdder unrecognisedTransfers = new LongAdder();
    protected final PartAssembler assembler = new PartAssembler(System::nanoTime);

    @Override
    public void resetStats() {
        super.resetStats();
        sent.reset();
        received.reset();
        classifiers.resetFailures();
        unrecognisedTransfers.reset();
        if (pacer != null) {
            pacer.resetStats();
            bulkExecutor().resetStats();
        }
    }

    @ManagedAttribute(description = "Messages of state transfer sent", type = AttributeType.SCALAR)
    public long getBulkMessagesSent() {
        return sent.bulkMessages();
    }

    @ManagedAttribute(description = "Payload bytes of state transfer sent", type = AttributeType.BYTES)
    public long getBulkBytesSent() {
        return sent.bulkBytes();
    }

    @ManagedAttribute(description = "Messages of state transfer received", type = AttributeType.SCALAR)
    public long getBulkMessagesReceived() {
        return received.bulkMessages();
    }

    @ManagedAttribute(description = "Payload bytes of state transfer received", type = AttributeType.BYTES)
    public long getBulkBytesReceived() {
        return received.bulkBytes();
    }

    @ManagedAttribute(description = "Messages sent that are not state transfer", type = AttributeType.SCALAR)
    public long getForegroundMessagesSent() {
        return sent.messages(Traffic.FOREGROUND);
    }

    @ManagedAttribute(description = "Payload bytes sent that are not state transfer", type = AttributeType.BYTES)
    public long getForegroundBytesSent() {
        return sent.bytes(Traffic.FOREGROUND);
    }

    @ManagedAttribute(description = "Messages received that are not state transfer", type = AttributeType.SCALAR)
    public long getForegroundMessagesReceived() {
        return received.messages(Traffic.FOREGROUND);
    }

    @ManagedAttribute(description = "Payload bytes received that are not state transfer", type = AttributeType.BYTES)
    public long getForegroundBytesReceived() {
        return received.bytes(Traffic.FOREGROUND);
    }

    @ManagedAttribute(
            description = "Messages, sent and received, recognised as state transfer of JGroups",
            type = AttributeType.SCALAR)
    public long getJgroupsStateHits() {
        return hits(Traffic.JGROUPS_STATE);
    }

    @ManagedAttribute(
            description = "Messages, sent and received, recognised as state that Infinispan pushes",
            type = AttributeType.SCALAR)
    public long getInfinispanPushedHits() {
        return hits(Traffic.INFINISPAN_PUSHED);
    }

    @ManagedAttribute(
            description = "Messages, sent and received, recognised as state that Infinispan answers to a request",
            type = AttributeType.SCALAR)
    public long getInfinispanPulledHits() {
        return hits(Traffic.INFINISPAN_PULLED);
    }

    @ManagedAttribute(
            description = "Messages, sent and received, recognised as requests for state or as answers to it;"
                    + " they are not held back",
            type = AttributeType.SCALAR)
    public long getStateControlHits() {
        return hits(Traffic.STATE_CONTROL);
    }

    @ManagedAttribute(
            description = "Messages of state transfer of which parts have come and others not yet",
            type = AttributeType.SCALAR)
    public long getHalfReceivedMessages() {
        return assembler.unfinished();
    }

    @ManagedAttribute(
            description = "Messages of state transfer handled on threads of their own",
            type = AttributeType.SCALAR)
    public long getHandledApart() {
        return executed(BulkExecutor::handledMessages);
    }

    @ManagedAttribute(
            description = "Messages of state transfer that wait to be handled or are being handled",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getBacklogMessages() {
        return executed(BulkExecutor::backlogMessages);
    }

    @ManagedAttribute(
            description = "Bytes of state transfer that wait to be handled or are being handled",
            type = AttributeType.BYTES,
            gauge = true)
    public long getBacklogBytes() {
        return executed(BulkExecutor::backlogBytes);
    }

    @ManagedAttribute(
            description = "Messages of state transfer that have been handled for more than a second, so that others go"
                    + " past them",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getStuckHandlers() {
        return executed(BulkExecutor::stuckMessages);
    }

    @ManagedAttribute(
            description =
                    "Share of their time that the threads which handle state may use a processor; less than all of it"
                            + " where processors, the quota or the heap are short",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getHandlerSharePercent() {
        return executed(BulkExecutor::sharePercent);
    }

    @ManagedAttribute(
            description =
                    "Time that the threads which handle state rested, as processors, the quota or the heap were short",
            type = AttributeType.TIME)
    public long getHandlersRestedMs() {
        return executed(BulkExecutor::restedNs) / 1_000_000;
    }

    @ManagedAttribute(
            description =
                    "Pressure on this member's processors, quota and heap: what is missing of the share of its time"
                            + " that state may use; its answers tell it to the others",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getPressurePercent() {
        return meter.pressure().percent();
    }

    @ManagedAttribute(
            description = "Of what this member has too little now: processor, quota, heap; empty if of nothing")
    public String getShortages() {
        return meter.pressure().describeShortages();
    }

    @ManagedAttribute(
            description = "The largest pressure that another member told of within two seconds",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getPeerPressurePercent() {
        return peerPressures().mapToLong(Pressure::percent).max().orElse(0);
    }

    @ManagedAttribute(
            description = "Members that told within two seconds that their processors, quota or heap are short",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getPeersShort() {
        return peerPressures().filter(Pressure::isShort).count();
    }

    @ManagedAttribute(
            description = "Time that state was held back for all destinations, as processors, quota or heap were short"
                    + " there or here",
            type = AttributeType.TIME)
    public long getPressureRestedMs() {
        return pacer == null ? 0 : pacer.restedNs() / 1_000_000;
    }

    private Stream<Pressure> peerPressures() {
        return pacer == null ? Stream.empty() : pacer.peerPressures();
    }

    @ManagedAttribute(
            description = "Messages of state transfer whose handling ended with an exception",
            type = AttributeType.SCALAR)
    public long getHandlerFailures() {
        return executed(BulkExecutor::failedMessages);
    }

    @ManagedAttribute(
            description = "Messages of state transfer that waited to be handled when this member left",
            type = AttributeType.SCALAR)
    public long getDroppedAtStop() {
        return executed(BulkExecutor::droppedMessages);
    }

    @ManagedAttribute(
            description = "Times a classifier failed, its message then being treated as foreground",
            type = AttributeType.SCALAR)
    public long getClassifierFailures() {
        return classifiers.failures();
    }

    @ManagedAttribute(
            description = "Rebalances that brought entries of other members of which nothing was recognised as state"
                    + " transfer; state is not paced then",
            type = AttributeType.SCALAR)
    public long getUnrecognisedTransfers() {
        return unrecognisedTransfers.sum();
    }

    @ManagedAttribute(
            description = "Messages of state transfer held back now, for all destinations",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getQueuedMessages() {
        return figures(BulkFlow::queuedMessages).sum();
    }

    @ManagedAttribute(
            description = "Bytes of state transfer held back now, for all destinations",
            type = AttributeType.BYTES,
            gauge = true)
    public long getQueuedBytes() {
        return figures(BulkFlow::queuedBytes).sum();
    }

    @ManagedAttribute(
            description = "Bytes of state transfer sent and not yet known to have arrived, for all destinations",
            type = AttributeType.BYTES,
            gauge = true)
    public long getInFlightBytes() {
        return figures(flow -> flow.window().inFlightBytes()).sum();
    }

    @ManagedAttribute(
            description = "The smallest window of all destinations that answer probes",
            type = AttributeType.BYTES,
            gauge = true)
    public long getSmallestWindowBytes() {
        return paced(flow -> flow.window().windowBytes()).min().orElse(0);
    }

    @ManagedAttribute(
            description = "The largest window of all destinations that answer probes",
            type = AttributeType.BYTES,
            gauge = true)
    public long getLargestWindowBytes() {
        return paced(flow -> flow.window().windowBytes()).max().orElse(0);
    }

    @ManagedAttribute(
            description = "Bytes/s that the windows allow now, window over round trip, for all destinations that answer"
                    + " probes",
            type = AttributeType.BYTES,
            gauge = true)
    public long getRateBytesPerSecond() {
        return paced(flow -> flow.window().rateBytesPerSecond()).sum();
    }

    @ManagedAttribute(
            description = "The largest queueing delay of all destinations, as last measured, in microseconds",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getQueueingDelayUs() {
        return paced(flow -> flow.window().queueingDelayNs() / 1_000).max().orElse(0);
    }

    @ManagedAttribute(
            description = "The largest round trip without queues of all destinations, in microseconds",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getBaseDelayUs() {
        return paced(flow -> flow.window().baseDelayNs() / 1_000).max().orElse(0);
    }

    @ManagedAttribute(
            description = "The longest time that a message of state transfer was held back",
            type = AttributeType.TIME,
            gauge = true)
    public long getLongestWaitMs() {
        return pacer == null ? 0 : pacer.longestWaitNs() / 1_000_000;
    }

    @ManagedAttribute(description = "Probes that had no answer in time", type = AttributeType.SCALAR)
    public long getProbesLost() {
        return pacer == null ? 0 : pacer.lostProbes();
    }

    @ManagedAttribute(description = "Members that have STATE_FC", type = AttributeType.SCALAR, gauge = true)
    public long getPeersPaced() {
        return figures(flow -> flow.isPeerPresent() ? 1 : 0).sum();
    }

    @ManagedAttribute(
            description =
                    "Members that are overloaded or without STATE_FC: they leave probes unanswered, and state goes to"
                            + " them unpaced until they answer",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getPeersWithoutPacing() {
        return figures(flow -> flow.isPeerSilent() ? 1 : 0).sum();
    }

    @ManagedAttribute(description = "Parts of messages of state transfer sent", type = AttributeType.SCALAR)
    public long getPartsSent() {
        return counted(PacingStats::parts);
    }

    @ManagedAttribute(description = "Bytes of state transfer released by the window", type = AttributeType.BYTES)
    public long getPacedBytes() {
        return sentBytes(Step.Why.WINDOW);
    }

    @ManagedAttribute(
            description = "Bytes of state transfer released because they had waited for max_wait",
            type = AttributeType.BYTES)
    public long getWaitedBytes() {
        return sentBytes(Step.Why.WAITED);
    }

    @ManagedAttribute(
            description =
                    "Bytes of state transfer released because pacing was turned off, this member leaves, or the peer"
                            + " does not answer probes",
            type = AttributeType.BYTES)
    public long getReleasedBytes() {
        return sentBytes(Step.Why.OPEN) + sentBytes(Step.Why.LEAVING);
    }

    @ManagedAttribute(
            description = "Bytes of state transfer released because the queue was full",
            type = AttributeType.BYTES)
    public long getOverflowedBytes() {
        return sentBytes(Step.Why.OVERFLOW);
    }

    @ManagedAttribute(
            description = "Messages of state transfer passed because pacing is off",
            type = AttributeType.SCALAR)
    public long getPassedDisabled() {
        return passed(Offer.PASS_DISABLED);
    }

    @ManagedAttribute(description = "Bytes of state transfer passed because pacing is off", type = AttributeType.BYTES)
    public long getPassedDisabledBytes() {
        return passedBytes(Offer.PASS_DISABLED);
    }

    @ManagedAttribute(
            description = "Bytes of state transfer released one message behind each probe, as the peer had not"
                    + " yet shown that it has STATE_FC",
            type = AttributeType.BYTES)
    public long getUnknownPeerBytes() {
        return sentBytes(Step.Why.UNKNOWN_PEER);
    }

    @ManagedAttribute(
            description = "Messages of state transfer passed because the peer does not answer probes",
            type = AttributeType.SCALAR)
    public long getPassedSilentPeer() {
        return passed(Offer.PASS_SILENT_PEER);
    }

    @ManagedAttribute(
            description = "Bytes of state transfer passed because the peer does not answer probes",
            type = AttributeType.BYTES)
    public long getPassedSilentPeerBytes() {
        return passedBytes(Offer.PASS_SILENT_PEER);
    }

    @ManagedAttribute(
            description = "Messages of state transfer passed because the queue was full",
            type = AttributeType.SCALAR)
    public long getPassedQueueFull() {
        return passed(Offer.OVERFLOW);
    }

    @ManagedAttribute(
            description = "Bytes of state transfer passed because the queue was full",
            type = AttributeType.BYTES)
    public long getPassedQueueFullBytes() {
        return passedBytes(Offer.OVERFLOW);
    }

    @ManagedAttribute(
            description =
                    "Messages of state transfer passed because they were not for one other member, or for one just"
                            + " gone",
            type = AttributeType.SCALAR)
    public long getPassedNoMember() {
        return passed(Offer.PASS_GONE);
    }

    @ManagedAttribute(
            description =
                    "Bytes of state transfer passed because they were not for one other member, or for one just gone",
            type = AttributeType.BYTES)
    public long getPassedNoMemberBytes() {
        return passedBytes(Offer.PASS_GONE);
    }

    @ManagedAttribute(
            description = "Messages of state transfer dropped because the member they waited for was gone",
            type = AttributeType.SCALAR)
    public long getDroppedForGone() {
        return counted(PacingStats::givenUpMessages);
    }

    /** One line a destination. */
    @ManagedOperation(description = "A line per destination: window, delay, base delay, rate, queue")
    public String printDestinations() {
        return pacer == null ? "" : pacer.dump();
    }

    /** One line a kind: messages and payload bytes, sent and received. */
    @ManagedOperation(description = "Messages and payload bytes by kind of traffic, sent and received")
    public String printTraffic() {
        StringBuilder lines = new StringBuilder();
        for (Traffic kind : Traffic.values()) {
            lines.append(String.format(
                    "%s: sent %d messages, %d bytes; received %d messages, %d bytes%n",
                    kind, sent.messages(kind), sent.bytes(kind), received.messages(kind), received.bytes(kind)));
        }
        return lines.toString();
    }

    private long hits(Traffic kind) {
        return sent.messages(kind) + received.messages(kind);
    }

    private long passed(Offer why) {
        return counted(stats -> stats.passedMessages(why));
    }

    private long passedBytes(Offer why) {
        return counted(stats -> stats.passedBytes(why));
    }

    private long sentBytes(Step.Why why) {
        return counted(stats -> stats.sentBytes(why));
    }

    private long counted(ToLongFunction<PacingStats> figure) {
        return pacer == null ? 0 : figure.applyAsLong(pacer.stats());
    }

    private long executed(ToLongFunction<BulkExecutor> figure) {
        return bulkExecutor == null ? 0 : figure.applyAsLong(bulkExecutor);
    }

    private LongStream figures(ToLongFunction<BulkFlow<Message>> figure) {
        return pacer == null ? LongStream.empty() : pacer.figures(figure);
    }

    private LongStream paced(ToLongFunction<BulkFlow<Message>> figure) {
        return figures(flow -> flow.isPeerPresent() ? figure.applyAsLong(flow) : -1)
                .filter(value -> value >= 0);
    }
}
