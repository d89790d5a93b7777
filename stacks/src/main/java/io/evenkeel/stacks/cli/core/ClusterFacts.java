package io.evenkeel.stacks.cli.core;

import java.util.List;

/**
 * All that was seen of a cluster at one time.
 *
 * @param cluster its name
 * @param packVersion of the jar that looks
 * @param database the table
 * @param keys this host's own
 * @param members one per row, by name
 */
public record ClusterFacts(
        String cluster, String packVersion, DatabaseFacts database, KeyFacts keys, List<MemberFacts> members) {
    public ClusterFacts {
        members = List.copyOf(members);
    }
}
