package io.evenkeel.protocols.transport;

import io.netty.util.ResourceLeakDetector;

/**
 * Prints each buffer that nobody released, which Netty logs where no test looks. Named to Netty by {@code
 * -Dio.netty.customResourceLeakDetector}.
 */
@SuppressWarnings("deprecation") // Netty calls this constructor, and marks its own as not to be called by others.
public final class LoudLeakDetector<T> extends ResourceLeakDetector<T> {
    /** The beginning of its lines. */
    public static final String LEAK = "LEAKED ";

    public LoudLeakDetector(Class<?> resourceType, int samplingInterval) {
        super(resourceType, samplingInterval);
    }

    public LoudLeakDetector(Class<?> resourceType, int samplingInterval, long maxActive) {
        super(resourceType, samplingInterval, maxActive);
    }

    @Override
    protected boolean needReport() {
        return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
        System.out.println(LEAK + resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
        System.out.println(LEAK + resourceType);
    }
}
