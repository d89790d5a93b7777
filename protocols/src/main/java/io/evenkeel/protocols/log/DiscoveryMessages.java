package io.evenkeel.protocols.log;

/** Messages of discovery, by the lease table and without one: EVK0101 to EVK0199. */
public final class DiscoveryMessages {
    public static final LogMessage TABLE_AWAY = LogMessage.warn(
            101,
            "the lease table does not answer%s: %s; nobody is declared dead and nobody founds a cluster meanwhile, %s",
            "The database cannot be reached, refuses the login or fails. Repeated every five minutes, and when the"
                    + " fault changes.",
            "Mend the database or the way to it. Members that have joined go on without it; nodes that start wait.");

    public static final LogMessage TABLE_BACK = LogMessage.info(
            102, "the lease table is back after %d s", "The first read or write after EVK0101 has worked.", "None.");

    public static final LogMessage TABLE_SLOW_AT_START = LogMessage.warn(
            103,
            "the lease table has not answered within %d ms, going on",
            "The database did not answer in time while this member started.",
            "None if EVK0102 follows; else as for EVK0101.");

    public static final LogMessage TABLE_RECREATED = LogMessage.warn(
            104,
            "table %s was dropped; it is created anew and filled with the next beats",
            "The lease table has vanished while members ran.",
            "Find out what drops tables in this database: a schema tool with a clean step, for one.");

    public static final LogMessage DIALECT_UNTRIED = LogMessage.warn(
            105,
            "the SQL of the lease table for %s has never been run on a real one; try kills, restarts and outages"
                    + " before you rely on it",
            "The database is one for which the release has SQL but no test.",
            "Try it before production, and tell the project how it went.");

    public static final LogMessage TABLE_REFUSED = LogMessage.refusal(
            106,
            "JDBC_PING_LEASE cannot start: %s",
            "The lease table cannot be used without a change: a refused login, missing rights, a table of another"
                    + " shape, an unknown database.",
            "Do what the line says; where it prints DDL, let the owner of the schema run it.");

    public static final LogMessage ROW_GONE = LogMessage.warn(
            107,
            "our row has gone from the lease table although we live; entering it again. %s",
            "Another member took this one for dead, or the table was emptied or restored; the line says which.",
            "Look for long pauses of this process (-Xlog:gc, a starved processor), or for what changes the table.");

    public static final LogMessage ROW_NOT_DELETED = LogMessage.warn(
            108,
            "could not delete our lease (%s); it runs out by itself in %d ms",
            "The database did not answer while this member left.",
            "None. Others see the row as that of a dead member until the lease is over.");

    public static final LogMessage PROCESS_STOOD_STILL = LogMessage.warn(
            109,
            "this process was stopped for longer than a lease; reading the lease table before it is ready again",
            "The JVM, the container or the host stood still: a long collection, a snapshot, a paused machine, no"
                    + " processor.",
            "Find out what stopped it. Others may have excluded this member, and it then joins again by itself.");

    public static final LogMessage AGENT_FAILED = LogMessage.error(
            110,
            "lease agent: unexpected failure, going on: %s",
            "The database driver or the pack threw what it should not.",
            "Report the line with its trace and the version of the driver.");

    public static final LogMessage AGENT_INTERRUPTED = LogMessage.warn(
            111,
            "lease agent: interrupted, stopping",
            "Code in this process interrupted the thread that keeps the lease.",
            "Restart the member: without a heartbeat it is taken for dead. Find out which code interrupts threads.");

    public static final LogMessage ROW_UNREADABLE = LogMessage.warn(
            112,
            "cannot read the addresses in the lease row of %s; is it of another version?",
            "A row holds an address in a form that this release does not know.",
            "Run the same jar on all members.");

    public static final LogMessage VIEW_UNREADABLE = LogMessage.warn(
            113,
            "cannot read the view of %s: %s",
            "The rows of another coordinator's view hold what this release cannot read.",
            "Run the same jar on all members. Until then MERGE3 merges the parts, without the table.");

    public static final LogMessage EVICTED = LogMessage.info(
            114,
            "evicted the row of %s: %s",
            "A member's lease ran out, or its process was shown to have ended.",
            "None; if that member should run, look at its log.");

    public static final LogMessage NOT_MERGING = LogMessage.warn(
            115,
            "not merging with %s",
            "A coordinator's row is in this table, and the coordinator itself reads another one: something copies rows"
                    + " from one database to the other.",
            "Give one of the clusters another name or another database, and clear copied tables.");

