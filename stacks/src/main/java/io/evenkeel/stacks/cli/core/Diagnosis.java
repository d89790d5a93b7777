package io.evenkeel.stacks.cli.core;

import io.evenkeel.certs.core.Expiry;
import io.evenkeel.certs.core.HandshakeRefusal;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.StockRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Derives the findings from the facts about a cluster. Serves one diagnosis. */
public final class Diagnosis {
    /** A greater difference of two clocks is a finding; a connection's way there and back is far shorter. */
    static final long MAX_SKEW_MS = 2_000;

    private static final String HERE = "this host";
    private static final String DATABASE = "the database";
    private static final String CLUSTER = "the cluster";

    private final ClusterFacts facts;
    private final List<MemberFacts> beating;
    private final List<Finding> findings = new ArrayList<>();
    /** Of the cluster, on jdbc-ping. */
    private int membersWithoutLease;

    private Diagnosis(ClusterFacts facts) {
        this.facts = facts;
        beating = facts.members().stream().filter(MemberFacts::beats).toList();
    }

    /** The findings, worst first; none if all is well. */
    public static List<Finding> of(ClusterFacts facts) {
        return new Diagnosis(facts).run();
    }

    /** The exit code of a command that shows these findings. */
    public static int exitCode(List<Finding> findings) {
        return findings.stream()
                .mapToInt(finding -> finding.severity().exitCode())
                .max()
                .orElse(0);
    }

    private List<Finding> run() {
        database();
        keys();
        facts.members().forEach(this::member);
        if (facts.database() instanceof DatabaseFacts.Read) {
            rows();
        }
        versions();
        clocks();
        return findings.stream().distinct().sorted(Finding.ORDER).toList();
    }

    private void add(FindingCode code, String subject, String detail) {
        findings.add(new Finding(code, subject, detail));
    }

    private void database() {
        if (facts.database() instanceof DatabaseFacts.Unreadable unreadable) {
            add(unreadable.failure().code(), DATABASE, unreadable.message());
        } else if (facts.database() instanceof DatabaseFacts.Read read) {
            long leaseMs = facts.members().stream()
                    .mapToLong(member -> member.row().leaseMs())
                    .max()
                    .orElse(Long.MAX_VALUE);
            read.others().stream()
                    .filter(other -> other.youngestMs() <= leaseMs)
                    .forEach(other -> add(
                            FindingCode.OTHER_CLUSTER,
                            DATABASE,
                            "members of cluster '" + other.name() + "' beat in the same table as those of '"
                                    + facts.cluster() + "': " + count(other.members(), "row")));
            stock(read.stock());
        }
    }

    /** A member on evenkeel-migrate has a row in both tables, and is in one cluster with those on jdbc-ping. */
    private void stock(List<StockRow> rows) {
        Set<String> leased = facts.members().stream()
                .map(member -> member.row().who().physicalAddress())
                .collect(Collectors.toSet());
        List<StockRow> others = rows.stream()
                .filter(row -> !leased.contains(row.physicalAddress()))
                .toList();
        String names = others.stream().map(StockRow::label).collect(Collectors.joining(", "));
        if (others.size() < rows.size()) {
            membersWithoutLease = others.size();
        }
        if (membersWithoutLease > 0) {
            add(
                    FindingCode.MIGRATION,
                    CLUSTER,
                    "members on jdbc-ping are in it by those on evenkeel-migrate: " + names);
        } else if (!others.isEmpty()) {
            add(
                    FindingCode.STOCK_CLUSTER,
                    DATABASE,
                    "members on jdbc-ping with the same cluster name run on it: " + names);
        }
    }

    private void keys() {
        if (facts.keys() instanceof KeyFacts.Unusable unusable) {
            add(unusable.code(), HERE, unusable.message());
        } else if (facts.keys() instanceof KeyFacts.ClearText) {
            add(FindingCode.CLEAR_TEXT, HERE, "mutual TLS between the nodes is off");
        } else if (facts.keys() instanceof KeyFacts.Usable usable) {
            certificate(HERE + ", " + usable.source(), usable.own());
        }
    }

    private void member(MemberFacts member) {
        Reach reach = member.reach();
        if (!member.beats()) {
            silentMember(member);
            return;
        }
        if (isLoopback(member.row()) && beating.stream().anyMatch(other -> !isLoopback(other.row()))) {
            add(
                    FindingCode.ADDRESS_UNROUTABLE,
                    member.label(),
                    "its address leads back to each host itself, and the others are on other hosts");
            return;
        }
        if (reach instanceof Reach.NoRoute none) {
            add(
                    FindingCode.ADDRESS_UNROUTABLE,
                    member.label(),
                    "it beats, but its address leads nowhere: " + none.detail());
        } else if (reach instanceof Reach.Refused) {
            add(FindingCode.PORT_REFUSED, member.label(), "it beats, but nobody listens on the port in its row");
        } else if (reach instanceof Reach.Silent silent) {
            add(FindingCode.PORT_BLOCKED, member.label(), "it beats, but its port does not answer: " + silent.detail());
        } else if (reach instanceof Reach.Stranger stranger) {
            stranger.certificate().ifPresent(shown -> certificate(member.label(), shown));
            add(FindingCode.NOT_EVENKEEL, member.label(), stranger.detail());
        } else if (reach instanceof Reach.PlainText plain) {
            add(FindingCode.PLAIN_TEXT, member.label(), plain.detail());
        } else if (reach instanceof Reach.TlsEnded ended) {
            ended.certificate().ifPresent(shown -> certificate(member.label(), shown));
            ended(member.label(), ended);
        } else if (reach instanceof Reach.Spoke spoke) {
            spoke(member, spoke);
        }
    }

