package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.Attestation;
import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeasePolicy;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.ProbeVerdict;
import io.evenkeel.protocols.lease.Snapshot;
import io.evenkeel.protocols.log.DiscoveryMessages;
import io.evenkeel.protocols.log.LimitedLog;
import io.evenkeel.protocols.transport.peer.PeerProber;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jgroups.Address;
import org.jgroups.EmptyMessage;
import org.jgroups.Event;
import org.jgroups.Message;
import org.jgroups.PhysicalAddress;
import org.jgroups.View;
import org.jgroups.protocols.Discovery;
import org.jgroups.protocols.PingData;
import org.jgroups.util.MessageBatch;
import org.jgroups.util.NameCache;
import org.jgroups.util.Responses;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/** The link between the agent and JGroups: hands what the agent finds to the transport's cache and to GMS. */
public abstract class LeaseDiscovery extends Discovery implements LeaseHost {
    /** Well below the shortest lease. */
    private static final long TICK_MS = 250;

    /** The agent of the current start, or of the last one; null before the first. */
    protected volatile @Nullable LeaseAgent agent;

    /** The transport if it can ask a physical address who lives there, else null. */
    protected @Nullable PeerProber prober;

    /** The identity of this member since the last connect. */
    @SuppressWarnings("NullAway.Init")
    protected volatile LeaseIdentity identity;

    /** Mappings already given to the transport since the last connect, by the agent's thread. */
    private volatile Map<String, String> known = new HashMap<>();

    /** All but the coordinator that leads a merge try again at each read, until the leader is done. */
    private final LimitedLog repeated = new LimitedLog(log);

    private final LeasedAddresses leased = new LeasedAddresses();

    private @Nullable Future<?> ticks;

    private final Attestations attestations = new Attestations(this::send, () -> identity);
    private final ReceivedAddresses receivedAddresses = new ReceivedAddresses();
    private final ViewAddresses viewAddresses = new ViewAddresses(this::whereabouts, this::allReadViewAddresses);

    /** The agent, once it was started. */
    protected final LeaseAgent agent() {
        return Objects.requireNonNull(agent, "not started");
    }

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
        receivedAddresses.remember(installed);
        leased.viewChanged(
                installed.getMembers().stream().map(LeaseAddresses::text).toList(), System.nanoTime());
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
    protected void answerFromMemory(@Nullable List<Address> members, Responses responses, LeasePolicy policy) {
        Map<Address, PingData> found = new LinkedHashMap<>();
        LeaseAgent current = agent();
        Set<String> proven = current.proven();
        for (LeaseRow row : current.snapshot().rows().values()) {
            PingData data = LeaseAddresses.pingData(row);
            if (data != null
                    && (members != null || (row.ageMs() <= policy.leaseMsOf(row) && proven.contains(row.address())))) {
                found.put(data.getAddress(), data);
            }
        }
        if (members != null) {
            if (!found.keySet().containsAll(members)) {
                // Too young for the snapshot: the transport asks again.
                current.readNow();
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
        leased.read(snapshot);
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
            attestations.ask(row, probeTimeoutMs()).thenAccept(word -> answer.accept(ProbeVerdicts.verdict(word)));
            return;
        }
        try {
            prober.probe(LeaseAddresses.physical(row), probeTimeoutMs())
                    .thenApply(result -> ProbeVerdicts.verdict(row, result))
                    .thenAccept(verdict -> {
                        if (verdict.kind() == ProbeVerdict.Kind.ALIVE && row.attests()) {
                            attestations
                                    .ask(row, probeTimeoutMs())
                                    .thenAccept(word -> answer.accept(ProbeVerdicts.with(verdict, word)));
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

    private @Nullable PingData whereabouts(Address member) {
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
    public @Nullable Object up(Message msg) {
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
        receivedAddresses.remember(from);
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

    /** Takes in a member's address by another one's word; it does not change what is known already. */
    private void learn(PingData member) {
        receivedAddresses.remember(member.getAddress());
        if (physicalAddress(member.getAddress()) == null) {
            addDiscoveryResponseToCaches(member.getAddress(), member.getLogicalName(), member.getPhysicalAddr());
        }
    }

    /** Null if the transport does not know it. */
    protected final @Nullable PhysicalAddress physicalAddress(Address member) {
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
    public void merge(List<LeaseRow> coordinators, Snapshot snapshot) {
        Map<Address, View> views = new HashMap<>();
        views.put(local_addr, view);
        for (LeaseRow coordinator : coordinators) {
            View other = LeaseAddresses.view(coordinator, snapshot.rows().values(), receivedAddresses);
            if (other != null && ReceivedAddresses.isWhole(other, local_addr)) {
                views.put(other.getCoord(), other);
            } else if (other != null) {
                // It asks the coordinators for their views.
                log.debug("%s: members of %s are known by their rows only; MERGE3 has to merge", local_addr, other);
            }
        }
        if (views.size() > 1 && !isMergeRunning()) {
            repeated.write(String.valueOf(views.keySet()), DiscoveryMessages.MERGING, local_addr, cluster_name, views);
            up_prot.up(new Event(Event.MERGE, views));
        }
    }
}
