package io.evenkeel.protocols.wire;

import io.evenkeel.certs.TlsMaterial;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Makes the TLS handlers of connections: TLS 1.3 alone, a certificate required of either side, no host names (members
 * come and go at any address; the CA decides who is one).
 *
 * <p>Signatures and chain checks run on one thread of their own, so that a storm of handshakes does not hold the event
 * loops that carry the cluster's traffic.
 */
final class TlsEngines {
    static final String PROTOCOL = "TLSv1.3";

    private final SslContext server;
    private final SslContext client;
    private final TlsMaterial material;
    private final ThreadPoolExecutor tasks;

    TlsEngines(TlsMaterial material, String threadName) throws SSLException {
        this.material = material;
        server = SslContextBuilder.forServer(material.keyManager())
                .trustManager(material.trustManager())
                .clientAuth(ClientAuth.REQUIRE)
                .protocols(PROTOCOL)
                .sslProvider(SslProvider.JDK)
                .build();
        client = SslContextBuilder.forClient()
                .keyManager(material.keyManager())
                .trustManager(material.trustManager())
                .protocols(PROTOCOL)
                .sslProvider(SslProvider.JDK)
                .build();
        tasks = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory(threadName, true));
        tasks.allowCoreThreadTimeOut(true);
    }

    SslHandler handler(ByteBufAllocator allocator, boolean outgoing) {
        SslHandler handler = (outgoing ? client : server).newHandler(allocator, tasks);
        // PeerConnection's own timer covers TLS and everything up to the accepted HELLO.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    String describe() {
        return PROTOCOL + " (JDK), client certificates required";
    }

    /** When the first of this member's own certificates expires; null if the key manager does not tell. */
    Instant notAfter() {
        return OwnCertificates.of(material.keyManager()).stream()
                .map(own -> own.getNotAfter().toInstant())
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    void shutdown() {
        tasks.shutdownNow();
    }
}
