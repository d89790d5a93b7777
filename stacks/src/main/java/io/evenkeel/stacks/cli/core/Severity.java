package io.evenkeel.stacks.cli.core;

/** The urgency of a finding, worst first. */
public enum Severity {
    /** The cluster is or will be in pieces, or a node cannot take part in it. */
    CRITICAL(2),
    /** The cluster works; an operator has to act on it. */
    WARNING(1),
    /** Good to know. */
    NOTICE(0);

    private final int exitCode;

    Severity(int exitCode) {
        this.exitCode = exitCode;
    }

    /** The exit code of a command whose worst finding this is, as monitoring plugins have it. */
    public int exitCode() {
        return exitCode;
    }
}
