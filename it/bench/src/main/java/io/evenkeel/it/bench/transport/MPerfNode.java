package io.evenkeel.it.bench.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jgroups.tests.perf.MPerf;

/**
 * JGroups' MPerf in a JVM of its own, driven by lines on standard input instead of keys: each runs the load on all
 * nodes.
 */
final class MPerfNode extends MPerf {
    static final String READY = "EVENKEEL ready";

    private MPerfNode() throws IOException {}

    /** Not MPerf's main, which takes keys. */
    static final class Main {
        private Main() {}

        /** Takes the stack's file, the node's name, sender threads, bytes and seconds; ends with standard input. */
        public static void main(String[] args) throws Exception {
            MPerfNode node = new MPerfNode();
            node.threads(Integer.parseInt(args[2]))
                    .size(Integer.parseInt(args[3]))
                    .time(Integer.parseInt(args[4]));
            node.start(args[0], args[1], false);
            System.out.println(READY);
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            while (commands.readLine() != null) {
                node.startTest();
            }
            node.stop();
            // What MPerf and JGroups leave behind must not keep the JVM.
            System.exit(0);
        }
    }
}
