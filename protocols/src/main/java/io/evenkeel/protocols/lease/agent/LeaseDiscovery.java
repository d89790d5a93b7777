package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.Attestation;
import io.evenkeel.protocols.lease.LeaseDump;
import io.evenkeel.protocols.lease.LeaseHealth;
import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeasePolicy;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.ProbeVerdict;
import io.evenkeel.protocols.lease.Snapshot;
import io.evenkeel.protocols.log.DiscoveryMessages;
import io.evenkeel.protocols.transport.peer.PeerProber;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jgroups.Address;
import org.jgroups.EmptyMessage;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.annotations.ManagedAttribute;
import org.jgroups.annotations.ManagedOperation;
import org.jgroups.conf.AttributeType;
import org.jgroups.protocols.Discovery;
import org.jgroups.protocols.PingData;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.NameCache;
import org.jgroups.util.Responses;
import org.jgroups.util.Util;

/**
 * Between the agent and JGroups: what the agent finds goes to the transport's cache and to GMS, what it counts becomes
 * managed attributes, operations and the health. The latter come from memory, on any thread; zero before the first
 * start.
 */
public abstract class LeaseDiscovery extends Discovery implements LeaseHost {
    private static final long DUMP_TIMEOUT_MS = 500;

    /** Well below the shortest lease. */
    private static final long TICK_MS = 250;

    /** The agent of the current start, or of the last one; null before the first. */
    protected volatile LeaseAgent agent;

    /** The transport if it can ask a physical address who lives there, else null. */
    protected PeerProber prober;

    /** The identity of this member since the last connect. */
    protected volatile LeaseIdentity identity;

    /** Mappings already given to the transport since the last connect, by the agent's thread. */
    private volatile Map<String, String> known = new HashMap<>();

    /** Physical addresses of all rows. */
    private volatile Set<String> leased = Set.of();

    private Future<?> ticks;

    private final Attestations attestations = new Attestations(this::send, () -> identity);
    private final WireAddresses wireAddresses = new WireAddresses();
    private final ViewAddresses viewAddresses = new ViewAddresses(this::whereabouts, this::allReadViewAddresses);

    /** True if members on the stock stack jdbc-ping may be in the view. */
    protected abstract boolean hasStockMembers();

    /** Bound for asking a candidate over the wire. */
    protected abstract long probeTimeoutMs();

    /** Lets the agent notice when this process was stopped. */
    protected final void tick(LeaseAgent started) {
        ticks = timer.scheduleWithFixedDelay(started::tick, 0, TICK_MS, TimeUnit.MILLISECONDS, false);
    }

    /** To be called with each view, before it is used. */
    protected final void remember(View installed) {
        wireAddresses.remember(installed);
    }

    protected final void stopTicking() {
        if (ticks != null) {
            ticks.cancel(false);
        }
    }

    /**
     * Answers MERGE3 (all members) and the transport (those whose physical address it lacks) from the last snapshot.
     *
     * <p>MERGE3 is told only of members that are known to use this table: of a copied row it would make a merge of two
     * clusters.
     *
     * @param members whose rows to find; null for all that are known to use this table and not past their lease
     */
    protected void answerFromMemory(List<Address> members, Responses responses, LeasePolicy policy) {
        Map<Address, PingData> found = new LinkedHashMap<>();
        Set<String> proven = agent.proven();
        for (LeaseRow row : agent.snapshot().rows().values()) {
            PingData data = LeaseAddresses.pingData(row);
            if (data != null
                    && (members != null || (row.ageMs() <= policy.leaseMsOf(row) && proven.contains(row.address())))) {
                found.put(data.getAddress(), data);
            }
        }
        if (members != null) {
            if (!found.keySet().containsAll(members)) {
                // Too young for the snapshot: the transport asks again.
                agent.readNow();
            }
            found.keySet().retainAll(members);
        }
        for (PingData data : found.values()) {
            addDiscoveryResponseToCaches(data.getAddress(), data.getLogicalName(), data.getPhysicalAddr());
            responses.addResponse(data, false);
            if (members == null && discovery_rsp_callback != null) {
                discovery_rsp_callback.accept(data);
            }
        }
    }

