package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.Hello;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jgroups.logging.Log;

/** What every part of one transport shares. */
final class WireContext {
    final WireConfig config;
    final WireListener listener;
    final WireStats stats;
    final WireLog log;
    final PeerVersions versions;
    /** null in plain mode. */
    final TlsEngines tls;

    /** All connections whose TLS handshake has succeeded and that have not ended. */
    final Set<PeerConnection> secured = ConcurrentHashMap.newKeySet();

    final MemberAddresses members = new MemberAddresses();

    private final AtomicLong generation = new AtomicLong();
    private volatile Hello ours;
    private volatile BundleFormat bundles;

    WireContext(WireConfig config, TlsEngines tls, WireListener listener, WireStats stats, Log log) {
        this.config = config;
        this.tls = tls;
        this.listener = listener;
        this.stats = stats;
        this.log = new WireLog(log, stats);
        this.versions = new PeerVersions(this.log);
    }

    Hello ours() {
        return ours;
    }

    /** Counts the changes of keys and trust that were seen; a connection of a lower number rests on older ones. */
    long generation() {
        return generation.get();
    }

    void nextGeneration() {
        generation.incrementAndGet();
    }

    /** Set before the first message is sent. */
    BundleFormat bundles() {
        return bundles;
    }

    void bundleAs(BundleFormat format) {
        bundles = format;
    }

    void introduceAs(Hello hello) {
        ours = hello;
    }
}
