package io.evenkeel.protocols.lease.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That each dialect is complete; the contract says whether it is right, for those that it runs on. */
class LeaseSqlTest {
    private static final List<String> FIRST_VERSION = List.of(
            "cluster_name",
            "address",
            "member_name",
            "physical_address",
            "incarnation",
            "coordinator",
            "view_id",
            "view_size",
            "beat",
            "beat_at_ms",
            "lease_ms",
            "format_version");
    private static final String[] NAMES = {
        "shape",
        "may_insert",
        "may_update",
        "may_delete",
        "beat",
        "enter",
        "read",
        "read_coordinators",
        "count_foreign",
        "renew",
        "evict",
        "leave",
        "found",
        "found_first"
    };

    @ParameterizedTest
    @CsvSource({
        "PostgreSQL, true",
        "MySQL, false",
        "MariaDB, true",
        "H2, true",
        "Oracle, false",
        "Microsoft SQL Server, false"
    })
    void everyDialectHasEveryStatement(String product, boolean tested) {
        LeaseSql sql = LeaseSql.of(product, "ping.leases");
        assertThat(sql.tested()).isEqualTo(tested);
        assertThat(sql.ddl()).contains("CREATE TABLE").contains("ping.leases").doesNotContain("${");
        for (String name : NAMES) {
            assertThat(sql.get(name)).contains("ping.leases").doesNotContain("${");
        }
        assertThat(sql.columns().keySet()).startsWith("cluster_name", "address").containsAll(FIRST_VERSION);
        sql.columns().forEach((column, definition) -> {
            if (!FIRST_VERSION.contains(column)) {
                assertThat(definition)
                        .as("%s is added to tables that are there, and older versions do not fill it", column)
                        .satisfiesAnyOf(d -> assertThat(d).doesNotContain("NOT NULL"), d -> assertThat(d)
                                .contains("DEFAULT"));
            }
        });
        assertThat(sql.addition("beat"))
                .startsWith("ALTER TABLE ping.leases ADD beat ")
                .doesNotContain("NULL");
        assertThat(parameters(sql.get("enter"))).isEqualTo(11);
        assertThat(parameters(sql.get("found_first"))).isEqualTo(3);
        assertThat(parameters(sql.get("read_coordinators"))).isEqualTo(2);
    }

    private static long parameters(String sql) {
        return sql.chars().filter(c -> c == '?').count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Oracle", "Microsoft SQL Server"})
    void untestedDialectsKnowNoTruthValues(String product) {
        for (String name : NAMES) {
            assertThat(LeaseSql.of(product, "t").get(name))
                    .doesNotContain("TRUE")
                    .doesNotContain("FALSE");
        }
    }
}
