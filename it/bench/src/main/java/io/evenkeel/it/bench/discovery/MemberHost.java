package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jgroups.View;

/**
 * Some of the members of a cluster, in a JVM of its own so that they can live in a network namespace.
 *
 * <p>The first line of standard input is the password of the database; each further one connects one more member.
 * Answers are {@code view INDEX NANOS SIZE ID}, one for each view that a member installs; the clock is System.nanoTime,
 * which on Linux all processes of a machine share. The end of the input ends all.
 */
final class MemberHost {
    /** Begins every answer. */
    static final String VIEW = "view ";

    private MemberHost() {}

    /** Takes a {@link MemberKind}, the address to bind to, the URL and the user of the database. */
    public static void main(String[] args) throws Exception {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Database database = new Database(args[2], new Credentials(args[3], commands.readLine()));
        MemberKind kind = MemberKind.valueOf(args[0]);
        List<Member> members = new ArrayList<>();
        try (ConnectionPool pool = new ConnectionPool(database)) {
            while (commands.readLine() != null) {
                int index = members.size();
                Member member = new Member(
                        kind.stack(pool.dataSource(), database, args[1]).withQuickDetection(),
                        args[0] + "-" + args[1] + "-" + index,
                        view -> report(index, view));
                members.add(member);
                member.connect(Members.CLUSTER);
            }
        }
        // The round is over and nobody waits for a graceful leave.
        Runtime.getRuntime().halt(0);
    }

    private static void report(int index, View view) {
        System.out.println(VIEW + index + " " + System.nanoTime() + " " + view.size() + " " + view.getViewId());
    }
}
