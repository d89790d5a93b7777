package io.evenkeel.stacks.cli.core;

import io.evenkeel.protocols.lease.StockRow;
import java.util.List;
import java.util.OptionalLong;

/** The database with the lease table, as it was seen. */
public sealed interface DatabaseFacts {

    /** The reason why the table could not be read. */
    enum Failure {
        DOWN(FindingCode.DATABASE_DOWN),
        LOGIN(FindingCode.DATABASE_LOGIN),
        RIGHTS(FindingCode.DATABASE_RIGHTS),
        NO_TABLE(FindingCode.TABLE_MISSING),
        OTHER(FindingCode.TABLE_UNUSABLE);

        private final FindingCode code;

        Failure(FindingCode code) {
            this.code = code;
        }

        FindingCode code() {
            return code;
        }
    }

    /**
     * The table could not be read.
     *
     * @param message one line, without secrets
     */
    record Unreadable(Failure failure, String message) implements DatabaseFacts {}

    /**
     * The table was read.
     *
     * @param aheadMs the database's clock less this host's; empty if the table is empty
     * @param others other clusters with rows in the table
     * @param stock rows of members on jdbc-ping with the same cluster name that were written lately
     */
    record Read(OptionalLong aheadMs, List<OtherCluster> others, List<StockRow> stock) implements DatabaseFacts {
        public Read {
            others = List.copyOf(others);
            stock = List.copyOf(stock);
        }
    }

    /**
     * Another cluster in the table.
     *
     * @param youngestMs time since the last heartbeat of any of its members
     */
    record OtherCluster(String name, int members, long youngestMs) {}
}
