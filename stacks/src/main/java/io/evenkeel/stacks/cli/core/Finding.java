package io.evenkeel.stacks.cli.core;

import java.util.Comparator;

/**
 * One verdict.
 *
 * @param subject a member, "this host", "the database" or "the cluster"
 * @param detail what was seen, one line
 */
public record Finding(FindingCode code, String subject, String detail) {
    /** Worst first, and among equals those that explain others. */
    static final Comparator<Finding> ORDER = Comparator.comparing(
                    (Finding finding) -> finding.code().severity())
            .thenComparing(Finding::code)
            .thenComparing(Finding::subject)
            .thenComparing(Finding::detail);

    public Severity severity() {
        return code.severity();
    }

    public String remedy() {
        return code.remedy();
    }
}
