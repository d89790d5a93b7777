package io.evenkeel.it.node;

import java.util.List;

/** The options of a JVM that lives for a minute. */
public final class ShortRun {
    /** Half the processor time of a start, and two thirds of the memory. G1 is turned off as kc.sh turns it on. */
    public static final List<String> JVM_OPTIONS =
            List.of("-XX:TieredStopAtLevel=1", "-XX:-UseG1GC", "-XX:+UseSerialGC");

    private ShortRun() {}
}
