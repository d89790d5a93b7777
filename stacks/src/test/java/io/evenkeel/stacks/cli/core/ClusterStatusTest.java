package io.evenkeel.stacks.cli.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.core.Expiry;
import io.evenkeel.protocols.lease.LeaseRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterStatusTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final MetricFacts MISSING = new MetricFacts.Missing("no metrics there");

    @Test
    void whatIsKnownIsShown() {
        NodeStatus node = status(row(true, 1_500), spoke(NOW.plus(Duration.ofDays(30))), metrics(0, 0, 0))
                .nodes()
                .get(0);

        assertThat(node.name()).isEqualTo("a");
        assertThat(node.cells())
                .allSatisfy((column, cell) -> assertThat(cell.unknown()).isEmpty());
        assertThat(node.cells().values())
                .extracting(Cell::text)
                .containsExactly("coordinator", "1.0", "1.5 s of 9.5 s", "7 of 1", "3", "yes", "30 days", "settled");
        assertThat(node.progress()).isNegative();
    }

    @Test
    void whatIsNotKnownHasAReason() {
        NodeStatus node =
                status(row(true, 0), new Reach.Silent("x"), MISSING).nodes().get(0);

        assertThat(node.cells().get("version").unknown()).contains("it does not introduce itself: Silent");
        for (String column : List.of("connections", "tls", "certificate", "state")) {
            assertThat(node.cells().get(column)).isEqualTo(new Cell("?", Optional.of("no metrics there")));
        }
    }

    /** The end of the certificate and TLS are known from /metrics where the visit shows nothing. */
    @Test
    void metricsStandInForTheVisit() {
        NodeStatus node = status(row(true, 0), new Reach.Silent("x"), metrics(0, 0, 0))
                .nodes()
                .get(0);

        assertThat(node.cells().get("tls").text()).isEqualTo("yes");
        assertThat(node.cells().get("certificate").text()).isEqualTo("10 days");
    }

    @ParameterizedTest
    @CsvSource({
        "0,0,0,settled,-1",
        "256,256,0,'receives, 0 % of 256 segments',0",
        "256,64,2.2,'receives, 75 % of 256 segments, 3 s left',0.75",
        "256,0,0,'receives, 100 % of 256 segments',1"
    })
    void theStateMovesWithItsProgress(
            double segments, double awaited, double remainingS, String text, double progress) {
        NodeStatus node = status(row(true, 0), spoke(NOW), metrics(segments, awaited, remainingS))
                .nodes()
                .get(0);

        assertThat(node.cells().get("state").text()).isEqualTo(text);
        assertThat(node.progress()).isEqualTo(progress);
    }

    @ParameterizedTest
    @CsvSource({"true,0,coordinator", "false,0,member", "true,9501,gone"})
    void rolesAreToldByTheRow(boolean coordinator, long ageMs, String role) {
        assertThat(status(row(coordinator, ageMs), new Reach.Refused(), MISSING)
                        .nodes()
                        .get(0)
                        .cells()
                        .get("role")
                        .text())
                .isEqualTo(role);
    }

    @Test
    void anExpiredCertificateHasNoDays() {
        assertThat(status(row(true, 0), spoke(NOW.minusSeconds(1)), MISSING)
                        .nodes()
                        .get(0)
                        .cells()
                        .get("certificate")
                        .text())
                .isEqualTo("expired");
    }

    @Test
    void theSummaryNamesTheCoordinator() {
        assertThat(status(row(true, 0), spoke(NOW), MISSING).summary())
                .isEqualTo("1 of 1 rows beat; coordinator: a with view 7 of 1");
        assertThat(ClusterStatus.of(
                                new ClusterFacts(
                                        "C",
                                        "1.0",
                                        new DatabaseFacts.Unreadable(DatabaseFacts.Failure.DOWN, "x"),
                                        new KeyFacts.Unknown(),
                                        List.of()),
                                row -> MISSING,
                                NOW)
                        .summary())
                .isEqualTo("the lease table cannot be read");
    }

    private static ClusterStatus status(LeaseRow row, Reach reach, MetricFacts metrics) {
        return ClusterStatus.of(
                new ClusterFacts(
                        "C",
                        "1.0",
                        new DatabaseFacts.Read(OptionalLong.of(0), List.of(), List.of()),
                        new KeyFacts.ClearText(),
                        List.of(new MemberFacts(row, reach))),
                asked -> metrics,
                NOW);
    }

    private static LeaseRow row(boolean coordinator, long ageMs) {
        return Rows.aged(Rows.row("a", coordinator, "a|7", 1), ageMs);
    }

    private static Reach spoke(Instant end) {
        CertificateFacts certificate = new CertificateFacts(
                "'CN=a'", end, Expiry.Level.FINE, Optional.empty(), Optional.empty(), Optional.empty());
        return new Reach.Spoke(Optional.of(certificate), "C", 1, "1.0", false, OptionalLong.empty(), Optional.empty());
    }

    private static MetricFacts metrics(double segments, double awaited, double remainingS) {
        return new MetricFacts.Read(
                OptionalDouble.of(3),
                OptionalDouble.of(1),
                OptionalDouble.of((double) NOW.plus(Duration.ofDays(10)).getEpochSecond()),
                OptionalDouble.of(segments),
                OptionalDouble.of(awaited),
                OptionalDouble.of(remainingS));
    }
}
