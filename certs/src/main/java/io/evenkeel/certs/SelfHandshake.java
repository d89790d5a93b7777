package io.evenkeel.certs;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * Lets a member shake hands with itself, in memory: TLS 1.3, a certificate required of either side.
 *
 * <p>It shows before the first peer does whether members that share this material accept each other. And it takes the
 * cost of a JVM's first handshake, some hundred milliseconds of loading and compiling classes, off the first real one
 * when it runs on a thread of its own while the rest starts.
 */
public final class SelfHandshake {
    private static final String PROTOCOL = "TLSv1.3";
    /** A handshake takes about a dozen steps; far more mean that the engines wait for each other. */
    private static final int MAX_STEPS = 1000;

    private final Side client;
    private final Side server;

    private SelfHandshake(SSLContext dialling, SSLContext listening) throws SSLException {
        client = new Side(dialling.createSSLEngine());
        server = new Side(listening.createSSLEngine());
        client.engine.setUseClientMode(true);
        server.engine.setUseClientMode(false);
        server.engine.setNeedClientAuth(true);
        client.engine.beginHandshake();
        server.engine.beginHandshake();
    }

    /**
     * Runs the handshake on the calling thread.
     *
     * @throws SSLException if one side does not accept the other; the message says why
     * @throws GeneralSecurityException if the JDK has no TLS 1.3 for this material
     */
    public static void run(TlsMaterial material) throws SSLException, GeneralSecurityException {
        SSLContext context = context(material);
        new SelfHandshake(context, context).run();
    }

    /**
     * Runs the handshake between two members of different material.
     *
     * @throws SSLException as the other method does
     */
    public static void run(TlsMaterial dialling, TlsMaterial listening) throws SSLException, GeneralSecurityException {
        new SelfHandshake(context(dialling), context(listening)).run();
    }

    private static SSLContext context(TlsMaterial material) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance(PROTOCOL);
        context.init(new KeyManager[] {material.keyManager()}, new TrustManager[] {material.trustManager()}, null);
        return context;
    }

    private void run() throws SSLException {
        for (int step = 0; step < MAX_STEPS; step++) {
            client.step(server);
            server.step(client);
            if (client.isDone() && server.isDone()) {
                return;
            }
        }
        throw new SSLException("the handshake with itself came to no end");
    }

    /** One end: an engine, and what has been sent to it and not been read. */
    private static final class Side {
        private final SSLEngine engine;
        private final ByteBuffer inbox;
        private final ByteBuffer ignored;

        Side(SSLEngine engine) {
            this.engine = engine;
            // Room for all records of a flight.
            inbox = ByteBuffer.allocate(4 * engine.getSession().getPacketBufferSize());
            ignored = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        }

        boolean isDone() {
            return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING && inbox.position() == 0;
        }

        void step(Side peer) throws SSLException {
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), peer.inbox);
                case NEED_UNWRAP, NOT_HANDSHAKING -> read();
                default -> {
                    // FINISHED and NEED_TASK pass by themselves.
                }
            }
        }

        private void read() throws SSLException {
            inbox.flip();
            SSLEngineResult.Status status = SSLEngineResult.Status.OK;
            // TLS 1.3 sends session tickets when the handshake is over: they are read, too.
            while (inbox.hasRemaining()
                    && status == SSLEngineResult.Status.OK
                    && engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP
                    && engine.getHandshakeStatus() != HandshakeStatus.NEED_TASK) {
                status = engine.unwrap(inbox, ignored).getStatus();
            }
            inbox.compact();
        }
    }
}
