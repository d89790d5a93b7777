package io.evenkeel.protocols;

import io.evenkeel.protocols.pacing.PressureMeter;
import io.evenkeel.protocols.pacing.Traffic;
import io.evenkeel.protocols.pacing.core.PacingPolicy;
import io.evenkeel.protocols.transport.LineLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.SHARED_LOOPBACK;
import org.jgroups.protocols.SHARED_LOOPBACK_PING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;
import org.jgroups.util.MessageBatch;

/**
 * A member over SHARED_LOOPBACK that sends numbered bulk, by a mark in its first byte, and notes what it gets: per
 * sender the numbers in their order, and whether a payload was spoiled.
 */
final class STATE_FCMember implements Receiver, AutoCloseable {
    private static final int HEADER_BYTES = 1 + Integer.BYTES + Long.BYTES;
    private static final byte BULK = 'B';
    private static final long QUICK_MS = 1_500;
    /** Longer than a machine that is short of processor time lets a member wait. */
    private static final long PATIENT_MS = 60_000;

    private final Map<Address, List<Integer>> received = new ConcurrentHashMap<>();
    private final List<String> spoiled = new CopyOnWriteArrayList<>();
    private final CountDownLatch foregroundCame = new CountDownLatch(1);
    private final DISCARD cut = new DISCARD();
    private final BusyThread busy = new BusyThread();
    private final STATE_FC stateFc;
    private final JChannel channel;
    private final Address address;
    private final Set<Address> lostSight = ConcurrentHashMap.newKeySet();
    private volatile List<Address> lastMembers = List.of();
    private volatile int bulkBeforeForeground = -1;
    private volatile Runnable whenBulkComes = () -> {};

    /** With STATE_FC, or without it as an older member of a cluster may be. */
    STATE_FCMember(String cluster, String name, boolean withStateFc) throws Exception {
        this(
                cluster,
                name,
                withStateFc,
                PacingPolicy.defaults().capBytes(),
                PacingPolicy.defaults().maxQueueBytes());
    }

    STATE_FCMember(String cluster, String name, boolean withStateFc, int capBytes, long maxQueueBytes)
            throws Exception {
        this(cluster, name, withStateFc, capBytes, maxQueueBytes, new PressureMeter(), PATIENT_MS);
    }

    /** With STATE_FC; it takes a member for dead that it has not heard of for {@link #QUICK_MS}. */
    static STATE_FCMember quickToSuspect(String cluster, String name) throws Exception {
        return new STATE_FCMember(
                cluster,
                name,
                true,
                PacingPolicy.defaults().capBytes(),
                PacingPolicy.defaults().maxQueueBytes(),
                new PressureMeter(),
                QUICK_MS);
    }

    /** With STATE_FC, and on a system that the meter tells of. */
    STATE_FCMember(String cluster, String name, PressureMeter meter) throws Exception {
        this(
                cluster,
                name,
                true,
                PacingPolicy.defaults().capBytes(),
                PacingPolicy.defaults().maxQueueBytes(),
                meter,
                PATIENT_MS);
    }

    private STATE_FCMember(
            String cluster,
            String name,
            boolean withStateFc,
            int capBytes,
            long maxQueueBytes,
            PressureMeter meter,
            long suspectedAfterMs)
            throws Exception {
        stateFc = withStateFc ? LineLog.recording(STATE_FC::new) : null;
        List<Protocol> protocols = new ArrayList<>(List.of(
                new SHARED_LOOPBACK(),
                cut,
                new SHARED_LOOPBACK_PING(),
                new MERGE3().setMinInterval(300).setMaxInterval(600),
                new FD_ALL3().setTimeout(suspectedAfterMs).setInterval(suspectedAfterMs / 5),
                new NAKACK2(),
                new UNICAST3().setXmitInterval(50),
                new STABLE(),
                new GMS().printLocalAddress(false).setJoinTimeout(500),
                new UFC(),
                new FRAG4().setFragSize(60_000),
                busy));
        if (withStateFc) {
            stateFc.addClassifier(STATE_FCMember::kindOf);
            stateFc.setCap(capBytes);
            stateFc.meter = meter;
            stateFc.setValue("max_queue", maxQueueBytes);
            protocols.add(stateFc);
        }
        channel = new JChannel(protocols).name(name);
        channel.setReceiver(this);
        channel.connect(cluster);
        address = channel.getAddress();
    }

