package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.member.StackXml;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.Waits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** Plain JGroups members of one cluster, in this process. */
final class Members implements AutoCloseable {
    static final String CLUSTER = "bench";
    private static final long CONNECT_BOUND_S = 120;
    private static final long CLOSE_BOUND_S = 60;
    private static final Duration VIEW_BOUND = Duration.ofMinutes(1);

    private final List<Member> members = new ArrayList<>();
    private final AtomicLongArray startedNs;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    Members(Supplier<StackXml> stack, String name, int count) {
        startedNs = new AtomicLongArray(count);
        for (int i = 0; i < count; i++) {
            members.add(new Member(stack.get(), name + "-" + i));
        }
    }

    /** Connects all at the same moment and waits until each has its first view. */
    void connectAtOnce() throws InterruptedException {
        CyclicBarrier start = new CyclicBarrier(members.size());
        CountDownLatch connected = new CountDownLatch(members.size());
        ExecutorService threads = Executors.newFixedThreadPool(members.size());
        try {
            for (int i = 0; i < members.size(); i++) {
                int index = i;
                threads.execute(() -> connect(index, start, connected));
            }
            if (!connected.await(CONNECT_BOUND_S, TimeUnit.SECONDS)) {
                throw new RunException("Not all members were connected within " + CONNECT_BOUND_S + " s.");
            }
        } finally {
            threads.shutdownNow();
        }
        if (failure.get() != null) {
            throw new RunException("A member did not connect: " + failure.get().getMessage(), failure.get());
        }
    }

    private void connect(int index, CyclicBarrier start, CountDownLatch connected) {
        try {
            start.await();
            startedNs.set(index, System.nanoTime());
            members.get(index).connect(CLUSTER);
        } catch (Exception e) {
            failure.compareAndSet(null, e);
        } finally {
            connected.countDown();
        }
    }

    /** Waits until all have installed one view that holds them all and no one else. */
    boolean awaitOneView() throws InterruptedException {
        return Waits.until(this::inOneView, VIEW_BOUND);
    }

    private boolean inOneView() {
        return members.stream().allMatch(m -> m.view() != null && m.view().size() == members.size())
                && members.stream().map(Member::view).distinct().count() == 1;
    }

    /** The time between the first and the last start. */
    double spreadMs() {
        return (lastStartNs() - firstStartNs()) / 1e6;
    }

    long firstStartNs() {
        long firstNs = startedNs.get(0);
        for (int i = 1; i < startedNs.length(); i++) {
            firstNs = startedNs.get(i) - firstNs < 0 ? startedNs.get(i) : firstNs;
        }
        return firstNs;
    }

    private long lastStartNs() {
        long lastNs = startedNs.get(0);
        for (int i = 1; i < startedNs.length(); i++) {
            lastNs = startedNs.get(i) - lastNs > 0 ? startedNs.get(i) : lastNs;
        }
        return lastNs;
    }

    /** The time from a moment until the last member had the view of all. */
    double fullViewS(long sinceNs) {
        return members.stream()
                .mapToDouble(m -> (m.viewNs(members.size(), sinceNs).orElseThrow() - sinceNs) / 1e9)
                .max()
                .orElseThrow();
    }

    long founders() {
        return members.stream().filter(Member::founded).count();
    }

    boolean merged() {
        return members.stream().anyMatch(Member::merged);
    }

    /** All together, since a graceful leave takes its time. */
    @Override
    public void close() {
        ExecutorService threads = Executors.newFixedThreadPool(members.size());
        CountDownLatch closed = new CountDownLatch(members.size());
        for (Member member : members) {
            threads.execute(() -> {
                try {
                    member.close();
                } finally {
                    closed.countDown();
                }
            });
        }
        Waits.untilEvenIfInterrupted(() -> closed.getCount() == 0, Duration.ofSeconds(CLOSE_BOUND_S));
        threads.shutdownNow();
    }
}