    /** The transport's cache is empty again. */
    protected final void forgetKnown() {
        known = new HashMap<>();
    }

    /** True if a member with a lease is at an address. */
    protected final boolean isLeased(PhysicalAddress address) {
        return leased.contains(address.toString());
    }

    @Override
    public void seen(Snapshot snapshot) {
        leased = snapshot.rows().values().stream()
                .map(row -> row.who().physicalAddress())
                .collect(Collectors.toUnmodifiableSet());
        Map<String, String> told = known;
        told.keySet().retainAll(snapshot.rows().keySet());
        for (LeaseRow row : snapshot.rows().values()) {
            String physical = row.who().physicalAddress();
            if (row.address().equals(identity.address()) || physical.equals(told.put(row.address(), physical))) {
                continue;
            }
            PingData data = LeaseAddresses.pingData(row);
            if (data != null) {
                addDiscoveryResponseToCaches(data.getAddress(), data.getLogicalName(), data.getPhysicalAddr());
            } else {
                // Once a row: the transport and MERGE3 ask for them all the time.
                DiscoveryMessages.ROW_UNREADABLE.to(log, row.label());
            }
        }
    }

    @Override
    public boolean canProbe() {
        return prober != null;
    }

    @Override
    public void probe(LeaseRow row, Consumer<ProbeVerdict> answer) {
        if (prober == null) {
            attestations.ask(row, probeTimeoutMs()).thenAccept(word -> answer.accept(LeaseProbes.verdict(word)));
            return;
        }
        try {
            prober.probe(LeaseAddresses.physical(row), probeTimeoutMs())
                    .thenApply(result -> LeaseProbes.verdict(row, result))
                    .thenAccept(verdict -> {
                        if (verdict.kind() == ProbeVerdict.Kind.ALIVE && row.attests()) {
                            attestations
                                    .ask(row, probeTimeoutMs())
                                    .thenAccept(word -> answer.accept(LeaseProbes.with(verdict, word)));
                        } else {
                            answer.accept(verdict);
                        }
                    });
        } catch (Exception e) {
            answer.accept(new ProbeVerdict(ProbeVerdict.Kind.SILENT, "its address cannot be used: " + e));
        }
    }

    private void send(String address, AttestationHeader header) {
        try {
            send(Util.addressFromString(address), header);
        } catch (Exception e) {
            log.debug("cannot ask %s: %s", address, e);
        }
    }

    /** On a thread of the timer, as a transport may wait for a connection. */
    private void send(Address dest, AttestationHeader header) {
        Message message = new EmptyMessage(dest)
                .setFlag(Message.Flag.OOB, Message.Flag.DONT_BUNDLE)
                .putHeader(id, header);
        timer.schedule(() -> down_prot.down(message), 0, TimeUnit.MILLISECONDS, true);
    }

    @Override
    public Object down(Message msg) {
        viewAddresses.attach(msg, view);
        return super.down(msg);
    }

    private PingData whereabouts(Address member) {
        PhysicalAddress physical = physicalAddress(member);
        return physical == null ? null : new PingData(member, true, NameCache.get(member), physical);
    }

    /** A header of a class that a receiver does not have costs it the whole message. */
    private boolean allReadViewAddresses() {
        LeaseAgent current = agent;
        return current != null
                && !hasStockMembers()
                && current.snapshot().rows().values().stream().allMatch(LeaseRow::readsViewAddresses);
    }

    @Override
    public Object up(Message msg) {
        if (msg.getHeader(id) instanceof AttestationHeader header) {
            received(msg.getSrc(), header);
            return null;
        }
        ViewAddresses.read(msg, this::learn);
        return super.up(msg);
    }

    @Override
    public void up(MessageBatch batch) {
        for (Iterator<Message> messages = batch.iterator(); messages.hasNext(); ) {
            Message msg = messages.next();
            if (msg.getHeader(id) instanceof AttestationHeader header) {
                messages.remove();
                received(msg.getSrc(), header);
            } else {
                ViewAddresses.read(msg, this::learn);
            }
        }
        if (!batch.isEmpty()) {
            super.up(batch);
        }
    }