    /** A row that nobody renews: of a process that is gone, or that does not reach the database. */
    private void silentMember(MemberFacts member) {
        String since = "no heartbeat for " + seconds(member.row().ageMs()) + ", its lease was "
                + seconds(member.row().leaseMs());
        if (member.answers()) {
            add(
                    FindingCode.NO_HEARTBEAT,
                    member.label(),
                    "it answers at its address, but its row is not renewed: " + since);
        } else {
            add(FindingCode.STALE_ROW, member.label(), since + ", and its process does not answer at its address");
        }
    }

    private void spoke(MemberFacts member, Reach.Spoke spoke) {
        spoke.certificate().ifPresent(shown -> certificate(member.label(), shown));
        if (spoke.formatDiffers()) {
            add(
                    FindingCode.WIRE_FORMATS_DIFFER,
                    member.label(),
                    "it runs Evenkeel " + spoke.version() + ", which speaks another wire format than "
                            + facts.packVersion());
        } else if (!spoke.cluster().equals(member.row().who().cluster())) {
            add(
                    FindingCode.WRONG_MEMBER,
                    member.label(),
                    "a member of cluster '" + spoke.cluster() + "' answers at its address");
        } else if (!member.answers()) {
            add(
                    FindingCode.WRONG_MEMBER,
                    member.label(),
                    String.format(
                            "another process answers at its address (incarnation %x, the row has %x)",
                            spoke.incarnation(), member.row().incarnation()));
        } else if (keysWork()) {
            spoke.refusal()
                    .ifPresent(why ->
                            add(FindingCode.REFUSED_BY_MEMBER, member.label(), "it turns this host down: " + why));
        }
    }

    /** A host whose own keys cannot be used is refused anyway, which says nothing about the peer. */
    private boolean keysWork() {
        return !(facts.keys() instanceof KeyFacts.Unusable);
    }

    private void ended(String subject, Reach.TlsEnded ended) {
        HandshakeRefusal refusal = ended.refusal();
        if (refusal.byPeer() && !keysWork()) {
            return;
        }
        boolean judged = !refusal.byPeer()
                && ended.certificate().flatMap(CertificateFacts::distrust).isPresent();
        if (!judged) {
            add(code(refusal.reason()), subject, refusal.message(subject));
        }
    }

    private void certificate(String subject, CertificateFacts certificate) {
        String which = "certificate " + certificate.label();
        certificate
                .distrust()
                .ifPresentOrElse(
                        reason -> add(
                                code(reason),
                                subject,
                                which
                                        + (reason == HandshakeRefusal.Reason.EXPIRED
                                                ? " ended at " + certificate.notAfter()
                                                : " is not accepted by this host's trust: " + reason)),
                        () -> expiry(subject, which, certificate));
        certificate.unauthorized().ifPresent(why -> add(FindingCode.NAME_NOT_AUTHORIZED, subject, why));
        certificate
                .uncertified()
                .ifPresent(address -> add(
                        FindingCode.ADDRESS_NOT_CERTIFIED,
                        subject,
                        which + " does not bear the node's address " + address));
    }

    private void expiry(String subject, String which, CertificateFacts certificate) {
        if (certificate.level() == Expiry.Level.EXPIRED) {
            add(FindingCode.CERTIFICATE_EXPIRED, subject, which + " ended at " + certificate.notAfter());
        } else if (certificate.level() != Expiry.Level.FINE) {
            add(FindingCode.CERTIFICATE_EXPIRES, subject, which + " ends at " + certificate.notAfter());
        }
    }

    static FindingCode code(HandshakeRefusal.Reason reason) {
        return switch (reason) {
            case EXPIRED -> FindingCode.CERTIFICATE_EXPIRED;
            case NOT_YET_VALID -> FindingCode.CERTIFICATE_NOT_YET_VALID;
            case UNKNOWN_AUTHORITY -> FindingCode.AUTHORITY_NOT_TRUSTED;
            case NOT_TLS -> FindingCode.PLAIN_TEXT;
            case NO_CERTIFICATE, REVOKED, WRONG_USAGE, BAD_CERTIFICATE -> FindingCode.CERTIFICATE_REFUSED;
            case PROTOCOL_VERSION, NO_COMMON_CIPHER, OTHER -> FindingCode.TLS_FAILED;
        };
    }

    private void rows() {
        if (beating.isEmpty()) {
            add(FindingCode.NO_MEMBERS, CLUSTER, "no node of cluster '" + facts.cluster() + "' beats in the table");
            return;
        }
        List<LeaseRow> rows = beating.stream().map(MemberFacts::row).toList();
        views(rows);
        settings(rows);
    }

