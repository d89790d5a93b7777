package io.evenkeel.it.bench.transport;

import io.evenkeel.it.member.OpenLoop;
import io.evenkeel.it.member.RoundTrips;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;

/**
 * A JGroups member that pings others and answers pings, with the flag of Infinispan's RPCs: out of band. It can send
 * bulk as well, as Infinispan sends state: in chunks, each of which waits for the answer to one before.
 */
final class PingMember implements Receiver {
    private static final byte PING = 0;
    private static final byte PONG = 1;
    private static final byte CHUNK = 2;
    private static final byte CHUNK_TAKEN = 3;
    private static final int HEADER_BYTES = 1 + Long.BYTES;

    private final JChannel channel;
    private final AtomicLong views = new AtomicLong();
    private final Map<Integer, Long> viewNsBySize = new ConcurrentHashMap<>();
    /** Of the view that the time was taken of, which the channel has a moment before. */
    private volatile int viewSize;

    private final Set<Address> answered = ConcurrentHashMap.newKeySet();
    private final Map<Address, Semaphore> chunks = new ConcurrentHashMap<>();
    private final Map<Address, OpenLoop> loads = new ConcurrentHashMap<>();

    PingMember(String stackFile, String name) throws Exception {
        channel = new JChannel(stackFile).name(name);
        channel.setReceiver(this);
    }

    void connect() throws Exception {
        channel.connect("bench");
    }

    JChannel channel() {
        return channel;
    }

    @Override
    public void viewAccepted(View view) {
        views.incrementAndGet();
        viewNsBySize.put(view.size(), System.nanoTime());
        viewSize = view.size();
    }

    long views() {
        return views.get();
    }

    int viewSize() {
        return viewSize;
    }

    /** When the last view of that size came, in System.nanoTime(), which all JVMs of a Linux host share. */
    long viewNs(int size) {
        return viewNsBySize.get(size);
    }

    Address find(String name) {
        return channel.getView().getMembers().stream()
                .filter(member -> member.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(name + " is not in " + channel.getView()));
    }

    /** Pings a peer at a steady rate for so long, and waits for the last answers. */
    RoundTrips ping(Address peer, double ratePerS, int bytes, long durationMs, long boundMs) throws Exception {
        OpenLoop load = new OpenLoop();
        loads.put(peer, load);
        load.run(ratePerS, durationMs, id -> ping(peer, id, bytes));
        return load.finish(boundMs);
    }

    void ping(Address peer, long id, int bytes) throws Exception {
        send(peer, PING, id, Math.max(bytes, HEADER_BYTES));
    }

    private void send(Address peer, byte kind, long id, int bytes) throws Exception {
        byte[] body = new byte[bytes];
        ByteBuffer.wrap(body).put(kind).putLong(id);
        channel.send(new BytesMessage(peer, body).setFlag(Message.Flag.OOB));
    }

    /** Sends chunks for as long as the thread is not interrupted. */
    void bulk(Address peer, int bytes, int inFlight) throws Exception {
        Semaphore free = new Semaphore(inFlight);
        chunks.put(peer, free);
        while (!Thread.currentThread().isInterrupted()) {
            free.acquire();
            send(peer, CHUNK, 0, bytes);
        }
    }

    /** The members that have answered a ping since {@link #forgetAnswers}. */
    int answered() {
        return answered.size();
    }

    boolean hasAnswered(Address peer) {
        return answered.contains(peer);
    }

    void forgetAnswers() {
        answered.clear();
    }

    @Override
    public void receive(Message message) {
        ByteBuffer body = ByteBuffer.wrap(message.getArray(), message.getOffset(), message.getLength());
        byte kind = body.get();
        long id = body.getLong();
        switch (kind) {
            case PING -> answer(message, PONG, id, message.getLength());
            case CHUNK -> answer(message, CHUNK_TAKEN, id, HEADER_BYTES);
            case CHUNK_TAKEN -> chunks.get(message.getSrc()).release();
            case PONG -> {
                answered.add(message.getSrc());
                OpenLoop load = loads.get(message.getSrc());
                if (load != null) {
                    load.ended(id);
                }
            }
            default -> throw new IllegalArgumentException("kind " + kind);
        }
    }

    private void answer(Message message, byte kind, long id, int bytes) {
        try {
            send(message.getSrc(), kind, id, bytes);
        } catch (Exception e) {
            // JGroups logs it, and the asker counts what is not answered.
            throw new IllegalStateException("cannot answer " + message.getSrc(), e);
        }
    }
}
