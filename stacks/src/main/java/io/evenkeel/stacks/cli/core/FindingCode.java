package io.evenkeel.stacks.cli.core;

import static io.evenkeel.stacks.cli.core.Severity.CRITICAL;
import static io.evenkeel.stacks.cli.core.Severity.NOTICE;
import static io.evenkeel.stacks.cli.core.Severity.WARNING;

/** The kinds of findings, those that explain others first. */
public enum FindingCode {
    DATABASE_DOWN(
            CRITICAL,
            "start the database, or correct the address: db-url, db-url-host, db-url-port; the cluster"
                    + " goes on without it, but nobody can join"),
    DATABASE_LOGIN(CRITICAL, "correct db-username and db-password, or unlock the account"),
    DATABASE_RIGHTS(CRITICAL, "let the owner of the table run the GRANT that the message shows"),
    TABLE_MISSING(
            CRITICAL,
            "start a node whose user may create tables, or run the DDL that the message shows; check db-schema and"
                    + " --table"),
    TABLE_UNUSABLE(CRITICAL, "do what the message says"),
    KEYS_UNUSABLE(CRITICAL, "do what the message says; a node that starts with these files ends with the same message"),
    SPLIT_CLUSTER(
            CRITICAL,
            "let all members reach each other at the addresses in the table; the parts merge by themselves as soon"
                    + " as they do"),
    STOCK_CLUSTER(CRITICAL, "stop the nodes on jdbc-ping, or start them again with --cache-stack=evenkeel-jdbc"),
    ADDRESS_UNROUTABLE(
            CRITICAL,
            "set cache-embedded-network-bind-address of that node, or"
                    + " cache-embedded-network-external-address behind NAT, to an address that the others reach"),
    PORT_REFUSED(
            CRITICAL,
            "compare cache-embedded-network-bind-port and cache-embedded-network-external-port of that"
                    + " node with the port that it listens on, and look for a firewall that rejects"),
    PORT_BLOCKED(
            CRITICAL,
            "open the port between the nodes: firewall, security group, NetworkPolicy; it is the only one needed"),
    WRONG_MEMBER(CRITICAL, "give each node an address and port of its own, and no two clusters the same one"),
    NOT_EVENKEEL(
            CRITICAL, "find out who listens there: a proxy, a balancer, another program, or a node on another stack"),
    PLAIN_TEXT(
            CRITICAL,
            "give all nodes the same cache-embedded-mtls-enabled: members in clear and members with TLS do not see"
                    + " each other"),
    CERTIFICATE_EXPIRED(CRITICAL, "renew the certificate (./evenkeel certs renew), or compare the clocks"),
    CERTIFICATE_NOT_YET_VALID(CRITICAL, "compare the clocks of both hosts, or wait until the certificate is valid"),
    AUTHORITY_NOT_TRUSTED(
            CRITICAL,
            "let each side trust the CA that signed the other's certificate; all nodes of a cluster share one"),
    NAME_NOT_AUTHORIZED(
            CRITICAL, "compare authorized-peers with the names in the certificate (./evenkeel certs inspect)"),
    ADDRESS_NOT_CERTIFIED(
            CRITICAL,
            "issue the certificate with the node's IP address, or do without evenkeel-bind-identity-to-address"),
    CERTIFICATE_REFUSED(
            CRITICAL, "issue the certificate anew for both roles: digitalSignature, serverAuth, clientAuth"),
    TLS_FAILED(CRITICAL, "allow the same TLS versions, ciphers and groups on both sides"),
    REFUSED_BY_MEMBER(CRITICAL, "see the reason, which that member's log names too"),
    WIRE_FORMATS_DIFFER(CRITICAL, "stop all members, then start them with the same jar"),
    NO_MEMBERS(WARNING, "start a node, or name the cluster with --cluster if it is another one"),
    OTHER_CLUSTER(
            WARNING,
            "give one of the clusters a database or schema of its own; if they are meant to be one, give both the"
                    + " same name"),
    STALE_ROW(
            WARNING,
            "nothing if the node is meant to be gone: the next node that joins removes the row; else start it"),
    NO_HEARTBEAT(WARNING, "let that node reach the database: see its log for the reason"),
    NOT_IN_VIEW(WARNING, "see that node's log: it names each few seconds what its join waits for"),
    VIEWS_DIFFER(WARNING, "run this again; if it stays, see the logs of the members for refused connections"),
    MEMBERS_WITHOUT_ROW(WARNING, "let the members without a row reach the database; see the log of the coordinator"),
    VERSIONS_MIXED(WARNING, "finish the upgrade: put the same jar on all nodes and run kc.sh build"),
    SETTINGS_DIFFER(WARNING, "give all nodes the same lease_ttl and heartbeat_interval"),
    CLOCK_SKEW(
            WARNING,
            "synchronise the clocks (chrony, NTP): tokens and certificates are judged by them, leases are not"),
    CERTIFICATE_EXPIRES(
            WARNING, "renew the certificate (./evenkeel certs renew); files that change are read without a restart"),
    CLEAR_TEXT(
            WARNING,
            "set cache-embedded-mtls-enabled=true, unless nobody else can reach the network between the nodes"),
    MIGRATION(
            NOTICE,
            "bring the nodes on jdbc-ping to evenkeel-migrate, then all nodes to evenkeel-jdbc; until then no node may"
                    + " be on evenkeel-jdbc"),
    OTHER_JAR(NOTICE, "run kc.sh build and restart the node if this jar is meant to run");

    private final Severity severity;
    private final String remedy;

    FindingCode(Severity severity, String remedy) {
        this.severity = severity;
        this.remedy = remedy;
    }

    public Severity severity() {
        return severity;
    }

    public String remedy() {
        return remedy;
    }

    /** True if it shows for a moment in any change of the view, as rows are written one after the other. */
    public boolean passes() {
        return switch (this) {
            case SPLIT_CLUSTER, NOT_IN_VIEW, VIEWS_DIFFER, MEMBERS_WITHOUT_ROW, PORT_REFUSED, WRONG_MEMBER -> true;
            default -> false;
        };
    }
}
