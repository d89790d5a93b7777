package io.evenkeel.stacks.infinispan;

import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.stacks.infinispan.TransferProgress.Sample;
import io.evenkeel.stacks.log.StackMessages;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.infinispan.commons.IllegalLifecycleStateException;
import org.infinispan.factories.ComponentRegistry;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.factories.KnownComponentNames;
import org.infinispan.statetransfer.StateTransferManager;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;

/** Looks at the state that comes to this node once a second, and says in the log how far it is. */
final class TransferWatch implements AutoCloseable {
    private static final Log log = LogFactory.getLog(TransferWatch.class);
    private static final int PERIOD_S = 1;

    private final GlobalComponentRegistry registry;
    private final STATE_FC stateFc;
    private final TransferProgress progress = new TransferProgress();
    private final ScheduledFuture<?> looks;
    /** Of the one thread that looks at a time. */
    private volatile boolean failed;

    TransferWatch(GlobalComponentRegistry registry, STATE_FC stateFc) {
        this.registry = registry;
        this.stateFc = stateFc;
        ScheduledExecutorService timer =
                registry.getComponent(ScheduledExecutorService.class, KnownComponentNames.TIMEOUT_SCHEDULE_EXECUTOR);
        looks = timer.scheduleWithFixedDelay(this::look, PERIOD_S, PERIOD_S, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            progress.add(System.nanoTime(), sample()).ifPresent(line -> StackMessages.STATE_MOVES.to(log, line));
            failed = false;
        } catch (RuntimeException | LinkageError e) {
            // Another Infinispan than it was made for may lack a method; a timer ends without a word then.
            if (!failed) {
                StackMessages.PROGRESS_UNKNOWN.withTraceTo(log, e, e);
            }
            failed = true;
        }
    }

    private Sample sample() {
        Map<String, Integer> awaited = new HashMap<>();
        for (ComponentRegistry cache : registry.getNamedComponentRegistries()) {
            // A simple cache has no state transfer to ask: Keycloak's caches of realms and users are such.
            if (cache.getConfiguration().clustering().cacheMode().needsStateTransfer()) {
                awaited.put(cache.getCacheName(), awaitedSegments(cache));
            }
        }
        return new Sample(
                awaited,
                stateFc.getBulkBytesReceived(),
                stateFc.getForegroundBytesReceived() + stateFc.getForegroundBytesSent());
    }

    private static int awaitedSegments(ComponentRegistry cache) {
        try {
            StateTransferManager transfers = cache.getStateTransferManager();
            return transfers == null ? 0 : (int) transfers.getStateConsumer().inflightRequestCount();
        } catch (IllegalLifecycleStateException e) {
            return 0; // it starts or stops
        }
    }

    TransferProgress progress() {
        return progress;
    }

    @Override
    public void close() {
        looks.cancel(false);
    }
}
