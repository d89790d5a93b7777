package io.evenkeel.protocols.transport;

import io.evenkeel.it.node.ChildJvm;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * {@link StrangersMain} in a process of its own, so that what it costs is not taken for the cost of what it does to
 * members. With {@code -Devenkeel.strangers.cpu=N} it runs on that processor only, by taskset(1).
 */
public final class Strangers implements AutoCloseable {
    private static final String CPU = System.getProperty("evenkeel.strangers.cpu");

    private static final Duration ANSWER_BOUND = Duration.ofMinutes(2);

    private final ChildJvm process;

    /**
     * Begins at once.
     *
     * @param hosts addresses that they come from
     * @param wanted connections that are kept open or being opened
     * @param dripping whether the bytes are said one by one
     */
    public Strangers(InetSocketAddress target, int hosts, int wanted, byte[] said, boolean dripping) {
        process = ChildJvm.start(
                CPU == null ? List.of() : List.of("taskset", "-c", CPU),
                "strangers",
                StrangersMain.class,
                target.getAddress().getHostAddress(),
                String.valueOf(target.getPort()),
                String.valueOf(hosts),
                String.valueOf(wanted),
                HexFormat.of().formatHex(said),
                String.valueOf(dripping));
    }

    /** The number opened by now. */
    public long opened() throws InterruptedException {
        process.send("");
        return Long.parseLong(process.await(line -> line.matches("\\d+"), "how many it has opened", ANSWER_BOUND));
    }

    @Override
    public void close() {
        process.kill();
    }
}
