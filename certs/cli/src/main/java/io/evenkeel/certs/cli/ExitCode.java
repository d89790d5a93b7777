package io.evenkeel.certs.cli;

/** Exit codes that scripts may rely on. */
final class ExitCode {
    static final int OK = 0;
    /** A file, a peer or the disk: the line on the standard error output says which and what to do. */
    static final int FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** {@code verify} found that one would refuse the other, {@code inspect} found a problem. */
    static final int REFUSED = 3;
    /** {@code rotate-ca} waits for nodes. */
    static final int WAITING = 4;
    /** Something is there already and {@code --force} was not given. */
    static final int EXISTS = 5;

    private ExitCode() {}
}
