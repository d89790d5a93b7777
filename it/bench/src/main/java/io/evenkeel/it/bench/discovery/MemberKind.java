package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.member.StackXml;
import io.evenkeel.it.node.Database;
import javax.sql.DataSource;

/** The stack of plain JGroups members on a database. */
enum MemberKind {
    STOCK,
    /** In one cluster with either of the others; its row is in both tables. */
    MIGRATE,
    EVENKEEL;

    static MemberKind of(Contender contender) {
        return contender.isEvenkeel() ? EVENKEEL : STOCK;
    }

    StackXml stack(DataSource pool, Database database, String bindAddress) {
        return switch (this) {
            case STOCK -> StackXml.stockOn(pool, bindAddress);
            case MIGRATE -> StackXml.migrateOn(pool, database, bindAddress);
            case EVENKEEL -> StackXml.evenkeelOn(database, bindAddress);
        };
    }
}
