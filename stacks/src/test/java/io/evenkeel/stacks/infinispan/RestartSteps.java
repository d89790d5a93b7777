package io.evenkeel.stacks.infinispan;

import java.util.concurrent.CompletableFuture;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/** Acts once when nodes take a step of a restart, on the thread that takes it, as it writes the step to its log. */
final class RestartSteps extends Handler implements AutoCloseable {
    private static final Logger INFINISPAN = Logger.getLogger("org.infinispan");
    private static final Logger RESTART = Logger.getLogger("io.evenkeel.stacks.infinispan.restart");

    private final Step step;
    private final Runnable action;
    private final CompletableFuture<Void> taken = new CompletableFuture<>();

    /** In the order in which they are taken. */
    enum Step {
        /** The leaver has told itself and nobody else. */
        ANNOUNCING(" has heard of LeaveAnnouncement.*EXPECTED_BACK", 1),
        ANNOUNCED(" has heard of LeaveAnnouncement.*EXPECTED_BACK", 2),
        CACHE_HELD(" is expected back: ", 1),
        CACHE_LEFT("ISPN100008: Updating cache members list", 1),
        LAST_CACHE_LEFT("ISPN100008: Updating cache members list", 5),
        ALL_LEFT(" has heard of LeaveAnnouncement.*CACHES_LEFT", 2),
        GONE("ISPN100001: Node .* left the cluster", 1),
        /** The leaver was the coordinator, and its successor recovers the caches. */
        RECOVERED("ISPN100007: After merge \\(or coordinator change\\)", 1),
        CAME("ISPN100000: Node .* joined the cluster", 1),
        FIRST_REBALANCE("ISPN100002: Starting rebalance", 1),
        LET_GO("The restart grace of .* is over", 1),
        REBALANCE("Context=sessions\\] ISPN100002: Starting rebalance", 1),
        READ_ALL("Context=sessions\\] ISPN100009: Advancing to rebalance phase READ_ALL_WRITE_ALL", 1),
        READ_NEW("Context=sessions\\] ISPN100009: Advancing to rebalance phase READ_NEW_WRITE_ALL", 1),
        REBALANCED("Context=sessions\\] ISPN100010: Finished rebalance", 1);

        private final Pattern line;
        private final int times;

        Step(String line, int times) {
            this.line = Pattern.compile(line);
            this.times = times;
        }

        boolean isBeforeTheReturn() {
            return compareTo(CAME) < 0;
        }
    }

    private int seen;

    RestartSteps(Step step, Runnable action) {
        this.step = step;
        this.action = action;
        RESTART.setLevel(Level.FINE);
        INFINISPAN.addHandler(this);
        RESTART.addHandler(this);
    }

    /** Done when the step has been taken. */
    CompletableFuture<Void> taken() {
        return taken;
    }

    @Override
    public void publish(LogRecord line) {
        if (step.line.matcher(line.getMessage()).find() && isTheOne()) {
            action.run();
            taken.complete(null);
        }
    }

    private synchronized boolean isTheOne() {
        return ++seen == step.times;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        INFINISPAN.removeHandler(this);
        RESTART.removeHandler(this);
        RESTART.setLevel(null);
    }
}
