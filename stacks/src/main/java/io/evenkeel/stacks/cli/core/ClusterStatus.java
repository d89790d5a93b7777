package io.evenkeel.stacks.cli.core;

import io.evenkeel.protocols.lease.LeaseRow;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A cluster at one time.
 *
 * @param nodes one per row of the table
 * @param findings those of the doctor
 */
public record ClusterStatus(
        String cluster, Instant at, String summary, List<NodeStatus> nodes, List<Finding> findings) {
    private static final double CLEAR_TEXT = -1;

    public ClusterStatus {
        nodes = List.copyOf(nodes);
        findings = List.copyOf(findings);
    }

    /**
     * Puts it together.
     *
     * @param metrics by the node's name
     */
    public static ClusterStatus of(ClusterFacts facts, Function<LeaseRow, MetricFacts> metrics, Instant at) {
        return new ClusterStatus(
                facts.cluster(),
                at,
                summary(facts),
                facts.members().stream()
                        .map(member -> node(member, metrics.apply(member.row()), at))
                        .toList(),
                Diagnosis.of(facts));
    }

    private static String summary(ClusterFacts facts) {
        if (facts.database() instanceof DatabaseFacts.Unreadable) {
            return "the lease table cannot be read";
        }
        List<LeaseRow> beating = facts.members().stream()
                .filter(MemberFacts::beats)
                .map(MemberFacts::row)
                .toList();
        String coordinators = beating.stream()
                .filter(LeaseRow::coordinator)
                .map(row -> row.who().name() + " with view " + Diagnosis.number(row.viewId()) + " of " + row.viewSize())
                .sorted()
                .reduce((one, other) -> one + ", " + other)
                .orElse("none");
        return beating.size() + " of " + facts.members().size() + " rows beat; coordinator: " + coordinators;
    }

    private static NodeStatus node(MemberFacts member, MetricFacts metrics, Instant at) {
        LeaseRow row = member.row();
        Map<String, Cell> cells = new LinkedHashMap<>();
        cells.put("role", Cell.of(role(member)));
        cells.put("version", version(member.reach()));
        cells.put("lease", Cell.of(Diagnosis.seconds(row.ageMs()) + " of " + Diagnosis.seconds(row.leaseMs())));
        cells.put(
                "view",
                Cell.of(row.viewId().isEmpty() ? "none" : Diagnosis.number(row.viewId()) + " of " + row.viewSize()));
        cells.put("connections", value(metrics, MetricFacts.Read::openConnections, number -> whole(number)));
        cells.put("tls", tls(member.reach(), metrics));
        cells.put("certificate", certificate(member.reach(), metrics, at));
        OptionalDouble progress = progress(metrics);
        cells.put("state", value(metrics, MetricFacts.Read::segments, segments -> state(progress, segments, metrics)));
        return new NodeStatus(row.who().name(), row.who().physicalAddress(), progress.orElse(-1), cells);
    }

    private static String role(MemberFacts member) {
        if (!member.beats()) {
            return member.answers() ? "without database" : "gone";
        }
        return member.row().coordinator() ? "coordinator" : member.row().inView() ? "member" : "joining";
    }

    private static Cell version(Reach reach) {
        return reach instanceof Reach.Spoke spoke
                ? Cell.of(spoke.version())
                : Cell.unknown(
                        "it does not introduce itself: " + reach.getClass().getSimpleName());
    }

    private static Cell tls(Reach reach, MetricFacts metrics) {
        if (reach instanceof Reach.Spoke spoke) {
            return Cell.of(spoke.certificate().isPresent() ? "yes" : "clear text");
        }
        return value(metrics, MetricFacts.Read::tlsProvider, provider -> provider == CLEAR_TEXT ? "clear text" : "yes");
    }

    private static Cell certificate(Reach reach, MetricFacts metrics, Instant at) {
        Optional<CertificateFacts> shown = reach instanceof Reach.Spoke spoke
                ? spoke.certificate()
                : reach instanceof Reach.TlsEnded ended ? ended.certificate() : Optional.empty();
        if (shown.isPresent()) {
            return Cell.of(days(at, shown.get().notAfter()));
        }
        if (reach instanceof Reach.Spoke) {
            return Cell.of("none");
        }
        return value(
                metrics,
                MetricFacts.Read::certificateEndS,
                end -> end <= 0 ? "none" : days(at, Instant.ofEpochSecond((long) end.doubleValue())));
    }

    private static String days(Instant at, Instant end) {
        long days = Duration.between(at, end).toDays();
        return end.isBefore(at) ? "expired" : days + (days == 1 ? " day" : " days");
    }

    private static OptionalDouble progress(MetricFacts metrics) {
        if (metrics instanceof MetricFacts.Read read
                && read.segments().orElse(0) > 0
                && read.awaitedSegments().isPresent()) {
            double share =
                    1 - read.awaitedSegments().getAsDouble() / read.segments().getAsDouble();
            return OptionalDouble.of(Math.max(0, Math.min(1, share)));
        }
        return OptionalDouble.empty();
    }

    private static String state(OptionalDouble progress, double segments, MetricFacts metrics) {
        if (progress.isEmpty()) {
            return "settled";
        }
        double remainingS = ((MetricFacts.Read) metrics).remainingS().orElse(0);
        return String.format(
                Locale.ROOT,
                "receives, %.0f %% of %.0f segments%s",
                100 * progress.getAsDouble(),
                segments,
                remainingS > 0 ? ", " + whole(Math.ceil(remainingS)) + " s left" : "");
    }

    private static Cell value(
            MetricFacts metrics, Function<MetricFacts.Read, OptionalDouble> series, Function<Double, String> shown) {
        if (metrics instanceof MetricFacts.Missing missing) {
            return Cell.unknown(missing.reason());
        }
        OptionalDouble value = series.apply((MetricFacts.Read) metrics);
        return value.isPresent()
                ? Cell.of(shown.apply(value.getAsDouble()))
                : Cell.unknown("its /metrics has no such series");
    }

    private static String whole(double number) {
        return Long.toString((long) number);
    }
}
