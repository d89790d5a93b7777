package io.evenkeel.stacks.cli.core;

import static io.evenkeel.stacks.cli.core.Rows.LEASE_MS;
import static io.evenkeel.stacks.cli.core.Rows.aged;
import static io.evenkeel.stacks.cli.core.Rows.at;
import static io.evenkeel.stacks.cli.core.Rows.leased;
import static io.evenkeel.stacks.cli.core.Rows.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.core.Expiry;
import io.evenkeel.certs.core.HandshakeRefusal;
import io.evenkeel.certs.core.HandshakeRefusal.Reason;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.StockRow;
import io.evenkeel.stacks.cli.core.DatabaseFacts.Failure;
import io.evenkeel.stacks.cli.core.DatabaseFacts.OtherCluster;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DiagnosisTest {
    private static final String VERSION = "1.0";
    private static final DatabaseFacts READ = new DatabaseFacts.Read(OptionalLong.of(0), List.of(), List.of());
    private static final CertificateFacts FINE = certificate(Expiry.Level.FINE, null, null, null);
    private static final StockRow STOCK = new StockRow("x", "s-1", "10.0.0.9:7800", 5, "");
    private static final KeyFacts KEYS = new KeyFacts.Usable("tls.crt", FINE);

    @Test
    void nothingIsFoundInAHealthyCluster() {
        assertThat(codes(member(row("a", true, "a|1", 2), spoke(1)), member(row("b", false, "a|1", 2), spoke(1))))
                .isEmpty();
        assertThat(Diagnosis.exitCode(List.of())).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "DOWN,DATABASE_DOWN",
        "LOGIN,DATABASE_LOGIN",
        "RIGHTS,DATABASE_RIGHTS",
        "NO_TABLE,TABLE_MISSING",
        "OTHER,TABLE_UNUSABLE"
    })
    void aTableThatCannotBeReadIsTheOnlyFinding(Failure failure, FindingCode code) {
        List<Finding> findings = Diagnosis.of(new ClusterFacts(
                "C", VERSION, new DatabaseFacts.Unreadable(failure, "why"), new KeyFacts.Unknown(), List.of()));

        assertThat(findings).containsExactly(new Finding(code, "the database", "why"));
        assertThat(Diagnosis.exitCode(findings)).isEqualTo(2);
    }

    /** One below, at and one above. */
    @ParameterizedTest
    @CsvSource({"9499,true", "9500,true", "9501,false"})
    void aRowBeatsWhileItsLeaseLasts(long ageMs, boolean beats) {
        MemberFacts member = member(aged(row("a", true, "a|1", 1), ageMs), new Reach.Refused());

        assertThat(member.beats()).isEqualTo(beats);
        assertThat(codes(member))
                .isEqualTo(
                        beats
                                ? List.of(FindingCode.PORT_REFUSED)
                                : List.of(FindingCode.NO_MEMBERS, FindingCode.STALE_ROW));
    }

    @Test
    void aRowThatIsNotRenewedByAMemberThatAnswersIsNotStale() {
        assertThat(codes(member(aged(row("a", true, "a|1", 1), 60_000), spoke(1))))
                .containsExactly(FindingCode.NO_MEMBERS, FindingCode.NO_HEARTBEAT);
    }

    @Test
    void eachWayNotToReachAMemberHasItsCode() {
        assertThat(codes(alone(new Reach.NoRoute("x")))).containsExactly(FindingCode.ADDRESS_UNROUTABLE);
        assertThat(codes(alone(new Reach.Refused()))).containsExactly(FindingCode.PORT_REFUSED);
        assertThat(codes(alone(new Reach.Silent("x")))).containsExactly(FindingCode.PORT_BLOCKED);
        assertThat(codes(alone(new Reach.PlainText("x")))).containsExactly(FindingCode.PLAIN_TEXT);
        assertThat(codes(alone(new Reach.Stranger("x", Optional.empty())))).containsExactly(FindingCode.NOT_EVENKEEL);
        assertThat(codes(alone(spoke(2)))).containsExactly(FindingCode.WRONG_MEMBER);
        assertThat(codes(alone(new Reach.Spoke(
                        Optional.of(FINE), "other", 1, VERSION, false, OptionalLong.empty(), Optional.empty()))))
                .containsExactly(FindingCode.WRONG_MEMBER);
        assertThat(codes(alone(new Reach.Spoke(
                        Optional.of(FINE), "C", 1, VERSION, false, OptionalLong.empty(), Optional.of("LEFT")))))
                .containsExactly(FindingCode.REFUSED_BY_MEMBER);
        assertThat(codes(alone(new Reach.Spoke(
                        Optional.of(FINE), "", 0, VERSION, true, OptionalLong.empty(), Optional.empty()))))
                .containsExactly(FindingCode.WIRE_FORMATS_DIFFER);
    }

    @Test
    void aLoopbackAddressLeadsNowhereForMembersOnOtherHosts() {
        LeaseRow loopback = at(row("a", true, "a|1", 2), "127.0.0.1:7800");

        assertThat(codes(member(loopback, spoke(1)), member(row("b", false, "a|1", 2), spoke(1))))
                .containsExactly(FindingCode.ADDRESS_UNROUTABLE);
        assertThat(codes(member(loopback, spoke(1)), member(at(row("b", false, "a|1", 2), "127.0.0.1:7801"), spoke(1))))
                .isEmpty();
    }

    @Test
    void twoCoordinatorsAreASplitWhateverTheirViewsSay() {
        List<Finding> findings = diagnose(
                READ, KEYS, member(row("a", true, "a|2", 1), spoke(1)), member(row("b", true, "b|2", 1), spoke(1)));

        assertThat(findings).extracting(Finding::code).containsExactly(FindingCode.SPLIT_CLUSTER);
        assertThat(findings.get(0).detail())
                .isEqualTo("2 coordinators beat: a at 10.0.0.1:7800 with a view of 1; b at 10.0.0.1:7800 with a view of"
                        + " 1");
    }

    @Test
    void aCoordinatorThatDoesNotBeatMakesNoSplit() {
        assertThat(codes(
                        member(row("a", true, "a|2", 1), spoke(1)),
                        member(aged(row("b", true, "b|2", 1), 60_000), new Reach.Refused())))
                .containsExactly(FindingCode.STALE_ROW);
    }

    @Test
    void viewsAndTheirSizesAreCompared() {
        assertThat(codes(member(row("a", true, "a|2", 2), spoke(1)), member(row("b", false, "a|1", 2), spoke(1))))
                .containsExactly(FindingCode.VIEWS_DIFFER);
        assertThat(codes(member(row("a", true, "a|1", 2), spoke(1)))).containsExactly(FindingCode.MEMBERS_WITHOUT_ROW);
        assertThat(codes(member(row("a", true, "a|1", 1), spoke(1)), member(row("b", false, "", 0), spoke(1))))
                .containsExactly(FindingCode.NOT_IN_VIEW);
    }

    @Test
    void otherClustersCountWhileTheyBeat() {
        assertThat(codesWith(database(new OtherCluster("D", 2, LEASE_MS)), KEYS, alone(spoke(1))))
                .containsExactly(FindingCode.OTHER_CLUSTER);
        assertThat(codesWith(database(new OtherCluster("D", 2, LEASE_MS + 1)), KEYS, alone(spoke(1))))
                .isEmpty();
    }

    @Test
    void membersOnStockAreNamed() {
        assertThat(diagnose(stock(STOCK), KEYS, alone(spoke(1))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo(FindingCode.STOCK_CLUSTER);
                    assertThat(finding.detail()).endsWith("s-1 at 10.0.0.9:7800");
                });
    }

    /** A member on evenkeel-migrate has a row in both tables. */
    @Test
    void aMigrationIsNoClusterBesideThisOne() {
        StockRow migrating = new StockRow("a", "a", "10.0.0.1:7800", 5, "");

        assertThat(diagnose(stock(migrating), KEYS, alone(spoke(1)))).isEmpty();
        assertThat(diagnose(stock(migrating, STOCK), KEYS, member(row("a", true, "a|1", 2), spoke(1))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.code()).isEqualTo(FindingCode.MIGRATION);
                    assertThat(finding.detail()).endsWith("evenkeel-migrate: s-1 at 10.0.0.9:7800");
                });
        assertThat(diagnose(stock(migrating, STOCK), KEYS, member(row("a", true, "a|1", 3), spoke(1))))
                .extracting(Finding::code)
                .containsExactly(FindingCode.MEMBERS_WITHOUT_ROW, FindingCode.MIGRATION);
    }

    private static DatabaseFacts stock(StockRow... rows) {
        return new DatabaseFacts.Read(OptionalLong.of(0), List.of(), List.of(rows));
    }

    @Test
    void bothSidesVerdictsOnCertificatesAreTold() {
        assertThat(codes(alone(ended(true, Reason.UNKNOWN_AUTHORITY, FINE))))
                .containsExactly(FindingCode.AUTHORITY_NOT_TRUSTED);
        assertThat(codes(alone(ended(true, Reason.EXPIRED, FINE)))).containsExactly(FindingCode.CERTIFICATE_EXPIRED);
        assertThat(codes(alone(spoke(certificate(Expiry.Level.FINE, Reason.UNKNOWN_AUTHORITY, null, null)))))
                .containsExactly(FindingCode.AUTHORITY_NOT_TRUSTED);
        assertThat(codes(alone(spoke(certificate(Expiry.Level.EXPIRED, Reason.EXPIRED, null, null)))))
                .containsExactly(FindingCode.CERTIFICATE_EXPIRED);
        assertThat(codes(alone(spoke(certificate(Expiry.Level.FINE, null, "no name fits", null)))))
                .containsExactly(FindingCode.NAME_NOT_AUTHORIZED);
        assertThat(codes(alone(spoke(certificate(Expiry.Level.FINE, null, null, "10.0.0.1")))))
                .containsExactly(FindingCode.ADDRESS_NOT_CERTIFIED);
    }

    @ParameterizedTest
    @CsvSource({"FINE,", "SOON,CERTIFICATE_EXPIRES", "URGENT,CERTIFICATE_EXPIRES", "EXPIRED,CERTIFICATE_EXPIRED"})
    void anEndThatComesNearIsTold(Expiry.Level level, FindingCode code) {
        KeyFacts keys = new KeyFacts.Usable("tls.crt", certificate(level, null, null, null));

        assertThat(codesWith(READ, keys, alone(spoke(1)))).isEqualTo(code == null ? List.of() : List.of(code));
    }

    /** A host without a certificate is refused, which is no news of its peers. */
    @Test
    void unusableKeysOfThisHostAreToldOnce() {
        KeyFacts keys = new KeyFacts.Unusable(FindingCode.KEYS_UNUSABLE, "no such file");

        assertThat(codesWith(READ, keys, alone(ended(true, Reason.NO_CERTIFICATE, FINE))))
                .containsExactly(FindingCode.KEYS_UNUSABLE);
    }

    @Test
    void clearTextIsAWarning() {
        assertThat(codesWith(READ, new KeyFacts.ClearText(), alone(spoke(1)))).containsExactly(FindingCode.CLEAR_TEXT);
    }

    /** One below, at and one above. */
    @ParameterizedTest
    @CsvSource({"1999,false", "2000,false", "2001,true", "-2000,false", "-2001,true"})
    void clocksAreComparedWithTheDatabases(long aheadMs, boolean found) {
        List<FindingCode> expected = found ? List.of(FindingCode.CLOCK_SKEW) : List.of();
        DatabaseFacts ahead = new DatabaseFacts.Read(OptionalLong.of(aheadMs), List.of(), List.of());

        // This host's clock is off: those of node and database are not.
        assertThat(codesWith(ahead, KEYS, alone(spoke(1, OptionalLong.of(aheadMs), VERSION))))
                .isEqualTo(expected);
        // A node's is.
        assertThat(codes(alone(spoke(1, OptionalLong.of(aheadMs), VERSION)))).isEqualTo(expected);
    }

    @Test
    void theDirectionOfASkewIsTold() {
        List<Finding> findings = diagnose(
                new DatabaseFacts.Read(OptionalLong.of(5_000), List.of(), List.of()),
                KEYS,
                alone(spoke(1, OptionalLong.of(-500), VERSION)));

        assertThat(findings)
                .extracting(Finding::subject, Finding::detail)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "a at 10.0.0.1:7800", "its clock is 5.5 s behind the database's clock"),
                        org.assertj.core.groups.Tuple.tuple(
                                "this host", "its clock is 5 s behind the database's clock"));
    }

    @Test
    void versionsAndSettingsAreCompared() {
        MemberFacts first = member(row("a", true, "a|1", 2), spoke(1));
        LeaseRow other = row("b", false, "a|1", 2);

        assertThat(codes(first, member(other, spoke(1, OptionalLong.empty(), "2.0"))))
                .containsExactly(FindingCode.VERSIONS_MIXED);
        assertThat(codes(alone(spoke(1, OptionalLong.empty(), "2.0")))).containsExactly(FindingCode.OTHER_JAR);
        assertThat(codes(first, member(leased(other, 20_000), spoke(1)))).containsExactly(FindingCode.SETTINGS_DIFFER);
    }

    @Test
    void theWorstComesFirst() {
        List<Finding> findings = diagnose(
                database(new OtherCluster("D", 1, 0)),
                new KeyFacts.ClearText(),
                alone(spoke(2, OptionalLong.empty(), "2.0")));

        assertThat(findings)
                .extracting(Finding::code)
                .containsExactly(
                        FindingCode.WRONG_MEMBER,
                        FindingCode.OTHER_CLUSTER,
                        FindingCode.CLEAR_TEXT,
                        FindingCode.OTHER_JAR);
        assertThat(Diagnosis.exitCode(findings)).isEqualTo(2);
        assertThat(Diagnosis.exitCode(findings.subList(1, 4))).isEqualTo(1);
        assertThat(Diagnosis.exitCode(findings.subList(3, 4))).isZero();
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonOfARefusalHasACode(Reason reason) {
        assertThat(Diagnosis.code(reason).severity()).isEqualTo(Severity.CRITICAL);
    }

    @Test
    void codesAreInTheOrderOfTheirSeverity() {
        assertThat(Arrays.stream(FindingCode.values()).map(FindingCode::severity))
                .isSorted();
    }

    private static List<FindingCode> codes(MemberFacts... members) {
        return codesWith(READ, KEYS, members);
    }

    private static List<FindingCode> codesWith(DatabaseFacts database, KeyFacts keys, MemberFacts... members) {
        return diagnose(database, keys, members).stream()
                .map(Finding::code)
                .distinct()
                .toList();
    }

    private static List<Finding> diagnose(DatabaseFacts database, KeyFacts keys, MemberFacts... members) {
        return Diagnosis.of(new ClusterFacts("C", VERSION, database, keys, List.of(members)));
    }

    private static DatabaseFacts database(OtherCluster other) {
        return new DatabaseFacts.Read(OptionalLong.of(0), List.of(other), List.of());
    }

    private static MemberFacts alone(Reach reach) {
        return member(row("a", true, "a|1", 1), reach);
    }

    private static MemberFacts member(LeaseRow row, Reach reach) {
        return new MemberFacts(row, reach);
    }

    private static Reach spoke(long incarnation) {
        return spoke(incarnation, OptionalLong.empty(), VERSION);
    }

    private static Reach spoke(long incarnation, OptionalLong aheadMs, String version) {
        return new Reach.Spoke(Optional.of(FINE), "C", incarnation, version, false, aheadMs, Optional.empty());
    }

    private static Reach spoke(CertificateFacts certificate) {
        return new Reach.Spoke(
                Optional.of(certificate), "C", 1, VERSION, false, OptionalLong.empty(), Optional.empty());
    }

    private static Reach ended(boolean byPeer, Reason reason, CertificateFacts certificate) {
        return new Reach.TlsEnded(new HandshakeRefusal(byPeer, reason), Optional.of(certificate));
    }

    private static CertificateFacts certificate(
            Expiry.Level level, Reason distrust, String unauthorized, String uncertified) {
        return new CertificateFacts(
                "'CN=node' (serial 1)",
                Instant.EPOCH,
                level,
                Optional.ofNullable(distrust),
                Optional.ofNullable(unauthorized),
                Optional.ofNullable(uncertified));
    }
}
