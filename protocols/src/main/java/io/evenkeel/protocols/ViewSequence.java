package io.evenkeel.protocols;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jgroups.Address;
import org.jgroups.View;
import org.jspecify.annotations.Nullable;

/**
 * The order in which one receiver gets its views: that of their installation, on whatever threads they come.
 *
 * <p>GMS installs views in order and tells of them after it has released its lock (JGRP-3036), so an older view can
 * reach the other protocols after a newer one. They would take the members that have joined meanwhile for gone.
 *
 * <p>GMS installs a view only if its id is above that of the view before, of any creator; a merge's id is above those
 * of all views it merges. So the number in the id alone tells which view is older. It starts anew with each connection
 * of the channel: a member that has left and founded a cluster of its own is in a view 0. Its address is new as well,
 * which tells the views of the two connections apart.
 *
 * <p>A view waits while another is being delivered, so that the two cannot overtake each other in the receiver, but not
 * without a limit: the receiver may be an application that waits for what only the newer view brings, credits that a
 * dead member owes for one.
 */
final class ViewSequence {
    /** Longer than any protocol takes for a view, also while a JVM starts. */
    static final long MAX_WAIT_NS = TimeUnit.SECONDS.toNanos(5);

    private static final long NONE = Long.MIN_VALUE;

    private final ReentrantLock turn = new ReentrantLock(true);
    private final long maxWaitNs;
    private long latest = NONE;
    /** Grows with each connection of the channel. */
    private long connection;

    ViewSequence() {
        this(MAX_WAIT_NS);
    }

    ViewSequence(long maxWaitNs) {
        this.maxWaitNs = maxWaitNs;
    }

    /**
     * Runs the receiver with a view unless the view is out of date: older than one that was delivered, or of an earlier
     * connection of the channel. A view that comes while the receiver handles another waits for it, but no longer than
     * the limit.
     *
     * @param self the address of this member; null before it has one
     * @return false if the view is out of date; then the receiver was not run
     */
    boolean deliver(View view, @Nullable Address self, Runnable receiver) {
        long of = connection();
        boolean inTurn = awaitTurn();
        try {
            if (!advance(view, self, of)) {
                return false;
            }
            receiver.run();
            return true;
        } finally {
            if (inTurn) {
                turn.unlock();
            }
        }
    }

    /** Starts over: the channel has left its cluster. */
    synchronized void reset() {
        latest = NONE;
        connection++;
    }

    private synchronized long connection() {
        return connection;
    }

    /** A view that has waited since an earlier connection would make those of this one, which start at 0, older. */
    private synchronized boolean advance(View view, @Nullable Address self, long of) {
        long id = view.getViewId().getId();
        if (of != connection || id < latest || (self != null && !view.containsMember(self))) {
            return false;
        }
        latest = id;
        return true;
    }

    /**
     * Waits on when interrupted: JGroups interrupts its threads to cancel a merge, and their view has to come all the
     * same.
     */
    private boolean awaitTurn() {
        long deadlineNs = System.nanoTime() + maxWaitNs;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return turn.tryLock(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
