package io.evenkeel.stacks.keycloak;

import io.evenkeel.stacks.log.StackMessages;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;

/**
 * A task that may hang, on a thread of its own. One run waits behind the one that is under way, for all who asked
 * meanwhile: it begins after the last of them and sees what they would see. The thread is a daemon and ends when nobody
 * asks.
 */
final class CoalescedTask {
    private static final Log LOG = LogFactory.getLog(CoalescedTask.class);
    private static final long IDLE_S = 10;

    private final String name;
    private final Runnable task;
    private final ThreadPoolExecutor thread;
    private volatile boolean failing;

    /**
     * @param name of what the task does, for the log and for the thread
     * @param task may throw: one WARN until it succeeds again
     */
    CoalescedTask(String name, Runnable task) {
        this.name = name;
        this.task = task;
        thread = new ThreadPoolExecutor(
                1,
                1,
                IDLE_S,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(1),
                runnable -> {
                    Thread made = new Thread(runnable, "evenkeel-" + name);
                    made.setDaemon(true);
                    return made;
                },
                new ThreadPoolExecutor.DiscardPolicy());
        thread.allowCoreThreadTimeOut(true);
    }

    /** Has the task run once more, from its beginning. Any thread; never waits. */
    void request() {
        thread.execute(this::run);
    }

    private void run() {
        try {
            task.run();
            failing = false;
        } catch (RuntimeException e) {
            if (failing) {
                LOG.debug("%s failed again: %s", name, e);
            } else {
                StackMessages.TASK_FAILED.to(LOG, name, e);
            }
            failing = true;
        }
    }
}