    private void received(Address from, AttestationHeader header) {
        wireAddresses.remember(from);
        LeaseAgent current = agent;
        if (!header.isQuestion()) {
            attestations.answered(LeaseAddresses.text(from), header);
        } else if (current != null && !is_leaving) {
            PingData sender = LeaseAddresses.pingData(header.sender());
            // Knows where to send the answer.
            if (sender != null && sender.getAddress().equals(from)) {
                learn(sender);
            }
            current.attest(
                    LeaseAddresses.text(from), header.sender().incarnation(), kind -> attest(from, header, kind));
        }
    }

    /** Where a member is, by another one's word: it does not change what is known already. */
    private void learn(PingData member) {
        wireAddresses.remember(member.getAddress());
        if (physicalAddress(member.getAddress()) == null) {
            addDiscoveryResponseToCaches(member.getAddress(), member.getLogicalName(), member.getPhysicalAddr());
        }
    }

    /** Null if the transport does not know it. */
    protected final PhysicalAddress physicalAddress(Address member) {
        return (PhysicalAddress) down_prot.down(new Event(Event.GET_PHYSICAL_ADDRESS, member));
    }

    private void attest(Address asker, AttestationHeader question, Attestation.Kind kind) {
        View current = view;
        Attestation attestation = current == null || !is_server
                ? new Attestation(kind, "", Attestation.NOBODY)
                : new Attestation(kind, LeaseAddresses.view(current).id(), coordinator(current.getCoord()));
        send(asker, AttestationHeader.answer(question.number(), identity, attestation));
    }

    private LeaseIdentity coordinator(Address coordinator) {
        return new LeaseIdentity(
                cluster_name,
                LeaseAddresses.text(coordinator),
                String.valueOf(NameCache.get(coordinator)),
                String.valueOf(physicalAddress(coordinator)),
                0);
    }

    @Override
    public void merge(List<LeaseRow> rivals, Snapshot snapshot) {
        Map<Address, View> views = new HashMap<>();
        views.put(local_addr, view);
        for (LeaseRow rival : rivals) {
            View other = LeaseAddresses.view(rival, snapshot.rows().values(), wireAddresses);
            if (other != null && WireAddresses.isWhole(other, local_addr)) {
                views.put(other.getCoord(), other);
            } else if (other != null) {
                // It asks the coordinators for their views.
                log.debug("%s: members of %s are known by their rows only; MERGE3 has to merge", local_addr, other);
            }
        }
        if (views.size() > 1 && !isMergeRunning()) {
            DiscoveryMessages.MERGING.to(log, local_addr, cluster_name, views);
            up_prot.up(new Event(Event.MERGE, views));
        }
    }
    /**
     * True if this member should serve users. From memory, never waits; an outage of the database does not change it.
     */
    public LeaseHealth health() {
        LeaseAgent current = agent;
        return current == null ? new LeaseHealth.Unknown("not started yet") : current.health();
    }

