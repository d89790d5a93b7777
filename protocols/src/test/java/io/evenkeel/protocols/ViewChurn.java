package io.evenkeel.protocols;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.Consumer;
import org.jgroups.Address;
import org.jgroups.MergeView;
import org.jgroups.View;
import org.jgroups.util.Util;

/**
 * Views of a cluster in which members come, go, and merge, as GMS of one member installs them, and the disorder in
 * which it tells of them: several threads, each with some of the views.
 */
final class ViewChurn {
    private static final int VIEWS = 200;
    private static final int THREADS = 4;

    private final List<View> installed = new ArrayList<>();
    private final Random random;

    /** A churn that is the same for the same seed but for the threads' timing; this member is in every view. */
    ViewChurn(long seed, Address self, long afterId) {
        random = new Random(seed);
        List<Address> members = new ArrayList<>(List.of(self));
        long id = afterId;
        for (int i = 0; i < VIEWS; i++) {
            id += 1 + random.nextInt(3);
            View before = installed.isEmpty() ? null : installed.get(i - 1);
            switch (random.nextInt(3)) {
                case 0 -> members.add(random.nextInt(members.size() + 1), Util.createRandomAddress());
                case 1 -> members.removeIf(member -> !member.equals(self) && random.nextInt(3) == 0);
                default -> members.addAll(List.of(Util.createRandomAddress(), Util.createRandomAddress()));
            }
            boolean merge = before != null && random.nextInt(5) == 0;
            installed.add(
                    merge
                            ? new MergeView(members.get(0), id, List.copyOf(members), List.of(before))
                            : new View(members.get(0), id, List.copyOf(members)));
        }
    }

    View newest() {
        return installed.get(installed.size() - 1);
    }

    /** Tells of all views, each once, on several threads at a time; returns when all have been told. */
    void tell(Consumer<View> receiver) {
        List<List<View>> ofThreads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            ofThreads.add(new ArrayList<>());
        }
        installed.forEach(view -> ofThreads.get(random.nextInt(THREADS)).add(view));
        CyclicBarrier together = new CyclicBarrier(THREADS);
        List<Thread> threads = ofThreads.stream()
                .map(views -> new Thread(() -> {
                    await(together);
                    views.forEach(receiver);
                }))
                .toList();
        threads.forEach(Thread::start);
        threads.forEach(ViewChurn::join);
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
