package io.evenkeel.it.launcher;

import io.evenkeel.it.member.StackXml;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import java.util.HashMap;
import java.util.Map;
import org.jgroups.JChannel;
import org.jgroups.Receiver;
import org.jgroups.View;

/**
 * A member in a JVM of its own, until its standard input ends: name, URL, user and password of the database, cluster,
 * then attributes of the transport by turns with their values. Prints the size of each view.
 */
public final class LeaseMember {
    private static final int FIXED = 5;

    private LeaseMember() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        Map<String, String> transport = new HashMap<>(Map.of("encryption", "tls"));
        for (int i = FIXED; i < arguments.length; i += 2) {
            transport.put(arguments[i], arguments[i + 1]);
        }
        Database database = new Database(arguments[1], new Credentials(arguments[2], arguments[3]));
        try (JChannel channel =
                new JChannel(StackXml.evenkeelOn(database, "127.0.0.1").with("TCP_NETTY", transport))) {
            channel.name(arguments[0]).setReceiver(new Receiver() {
                @Override
                public void viewAccepted(View view) {
                    System.out.println("VIEW " + view.size());
                }
            });
            channel.connect(arguments[FIXED - 1]);
            while (System.in.read() >= 0) {
                // Until it ends.
            }
        }
    }
}
