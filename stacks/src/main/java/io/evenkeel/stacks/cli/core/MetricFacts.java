package io.evenkeel.stacks.cli.core;

import java.util.OptionalDouble;

/** The series of a node, from its /metrics; missing if the node has no such endpoint or cannot be reached. */
public sealed interface MetricFacts {

    /** Nothing was read. */
    record Missing(String reason) implements MetricFacts {}

    /**
     * Series of one node, empty where it has none.
     *
     * @param openConnections of the transport
     * @param tlsProvider the transport's: -1 for clear text
     * @param certificateEndS end of its certificate in seconds since 1970
     * @param segments that the state transfer to it brings in all; 0 while none is under way
     * @param awaitedSegments of them, those that have not come
     * @param remainingS what the transfer still takes; 0 if unknown
     */
    record Read(
            OptionalDouble openConnections,
            OptionalDouble tlsProvider,
            OptionalDouble certificateEndS,
            OptionalDouble segments,
            OptionalDouble awaitedSegments,
            OptionalDouble remainingS)
            implements MetricFacts {}
}
