package io.evenkeel.it.bench.transport;

import io.evenkeel.it.member.RoundTrips;
import io.evenkeel.it.member.WorkerLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jgroups.Address;
import org.jgroups.stack.Protocol;

/**
 * JGroups members in a JVM of their own, see {@link PingMember}. Commands are carried out by the first one, but for the
 * views, which all report.
 *
 * <ul>
 *   <li>{@code ping LOAD RATE BYTES MS PEER,PEER...}: as many a second to each peer; answers {@code pinged-LOAD}
 *   <li>{@code bulk PEER BYTES IN_FLIGHT}: sends chunks from now on
 * <li>{@code view SIZE}: waits until all members have a view of that size; answers {@code view} and when the last one
 * got it
 *   <li>{@code views}: how many views the first one has had
 *   <li>{@code attribute GETTER}: an attribute of the transport
 * <li>{@code reach COUNT}: pings all others until so many have answered; answers {@code reached}, when they connected
 * and when they had
 * </ul>
 */
public final class PingWorker {
    private static final long ANSWER_BOUND_MS = 10_000;
    private static final long POLL_MS = 1;

    private final List<PingMember> members = new ArrayList<>();
    private final long connectNs;

    private PingWorker(List<String> namesAndFiles) throws Exception {
        for (int i = 0; i < namesAndFiles.size(); i += 2) {
            members.add(new PingMember(namesAndFiles.get(i + 1), namesAndFiles.get(i)));
        }
        connectNs = System.nanoTime();
        for (PingMember member : members) {
            member.connect();
        }
    }

    /** Takes the name and the stack's file of each member. */
    public static void main(String[] args) throws Exception {
        PingWorker worker = new PingWorker(List.of(args));
        new WorkerLoop(Map.of(
                        "ping", worker::ping,
                        "bulk", worker::bulk,
                        "view", worker::view,
                        "views", worker::views,
                        "attribute", worker::attribute,
                        "reach", worker::reach))
                .serve();
    }

    private void ping(List<String> words) throws Exception {
        double ratePerS = Double.parseDouble(words.get(1));
        int bytes = Integer.parseInt(words.get(2));
        long durationMs = Long.parseLong(words.get(3));
        PingMember first = members.get(0);
        // A thread for each peer: a sender that is held up by one must not be late for the others.
        ExecutorService senders = Executors.newCachedThreadPool();
        try {
            List<Future<RoundTrips>> loads = new ArrayList<>();
            for (String peer : words.get(4).split(",", -1)) {
                Address address = first.find(peer);
                loads.add(senders.submit(() -> first.ping(address, ratePerS, bytes, durationMs, ANSWER_BOUND_MS)));
            }
            RoundTrips all = RoundTrips.none();
            for (Future<RoundTrips> load : loads) {
                all = all.plus(load.get());
            }
            WorkerLoop.answer("pinged-" + words.get(0), all.encode());
        } finally {
            senders.shutdownNow();
        }
    }

    private void bulk(List<String> words) throws Exception {
        PingMember first = members.get(0);
        first.bulk(first.find(words.get(0)), Integer.parseInt(words.get(1)), Integer.parseInt(words.get(2)));
    }

    private void view(List<String> words) throws InterruptedException {
        int size = Integer.parseInt(words.get(0));
        long lastNs = Long.MIN_VALUE;
        for (PingMember member : members) {
            while (member.viewSize() != size) {
                Thread.sleep(POLL_MS);
            }
            lastNs = Math.max(lastNs, member.viewNs(size));
        }
        WorkerLoop.answer("view", lastNs);
    }

    private void views(List<String> none) {
        WorkerLoop.answer("views", members.get(0).views());
    }

    private void attribute(List<String> words) throws ReflectiveOperationException {
        Protocol transport = members.get(0).channel().getProtocolStack().getTransport();
        WorkerLoop.answer(
                "attribute", transport.getClass().getMethod(words.get(0)).invoke(transport));
    }

    private void reach(List<String> words) throws Exception {
        int count = Integer.parseInt(words.get(0));
        PingMember first = members.get(0);
        while (first.answered() < count) {
            for (Address peer : first.channel().getView().getMembers()) {
                if (!peer.equals(first.channel().getAddress()) && !first.hasAnswered(peer)) {
                    first.ping(peer, 0, 0);
                }
            }
            Thread.sleep(POLL_MS);
        }
        WorkerLoop.answer("reached", connectNs, System.nanoTime());
    }
}
