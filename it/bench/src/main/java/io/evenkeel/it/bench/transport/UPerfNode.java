package io.evenkeel.it.bench.transport;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.jgroups.blocks.RpcDispatcher;
import org.jgroups.tests.perf.PerfUtil;
import org.jgroups.tests.perf.UPerf;
import org.jgroups.util.Util;

/**
 * JGroups' UPerf in a JVM of its own, driven by lines on standard input instead of keys: {@code THREADS BYTES SECONDS}
 * on either node runs its load on both; {@value #RECORD} FILE and {@value #RECORDED} have the node profile itself. Each
 * node prints what it costs beside what UPerf prints: see {@link NodeCost}.
 */
final class UPerfNode extends UPerf {
    static final String READY = "EVENKEEL ready";
    static final String LATE = "EVENKEEL late";
    /** With a file: what the node does from now on is recorded for it. */
    static final String RECORD = "record";
    /** Ends that, and is answered when the file is there. */
    static final String RECORDED = "recorded";

    private final NodeCost cost = new NodeCost();
    private Recording recording;

    /**
     * Joins, and runs what it is told until its input ends.
     *
     * @throws Throwable as UPerf's own start does
     */
    void serve(String stack, String name, BufferedReader commands) throws Throwable {
        // UPerf's own choice: responses are handled asynchronously where there are no virtual threads.
        init(stack, name, null, 0, false, !Util.virtualThreadsAvailable());
        timeCalls();
        System.out.println(READY);
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            command(line.trim().split(" ", -1));
        }
        stopEventLoop();
    }

    /** Not UPerf's main, which may throw less. */
    static final class Main {
        private Main() {}

        /** Takes the stack's file and the node's name. */
        public static void main(String[] args) throws Throwable {
            new UPerfNode()
                    .serve(
                            args[0],
                            args[1],
                            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)));
            // What UPerf and JGroups leave behind must not keep the JVM.
            System.exit(0);
        }
    }

    /** UPerf reports averages only, so the calls go through a dispatcher that also notes each one's time. */
    private void timeCalls() throws ReflectiveOperationException {
        Field dispatcher = UPerf.class.getDeclaredField("disp");
        dispatcher.setAccessible(true);
        dispatcher.set(this, new TimedDispatcher((RpcDispatcher) dispatcher.get(this), cost.roundTrips()));
    }

    private void command(String[] words) throws Exception {
        switch (words[0]) {
            case RECORD -> {
                recording = new Recording(Configuration.getConfiguration("profile"));
                recording.setDestination(Path.of(words[1]));
                recording.start();
            }
            case RECORDED -> {
                recording.stop();
                recording.close();
                System.out.println(RECORDED);
            }
            default -> load(words);
        }
    }

    private void load(String[] command) throws Exception {
        changeFieldAcrossCluster(NUM_THREADS, Integer.valueOf(command[0]));
        changeFieldAcrossCluster(MSG_SIZE, Integer.valueOf(command[1]));
        changeFieldAcrossCluster(TIME, Integer.valueOf(command[2]));
        try {
            startBenchmark();
        } catch (NullPointerException e) {
            // That is how UPerf ends when a node's results come later than it waits for them.
            System.out.println(LATE);
        }
    }

    @Override
    protected PerfUtil.Results startTest() throws Throwable {
        cost.begin();
        PerfUtil.Results results = super.startTest();
        System.out.println(cost.end(num_reads.sum() + num_writes.sum()));
        return results;
    }
}
