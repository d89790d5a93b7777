package io.evenkeel.it.bench.restart;

/** Counts the logins, and keeps them away while the sessions are counted. Any thread. */
final class LoginGate {
    private boolean shut;
    private int inside;
    private long done;

    /** True if a login may start now; its end is told to {@link #leave}. */
    synchronized boolean enter() {
        if (shut) {
            return false;
        }
        inside++;
        return true;
    }

    synchronized void leave(boolean loggedIn) {
        inside--;
        if (loggedIn) {
            done++;
        }
        notifyAll();
    }

    /** Shuts it, waits until those inside have left, and returns how many logins there were by then. */
    synchronized long shut() throws InterruptedException {
        shut = true;
        while (inside > 0) {
            wait();
        }
        return done;
    }

    synchronized void open() {
        shut = false;
    }
}
