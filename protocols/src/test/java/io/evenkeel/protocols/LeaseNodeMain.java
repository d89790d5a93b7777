package io.evenkeel.protocols;

import java.io.OutputStream;
import org.postgresql.ds.PGSimpleDataSource;

/** A member in a process of its own, to be killed. Lives until its standard input ends. */
final class LeaseNodeMain {
    private LeaseNodeMain() {}

    /** Takes the name and the URL of the database; prints one line when it is in a view. */
    public static void main(String[] args) throws Exception {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(args[1]);
        database.setUser("postgres");
        try (LeaseNode node = new LeaseNode(args[0], database, new ProbingTcp())) {
            node.connect();
            System.out.println("joined " + node.view().size());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