    @ManagedAttribute(
            description =
                    "Rows of the cluster as last read; a member that does not coordinate reads all of them after a"
                            + " new view and on demand",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getLiveRows() {
        return agent == null ? 0 : agent.snapshot().rows().size() - getExpiredRows();
    }

    @ManagedAttribute(
            description = "Rows that ran out while this member watched",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getExpiredRows() {
        return agent == null ? 0 : agent.stats().expiredRows();
    }

    @ManagedAttribute(
            description = "Members' rows of other clusters in the same table, which the coordinator alone counts once a"
                    + " minute, and rows of ours in a format that this version does not know",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getForeignRows() {
        return agent == null
                ? 0
                : agent.stats().foreignRows()
                        + agent.snapshot().rows().values().stream()
                                .filter(row -> row.format() > LeaseRow.FORMAT)
                                .count();
    }

    @ManagedAttribute(
            description = "Members of a stock jdbc-ping cluster of the same name that run on the same database",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getStockMembers() {
        return agent == null ? 0 : agent.stockMembers().size();
    }

    @ManagedAttribute(
            description = "Reads of all rows of the cluster; ordinary members read those of coordinators alone",
            type = AttributeType.SCALAR)
    public long getFullReads() {
        return agent == null ? 0 : agent.stats().fullReads();
    }

    @ManagedAttribute(description = "Rows read from the table", type = AttributeType.SCALAR)
    public long getRowsRead() {
        return agent == null ? 0 : agent.stats().rowsRead();
    }

    @ManagedAttribute(description = "Beats of this member", type = AttributeType.SCALAR)
    public long getBeats() {
        return agent == null ? 0 : agent.stats().beats();
    }

    @ManagedAttribute(description = "How long the last beat took", type = AttributeType.TIME, gauge = true)
    public double getLastBeatLatencyMs() {
        return agent == null ? 0 : agent.stats().beatLatencyNs() / 1e6;
    }

    @ManagedAttribute(
            description = "Time since the last beat that arrived was sent",
            type = AttributeType.TIME,
            gauge = true)
    public long getLastBeatAgeMs() {
        return getBeats() == 0
                ? 0
                : TimeUnit.NANOSECONDS.toMillis(
                        System.nanoTime() - agent.stats().beatSentNs());
    }

    @ManagedAttribute(description = "Beats on behalf of members of the view", type = AttributeType.SCALAR)
    public long getRenewals() {
        return agent == null ? 0 : agent.stats().renewals();
    }

    @ManagedAttribute(description = "Dead rows deleted by this member", type = AttributeType.SCALAR)
    public long getEvictions() {
        return agent == null ? 0 : agent.stats().evictions();
    }

    @ManagedAttribute(description = "Evictions that a late beat won against", type = AttributeType.SCALAR)
    public long getRefusedEvictions() {
        return agent == null ? 0 : agent.stats().refusedEvictions();
    }

    @ManagedAttribute(description = "How often our own row was evicted by others", type = AttributeType.SCALAR)
    public long getReentries() {
        return agent == null ? 0 : agent.stats().reentries();
    }

    @ManagedAttribute(
            description = "Merges asked for because of other coordinators in the table",
            type = AttributeType.SCALAR)
    public long getMergeRequests() {
        return agent == null ? 0 : agent.stats().merges();
    }

    @ManagedAttribute(
            description = "How often this cluster has been founded",
            type = AttributeType.SCALAR,
            gauge = true)
    public long getFounderEpoch() {
        return agent == null ? 0 : agent.snapshot().founder().epoch();
    }

    @ManagedAttribute(description = "Failed operations on the database", type = AttributeType.SCALAR)
    public long getDatabaseErrors() {
        return agent == null ? 0 : agent.stats().databaseErrors();
    }

    @ManagedAttribute(description = "1 if the last operation on the database worked, else 0", gauge = true)
    public int getDatabaseUp() {
        return agent != null && agent.databaseUp() ? 1 : 0;
    }

    @ManagedAttribute(description = "Why there is no cluster to join yet; empty for a member of a view")
    public String getDiary() {
        return agent == null || agent.health() instanceof LeaseHealth.Healthy ? "" : String.join("; ", agent.diary());
    }

    @ManagedOperation(description = "The lease table as last read; does not wait for a database that hangs")
    public String dump() throws Exception {
        LeaseAgent current = agent;
        if (current == null) {
            return "not started";
        }
        try {
            return current.dump().get(DUMP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            Snapshot last = current.snapshot();
            return "waiting for the database; last read "
                    + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - last.receivedNs()) + " ms ago: "
                    + LeaseDump.text(last, identity, row -> "");
        }
    }

    @ManagedOperation(
            description =
                    "Reads all rows now; the coordinator then evicts those whose lease has run out under its eyes, an"
                            + " ordinary member counts and shows them")
    public void evictExpired() {
        agent.readNow();
    }

    @ManagedOperation(description = "Beats now")
    public void beatNow() {
        agent.beatNow();
    }
}
