package io.evenkeel.protocols.lease.agent;

import java.lang.reflect.Field;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jgroups.JChannel;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a thread waits to close a channel that another one is connecting.
 *
 * <p>JChannel holds its lock all through connect(), and close() waits for that lock before it tells the protocols
 * anything; no event and no getter shows it. So the lock is read by reflection.
 */
final class ChannelClosing {
    private static final Log LOG = LogFactory.getLog(ChannelClosing.class);
    private static final Set<String> ENDS = Set.of("close", "disconnect");

    private final @Nullable ReentrantLock lock;

    private ChannelClosing(@Nullable ReentrantLock lock) {
        this.lock = lock;
    }

    /** @param channel null, or one of a JGroups that locks otherwise, is never seen to close */
    static ChannelClosing of(@Nullable JChannel channel) {
        try {
            Field field = JChannel.class.getDeclaredField("lock");
            field.setAccessible(true);
            return new ChannelClosing(
                    channel != null && field.get(channel) instanceof ReentrantLock lock ? lock : null);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("a close of the channel will wait for its connect: %s", e);
            return new ChannelClosing(null);
        }
    }

    boolean waits() {
        // Others take the lock as well, to add a listener for instance.
        return lock != null
                && lock.hasQueuedThreads()
                && Thread.getAllStackTraces().values().stream().anyMatch(ChannelClosing::closes);
    }

    private static boolean closes(StackTraceElement[] stack) {
        for (int i = 1; i < stack.length; i++) {
            if (stack[i].getClassName().equals(JChannel.class.getName()) && ENDS.contains(stack[i].getMethodName())) {
                return stack[i - 1].getClassName().equals(ReentrantLock.class.getName());
            }
        }
        return false;
    }
}