    public static final LogMessage MERGING = LogMessage.info(
            116,
            "%s: the lease table shows other coordinators of %s, merging: %s",
            "A split has ended, or members founded apart.",
            "None. If it repeats, see the refusals between the members that it names.");

    public static final LogMessage STOCK_BESIDE = LogMessage.warn(
            117,
            "%s; stop them, start them with the stack of this member, or move the cluster node by node over the stack"
                    + " evenkeel-migrate. %s",
            "Nodes on the stack jdbc-ping run on the same database. Repeated each minute.",
            "Stop the nodes that the line names, or start them with --cache-stack=evenkeel-jdbc.");

    public static final LogMessage STOCK_GONE = LogMessage.info(
            118,
            "no member on the stack jdbc-ping runs beside this cluster any more",
            "The state of EVK0117 has ended.",
            "None.");

    public static final LogMessage STOCK_UNREADABLE = LogMessage.info(
            119,
            "members on the stack jdbc-ping beside this cluster would not be noticed: %s",
            "The table of jdbc-ping cannot be read with this member's rights.",
            "Grant SELECT on it, or leave it: it matters only while stacks are changed.");

    public static final LogMessage FOUNDING = LogMessage.info(
            120,
            "%s: founding cluster %s (epoch %d)",
            "No member that this one could join is alive, by the table and by probes.",
            "None, if this is the first member.");

    public static final LogMessage NOT_JOINED_YET = LogMessage.warn(
            121,
            "%s: cannot join %s yet: %s",
            "There is a coordinator, or a row that may be one's, that this member can neither join nor rule out.",
            "See the end of the line, and troubleshooting. The member goes on trying and founds nothing meanwhile.");

    public static final LogMessage JOIN_ENDED = LogMessage.refusal(
            122,
            "JDBC_PING_LEASE: the join of %s was ended: %s; what stood in its way: %s",
            "The process was told to stop, or max_join_time is over, before there was a cluster to join.",
            "See what stood in its way; each entry is one of EVK0121.");

    public static final LogMessage JOIN_FAILED = LogMessage.refusal(
            123,
            "cannot join %s: %s",
            "The thread that looks for a cluster ended before it found one.",
            "See the cause below the line; report it if it is none of the database's.");

    public static final LogMessage MAX_JOIN_ATTEMPTS_OFF = LogMessage.info(
            124,
            "GMS.max_join_attempts=%d would found a second cluster beside one that cannot be joined; it is off",
            "The stack's XML limits the attempts to join.",
            "Remove the attribute; max_join_time of JDBC_PING_LEASE ends a join instead.");

    public static final LogMessage JOINING_BESIDE_TABLE = LogMessage.info(
            125,
            "%s: joining %s by %s, as the lease table does not answer",
            "The database is away, and a member answered at the addresses that the operator gave for that.",
            "None for the join; mend the database as for EVK0101.");

    public static final LogMessage NAME_LISTS_NOBODY = LogMessage.warn(
            152,
            "STRICT_DNS_PING.dns_query=%s lists nobody (record type %s), not even this member: it founds"
                    + " a cluster alone. If other members run, check the name and the record type, and whether DNS"
                    + " answers here; a headless service of Kubernetes lists pods before they are ready with"
                    + " publishNotReadyAddresses: true",
            "DNS answers with no address, or not at all.",
            "None for the first member where DNS lists ready pods only; else as the line says.");

    public static final LogMessage MEMBER_MAY_BE_LATE = LogMessage.warn(
            153,
            "%s: not founding %s yet, a member may be late: %s",
            "Something listens at an address of the list, and has not said yet whether it is a member.",
            "None if a member starts there. Else look at what listens: the wait ends after 30 s.");

    public static final LogMessage FOUNDING_UNSURE = LogMessage.warn(
            154,
            "%s: no member of %s has responded within %d ms, going on although a member may be late: %s",
            "The wait of EVK0153 is over.",
            "If a member lives at that address there are two clusters: let both reach each other, and they merge.");

    public static final LogMessage SEARCH_ENDED = LogMessage.refusal(
            155,
            "%s: the join of %s was ended: %s",
            "The process was told to stop before it had found a cluster.",
            "None.");

    private DiscoveryMessages() {}
}
