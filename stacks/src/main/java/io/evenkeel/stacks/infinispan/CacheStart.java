package io.evenkeel.stacks.infinispan;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.infinispan.configuration.ConfigurationManager;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.factories.GlobalComponentRegistry;
import org.infinispan.lifecycle.ComponentStatus;
import org.infinispan.manager.EmbeddedCacheManager;
import org.infinispan.registry.InternalCacheRegistry;
import org.infinispan.util.logging.Log;
import org.infinispan.util.logging.LogFactory;

/**
 * The start of all clustered caches of a cache manager at the same time.
 *
 * <p>A starting manager gets its caches one after the other, in the order of their names, and waits for the state of
 * each before the next one asks for its own; from 16.3 on Infinispan starts them together. Here the first one that
 * starts makes the others start as well, each on a thread of Infinispan's; the manager then waits for caches that are
 * already starting. One that failed is started again by the manager, as Infinispan does with failed caches, so the
 * cause is reported where it would be without this.
 */
final class CacheStart {
    private static final Log log = LogFactory.getLog(CacheStart.class);

    private final AtomicBoolean begun = new AtomicBoolean();

    /** Starts the others if the manager itself is starting: it will start all that are defined, and those only. */
    void onCacheStarting(GlobalComponentRegistry registry, String cacheName) {
        EmbeddedCacheManager manager = registry.getCacheManager();
        if (manager.getStatus() != ComponentStatus.INITIALIZING
                || registry.getComponent(InternalCacheRegistry.class).isInternalCache(cacheName)
                || !begun.compareAndSet(false, true)) {
            return;
        }
        Set<String> others = clusteredCaches(registry);
        others.remove(cacheName);
        if (!others.isEmpty()) {
            Thread thread = new Thread(() -> start(manager, others), "evenkeel-cache-start");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static Set<String> clusteredCaches(GlobalComponentRegistry registry) {
        ConfigurationManager configurations = registry.getComponent(ConfigurationManager.class);
        Set<String> names = new HashSet<>(configurations.getDefinedCaches());
        names.removeAll(registry.getComponent(InternalCacheRegistry.class).getInternalCacheNames());
        names.removeIf(name -> !isClustered(configurations.getConfiguration(name)));
        return names;
    }

    private static boolean isClustered(Configuration cache) {
        return cache != null && cache.clustering().cacheMode().isClustered();
    }

    private static void start(EmbeddedCacheManager manager, Set<String> cacheNames) {
        try {
            manager.startCaches(cacheNames.toArray(String[]::new));
        } catch (RuntimeException e) {
            log.debug("A cache did not start; the cache manager starts it again", e);
        }
    }
}