    private void views(List<LeaseRow> rows) {
        List<LeaseRow> coordinators =
                rows.stream().filter(LeaseRow::coordinator).toList();
        Map<String, List<LeaseRow>> views = rows.stream()
                .filter(row -> !row.viewId().isEmpty())
                .collect(Collectors.groupingBy(LeaseRow::viewId, TreeMap::new, Collectors.toList()));
        if (coordinators.size() > 1) {
            add(
                    FindingCode.SPLIT_CLUSTER,
                    CLUSTER,
                    coordinators.size() + " coordinators beat: "
                            + coordinators.stream()
                                    .map(row -> row.label() + " with a view of " + row.viewSize())
                                    .collect(Collectors.joining("; ")));
        } else if (views.size() > 1) {
            add(
                    FindingCode.VIEWS_DIFFER,
                    CLUSTER,
                    views.entrySet().stream()
                            .map(view -> "view " + number(view.getKey()) + ": " + names(view.getValue()))
                            .collect(Collectors.joining("; ")));
        } else {
            views.values().forEach(this::viewSize);
        }
        rows.stream()
                .filter(row -> !row.inView())
                .forEach(row -> add(FindingCode.NOT_IN_VIEW, row.label(), "it beats, and is in no view"));
    }

    private void viewSize(List<LeaseRow> view) {
        int said = view.stream().mapToInt(LeaseRow::viewSize).max().orElse(0);
        if (said > view.size() + membersWithoutLease) {
            add(
                    FindingCode.MEMBERS_WITHOUT_ROW,
                    CLUSTER,
                    "the view has " + count(said, "member") + ", of which " + view.size() + " beat in the table: "
                            + names(view));
        }
    }

    private void settings(List<LeaseRow> rows) {
        Map<Long, List<LeaseRow>> leases =
                rows.stream().collect(Collectors.groupingBy(LeaseRow::leaseMs, TreeMap::new, Collectors.toList()));
        if (leases.size() > 1) {
            add(
                    FindingCode.SETTINGS_DIFFER,
                    CLUSTER,
                    "leases of "
                            + leases.entrySet().stream()
                                    .map(lease -> seconds(lease.getKey()) + " (" + names(lease.getValue()) + ")")
                                    .collect(Collectors.joining(", ")));
        }
    }

    private void versions() {
        Map<String, List<LeaseRow>> versions = beating.stream()
                .filter(member -> member.reach() instanceof Reach.Spoke)
                .collect(Collectors.groupingBy(
                        member -> ((Reach.Spoke) member.reach()).version(),
                        TreeMap::new,
                        Collectors.mapping(MemberFacts::row, Collectors.toList())));
        if (versions.size() > 1) {
            add(
                    FindingCode.VERSIONS_MIXED,
                    CLUSTER,
                    versions.entrySet().stream()
                            .map(version -> version.getKey() + " on " + names(version.getValue()))
                            .collect(Collectors.joining(", ")));
        } else if (!versions.isEmpty() && !versions.containsKey(facts.packVersion())) {
            add(
                    FindingCode.OTHER_JAR,
                    HERE,
                    "this jar is Evenkeel " + facts.packVersion() + ", the members run "
                            + versions.keySet().iterator().next());
        }
    }

    private void clocks() {
        OptionalLong database =
                facts.database() instanceof DatabaseFacts.Read read ? read.aheadMs() : OptionalLong.empty();
        database.ifPresent(aheadMs -> skew(HERE, -aheadMs, "the database's clock"));
        for (MemberFacts member : beating) {
            if (member.reach() instanceof Reach.Spoke spoke && spoke.aheadMs().isPresent()) {
                long aheadMs = spoke.aheadMs().getAsLong();
                if (database.isPresent()) {
                    skew(member.label(), aheadMs - database.getAsLong(), "the database's clock");
                } else {
                    skew(member.label(), aheadMs, "this host's clock");
                }
            }
        }
    }

    private void skew(String subject, long aheadMs, String of) {
        if (Math.abs(aheadMs) > MAX_SKEW_MS) {
            add(
                    FindingCode.CLOCK_SKEW,
                    subject,
                    "its clock is " + seconds(Math.abs(aheadMs)) + (aheadMs > 0 ? " ahead of " : " behind ") + of);
        }
    }

    private static boolean isLoopback(LeaseRow row) {
        String address = row.who().physicalAddress();
        return address.startsWith("127.")
                || address.startsWith("::1:")
                || address.startsWith("[::1]")
                || address.startsWith("localhost");
    }

    /** The part of a view's id by which people tell views apart. */
    static String number(String viewId) {
        return viewId.substring(viewId.lastIndexOf('|') + 1);
    }

    private static String names(List<LeaseRow> rows) {
        Set<String> names = new TreeSet<>();
        rows.forEach(row -> names.add(row.who().name()));
        return String.join(", ", names);
    }

    static String seconds(long ms) {
        return ms % 1000 == 0 || ms >= 100_000 ? ms / 1000 + " s" : ms / 1000 + "." + ms % 1000 / 100 + " s";
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