    private static Traffic kindOf(Message message) {
        boolean bulk = message.hasArray() && message.getLength() > 0 && message.getArray()[message.getOffset()] == BULK;
        return bulk ? Traffic.INFINISPAN_PUSHED : Traffic.FOREGROUND;
    }

    /** The first work of the application with each message of bulk. */
    void whenBulkComes(Runnable what) {
        whenBulkComes = what;
    }

    /** Sends bulk of at least 13 bytes; the payload bears its own checksum. */
    void sendBulk(Address to, int number, int lengthBytes) throws Exception {
        channel.send(bulk(to, number, lengthBytes));
    }

    static Message bulk(Address to, int number, int lengthBytes) {
        byte[] payload = new byte[Math.max(lengthBytes, HEADER_BYTES)];
        for (int i = HEADER_BYTES; i < payload.length; i++) {
            payload[i] = (byte) (i * 31 + number);
        }
        ByteBuffer.wrap(payload).put(BULK).putInt(number).putLong(checksum(payload));
        return new BytesMessage(to, payload);
    }

    private static long checksum(byte[] payload) {
        CRC32 sum = new CRC32();
        sum.update(payload, HEADER_BYTES, payload.length - HEADER_BYTES);
        return sum.getValue();
    }

    @Override
    public void receive(Message message) {
        byte[] payload = new byte[message.getLength()];
        System.arraycopy(message.getArray(), message.getOffset(), payload, 0, payload.length);
        if (payload[0] != BULK) {
            bulkBeforeForeground =
                    received.values().stream().mapToInt(List::size).sum();
            foregroundCame.countDown();
            return;
        }
        whenBulkComes.run();
        ByteBuffer content = ByteBuffer.wrap(payload, 1, payload.length - 1);
        int number = content.getInt();
        if (content.getLong() != checksum(payload)) {
            spoiled.add(message.getSrc() + " " + number);
        }
        received.computeIfAbsent(message.getSrc(), sender -> new CopyOnWriteArrayList<>())
                .add(number);
    }

    @Override
    public void viewAccepted(View view) {
        lastMembers.stream().filter(member -> !view.containsMember(member)).forEach(lostSight::add);
        lastMembers = view.getMembers();
    }

    /**
     * True if it ever had a view without that one, after a view with it: what was under way between them may be lost.
     */
    boolean lostSightOf(STATE_FCMember other) {
        return lostSight.contains(other.address());
    }

    List<Integer> receivedFrom(STATE_FCMember sender) {
        return received.getOrDefault(sender.address(), List.of());
    }

    List<String> spoiled() {
        return spoiled;
    }

    /** The number of messages of bulk that were here when the last one of a user came; -1 if none came. */
    int bulkBeforeForeground() {
        return bulkBeforeForeground;
    }

    /** Opens with the first message of a user. */
    CountDownLatch foregroundCame() {
        return foregroundCame;
    }

    Address address() {
        return address;
    }

    int viewSize() {
        return channel.getView() == null ? 0 : channel.getView().size();
    }

    boolean sees(STATE_FCMember other) {
        return channel.getView() != null && channel.getView().containsMember(other.address());
    }

    STATE_FC stateFc() {
        return stateFc;
    }

    JChannel channel() {
        return channel;
    }

    /** Cuts this member off, or connects it again. */
    void cut(boolean off) {
        cut.discardAll(off);
    }

    /** Cuts the link from another member to this one, in this direction only. */
    void cutFrom(STATE_FCMember other) {
        cut.addIgnoreMember(other.address());
    }

    /** Connects all links to this member again that were cut alone. */
    void connectLinks() {
        cut.resetIgnoredMembers();
    }

    /** The work of the receiving thread for each message that has a payload. */
    void setBusyMs(long ms) {
        busy.messageMs = ms;
    }

    @Override
    public void close() {
        channel.close();
    }

    /** Below STATE_FC: a thread that has more to do than it can. */
    private static final class BusyThread extends Protocol {
        private volatile long messageMs;

        @Override
        public Object up(Message message) {
            work(message);
            return up_prot.up(message);
        }

        @Override
        public void up(MessageBatch batch) {
            batch.forEach(BusyThread.this::work);
            up_prot.up(batch);
        }

        private void work(Message message) {
            if (message.getLength() > 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(messageMs));
            }
        }
    }
}
