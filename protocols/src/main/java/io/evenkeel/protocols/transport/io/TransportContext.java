package io.evenkeel.protocols.transport.io;

import io.evenkeel.protocols.transport.config.TransportConfig;
import io.evenkeel.protocols.transport.config.TransportLog;
import io.evenkeel.protocols.transport.config.TransportStats;
import io.evenkeel.protocols.transport.core.Hello;
import io.evenkeel.protocols.transport.frame.BundleFormat;
import io.evenkeel.protocols.transport.tls.TlsEngines;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jgroups.logging.Log;
import org.jspecify.annotations.Nullable;

/** The parts that all of one transport share. */
public final class TransportContext {
    public final TransportConfig config;
    public final TransportListener listener;
    public final TransportStats stats;
    public final TransportLog log;
    final PeerVersions versions;
    /** null in plain mode. */
    public final @Nullable TlsEngines tls;

    /** All connections whose TLS handshake has succeeded and that have not ended. */
    public final Set<PeerConnection> secured = ConcurrentHashMap.newKeySet();

    public final MemberAddresses members = new MemberAddresses();

    private final AtomicLong generation = new AtomicLong();

    @SuppressWarnings("NullAway.Init")
    private volatile Hello ours;

    @SuppressWarnings("NullAway.Init")
    private volatile BundleFormat bundles;

    public TransportContext(
            TransportConfig config,
            @Nullable TlsEngines tls,
            TransportListener listener,
            TransportStats stats,
            Log log) {
        this.config = config;
        this.tls = tls;
        this.listener = listener;
        this.stats = stats;
        this.log = new TransportLog(log, stats);
        this.versions = new PeerVersions(this.log);
    }

    public Hello ours() {
        return ours;
    }

    /** Counts the changes of keys and trust that were seen; a connection of a lower number rests on older ones. */
    public long generation() {
        return generation.get();
    }

    public void nextGeneration() {
        generation.incrementAndGet();
    }

    /** Set before the first message is sent. */
    public BundleFormat bundles() {
        return bundles;
    }

    public void bundleAs(BundleFormat format) {
        bundles = format;
    }

    public void introduceAs(Hello hello) {
        ours = hello;
    }
}
