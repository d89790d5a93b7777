package io.evenkeel.protocols;

import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.Postgres;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/** A member in a process of its own, to be killed. Lives until its standard input ends. */
final class LeaseNodeMain {
    private static final Duration JOIN_BOUND = Duration.ofMinutes(2);

    private LeaseNodeMain() {}

    /** Starts one, and waits until it has joined. */
    static ChildJvm join(String name, Postgres database) throws InterruptedException {
        ChildJvm node = ChildJvm.start(name, LeaseNodeMain.class, name, database.url());
        node.await(line -> line.startsWith("joined "), "joined", JOIN_BOUND);
        return node;
    }

    /**
     * Takes the name and the URL of the database; prints one line when it is in a view, and then its health all the
     * time.
     */
    public static void main(String[] args) throws Exception {
        endWithParent();
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(args[1]);
        database.setUser("postgres");
        try (LeaseNode node = new LeaseNode(args[0], database, new ProbingTcp())) {
            node.connect();
            System.out.println("joined " + node.view().size());
            while (true) {
                System.out.println("health " + node.view().size() + " "
                        + node.view().get(0) + " " + node.ping().health());
                Thread.sleep(5);
            }
        }
    }

    /** Whatever this process waits for, it does not outlive the one that started it. */
    private static void endWithParent() {
        Thread watcher = new Thread(() -> {
            try {
                System.in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                System.err.println("standard input: " + e);
            }
            Runtime.getRuntime().halt(0);
        });
        watcher.setDaemon(true);
        watcher.start();
    }
}
