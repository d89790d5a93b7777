package io.evenkeel.protocols.lease.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each error as its database gives it: SQLState, the driver's code, and what it means beside that it failed. */
class SqlStatesTest {

    @ParameterizedTest
    @CsvSource({
        // PostgreSQL
        "42P01,0,relation missing,missingTable",
        "42703,0,column missing,otherShape",
        "42501,0,permission denied,denied",
        "22001,0,too long,tooLong refusedRow",
        "23502,0,not null,notNull duplicate",
        "23514,0,check,refusedRow duplicate",
        "28P01,0,password,refusedLogin",
        "40001,0,serialization,rolledBack passing",
        // MySQL and MariaDB
        "42S02,1146,no table,missingTable",
        "42S22,1054,no column,otherShape",
        "42000,1142,denied,denied",
        "42000,1143,denied,denied",
        "42000,1141,no such grant,''",
        "23000,1048,null,notNull duplicate",
        "HY000,1364,no default,notNull",
        "23000,1452,foreign key,refusedRow duplicate",
        "23000,1062,duplicate,duplicate",
        "HY000,3118,locked,refusedLogin",
        "HY000,4151,locked,refusedLogin",
        // H2
        "42S04,42104,no table,missingTable",
        "90096,90096,rights,denied",
        // Oracle
        "42000,942,ORA-00942: table or view does not exist,missingTable",
        "42000,942,something else,''",
        "42000,904,ORA-00904: invalid identifier,otherShape",
        "42000,1031,ORA-01031: insufficient privileges,denied",
        "72000,12899,ORA-12899: value too large,tooLong",
        "23000,1400,ORA-01400: cannot insert NULL,notNull duplicate",
        "23000,2290,ORA-02290: check,refusedRow duplicate",
        "72000,1017,ORA-01017: invalid username,refusedLogin",
        "99999,28000,ORA-28000: locked,refusedLogin",
        "99999,1017,ORA-01017,''",
        // SQL Server
        "S0002,208,no table,missingTable",
        "S0022,207,no column,otherShape",
        "S0005,229,denied,denied",
        "S0005,230,denied,''",
        "23000,515,null,notNull duplicate",
        "23000,547,foreign key,refusedRow duplicate",
        "S0001,18456,login,refusedLogin",
        "S0001,18457,login,''",
        // none
        "42000,1064,syntax,''",
        ",0,no state,''"
    })
    void meanings(String state, int code, String message, String expected) {
        SQLException e = new SQLException(message, state, code);
        List<String> meanings = new ArrayList<>();
        add(meanings, "missingTable", SqlStates.missingTable(e));
        add(meanings, "otherShape", SqlStates.otherShape(e));
        add(meanings, "denied", SqlStates.denied(e));
        add(meanings, "tooLong", SqlStates.tooLong(e));
        add(meanings, "notNull", SqlStates.notNull(e));
        add(meanings, "refusedRow", SqlStates.refusedRow(e));
        add(meanings, "refusedLogin", SqlStates.refusedLogin(e));
        add(meanings, "duplicate", SqlStates.duplicate(e));
        add(meanings, "rolledBack", SqlStates.rolledBack(e));
        add(meanings, "passing", SqlStates.passing(e));
        assertThat(String.join(" ", meanings)).isEqualTo(expected);
    }

    private static void add(List<String> meanings, String meaning, boolean applies) {
        if (applies) {
            meanings.add(meaning);
        }
    }
}
