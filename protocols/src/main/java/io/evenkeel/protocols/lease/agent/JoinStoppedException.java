package io.evenkeel.protocols.lease.agent;

/** A join was ended from outside; the message says by what. */
public final class JoinStoppedException extends Exception {
    private static final long serialVersionUID = 1;

    JoinStoppedException(String why) {
        super(why);
    }
}
