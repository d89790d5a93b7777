package io.evenkeel.stacks.infinispan.restart;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.partitionhandling.impl.PartitionHandlingManager;
import org.infinispan.topology.CacheJoinInfo;
import org.infinispan.topology.CacheTopology;
import org.infinispan.topology.CacheTopologyHandler;
import org.infinispan.topology.LocalTopologyManagerImpl;
import org.infinispan.topology.ManagerStatusResponse;

/**
 * Infinispan's keeper of a member's topologies, which tells {@link RestartClusterTopologyManager} of its own leaves,
 * and when a coordinator that takes over is about to recover the caches.
 */
public class RestartLocalTopologyManager extends LocalTopologyManagerImpl {
    private static final Optional<InheritedMethod> KEEPING_LEAVE = InheritedMethod.find(
            MethodHandles.lookup(),
            "leave",
            MethodType.methodType(boolean.class, String.class, long.class, boolean.class));

    private final Set<String> caches = ConcurrentHashMap.newKeySet();

    @SuppressWarnings("NullAway.Init")
    private GlobalComponentRegistry registry;

    private volatile Consumer<String> beforeLeave = cacheName -> {};

    /** Called by Infinispan once, before the start. */
    void inject(GlobalComponentRegistry registry) {
        this.registry = registry;
    }

    /** Sets what is told of each cache that this member is about to leave. */
    void beforeLeave(Consumer<String> listener) {
        beforeLeave = listener;
    }

    @Override
    public CompletionStage<CacheTopology> join(
            String cacheName,
            CacheJoinInfo joinInfo,
            CacheTopologyHandler handler,
            PartitionHandlingManager partitions) {
        caches.add(cacheName);
        return super.join(cacheName, joinInfo, handler, partitions);
    }

    /** Infinispan's, below 16.2. */
    @Override
    public void leave(String cacheName, long timeout) {
        leaving(cacheName);
        super.leave(cacheName, timeout);
        left(cacheName);
    }

    /** Infinispan's, from 16.2 on. */
    public boolean leave(String cacheName, long timeout, boolean keep) throws InterruptedException {
        leaving(cacheName);
        boolean inTime;
        try {
            inTime = (boolean) KEEPING_LEAVE.orElseThrow().call(this, cacheName, timeout, keep);
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        left(cacheName);
        return inTime;
    }

    private void leaving(String cacheName) {
        beforeLeave.accept(cacheName);
        coordinator().leaving(cacheName, getCacheTopology(cacheName));
    }

    private void left(String cacheName) {
        if (caches.remove(cacheName) && caches.isEmpty()) {
            coordinator().announceLeft();
        }
    }

    /** A new coordinator asks itself too, after it has forgotten what it knew and before it uses the answers. */
    @Override
    public CompletionStage<ManagerStatusResponse> handleStatusRequest(int viewId) {
        coordinator().beforeRecovery(caches);
        return super.handleStatusRequest(viewId);
    }

    private RestartClusterTopologyManager coordinator() {
        return (RestartClusterTopologyManager) registry.getClusterTopologyManager();
    }
}
