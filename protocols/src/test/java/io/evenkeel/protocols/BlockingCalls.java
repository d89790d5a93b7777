package io.evenkeel.protocols;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import reactor.blockhound.BlockHound;
import reactor.blockhound.BlockingMethod;

/** Calls that block a thread of our event loops, found by BlockHound. */
final class BlockingCalls {
    private static final String EVENT_LOOPS = "evenkeel-wire";
    private static final Set<String> FOUND = ConcurrentHashMap.newKeySet();

    private BlockingCalls() {}

    /** Begins to look, in this JVM, until its end. */
    static void watch() {
        BlockHound.builder()
                .loadIntegrations()
                // Tests print the lines that a protocol logs.
                .allowBlockingCallsInside("io.evenkeel.protocols.transport.LineLog", "invoke")
                // The kernel's random numbers, which nobody waits for once the host has started.
                .allowBlockingCallsInside("sun.security.provider.NativePRNG$RandomIO", "readFully")
                // A mutex that another thread holds for some instructions: JGroups' delivery, Netty's arenas,
                // executors.
                // Which of them is contended is the scheduler's choice. The one that is held for long, by a
                // certificate's check in the JDK's engine, is a limit that docs/concepts/security-model.md names.
                .allowBlockingCallsInside("java.util.concurrent.locks.ReentrantLock", "lock")
                .blockingMethodCallback(BlockingCalls::tell)
                .install();
    }

    private static void tell(BlockingMethod method) {
        Thread thread = Thread.currentThread();
        // Netty's thread factory makes all our threads, and those that check certificates may wait.
        if (!thread.getName().startsWith(EVENT_LOOPS)) {
            return;
        }
        String stack = Arrays.stream(thread.getStackTrace())
                .map(each -> "\n    at " + each)
                .collect(Collectors.joining());
        FOUND.add("BLOCKED in " + method + stack);
    }

    /** Prints them, at the end, where a report shows them. */
    static void print() {
        FOUND.forEach(System.out::println);
    }

    static int found() {
        return FOUND.size();
    }
}
