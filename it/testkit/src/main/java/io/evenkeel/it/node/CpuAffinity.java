package io.evenkeel.it.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * As many whole processors as the limit needs, by taskset(1), with a steady load on them that takes what is above the
 * limit. Less exact than a quota: the scheduler lets the load wait as it lets others, and it catches up later.
 */
final class CpuAffinity implements CpuLimit {
    private static final Duration START_BOUND = Duration.ofMinutes(2);
    private static final String ALLOWED = "Cpus_allowed_list:";

    private final Plan plan;
    private final ChildJvm load;

    private CpuAffinity(Plan plan, ChildJvm load) {
        this.plan = plan;
        this.load = load;
    }

    /**
     * The use of the processors.
     *
     * @param processors by number
     * @param loadShare what the load takes of each of them
     */
    record Plan(double cpus, List<Integer> processors, double loadShare) {
        static Plan of(double cpus, List<Integer> allowed) {
            int needed = (int) Math.ceil(cpus);
            if (needed > allowed.size()) {
                throw new RunException(
                        CpuLimit.words(cpus) + " are not available: this process may use " + allowed.size());
            }
            return new Plan(cpus, allowed.subList(0, needed), (needed - cpus) / needed);
        }

        List<String> through() {
            return List.of(
                    "taskset", "-c", processors.stream().map(String::valueOf).collect(Collectors.joining(",")));
        }
    }

    static CpuLimit create(double cpus) throws InterruptedException {
        Plan plan;
        try {
            plan = Plan.of(cpus, allowed(Files.readAllLines(Path.of("/proc/self/status"))));
            Shell.run("taskset", "--version");
        } catch (IOException | RunException e) {
            throw new RunException(
                    "Fewer processors need Linux, and a writable control group or taskset (util-linux): "
                            + e.getMessage(),
                    e);
        }
        ChildJvm load = ChildJvm.start(
                plan.through(),
                "steady-load",
                List.of("-Xmx16m", "-XX:+UseSerialGC"),
                SteadyLoad.class,
                Integer.toString(plan.processors().size()),
                Double.toString(plan.loadShare()));
        boolean done = false;
        try {
            load.await(SteadyLoad.READY::equals, SteadyLoad.READY, START_BOUND);
            done = true;
            return new CpuAffinity(plan, load);
        } finally {
            if (!done) {
                load.close();
            }
        }
    }

    /** The numbers in a list such as 0-2,5 of proc(5)'s status. */
    static List<Integer> allowed(List<String> status) {
        String list = status.stream()
                .filter(line -> line.startsWith(ALLOWED))
                .findFirst()
                .map(line -> line.substring(ALLOWED.length()).trim())
                .orElseThrow(() -> new RunException("/proc/self/status has no " + ALLOWED));
        List<Integer> numbers = new ArrayList<>();
        for (String range : list.split(",", -1)) {
            String[] ends = range.split("-", 2);
            for (int i = Integer.parseInt(ends[0]); i <= Integer.parseInt(ends[ends.length - 1]); i++) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    @Override
    public String description() {
        return String.format(
                "%s by taskset, with a steady load of %.0f %% on %d of the machine's processors",
                CpuLimit.words(plan.cpus()),
                100 * plan.loadShare(),
                plan.processors().size());
    }

    @Override
    public List<String> through() {
        return plan.through();
    }

    @Override
    public void close() {
        load.close();
    }
}
