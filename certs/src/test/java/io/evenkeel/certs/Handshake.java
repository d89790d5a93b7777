package io.evenkeel.certs;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;

/** Runs the handshake of two real engines in memory, mutual TLS 1.3, and one message each way. */
final class Handshake {

    private static final int MAX_ROUNDS = 100;

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer toServer;
    private final ByteBuffer toClient;

    private Handshake(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
        int size = 16 * client.getSession().getPacketBufferSize();
        this.toServer = ByteBuffer.allocate(size);
        this.toClient = ByteBuffer.allocate(size);
    }

    /** The server's view of the session. */
    static SSLSession run(TlsMaterial client, TlsMaterial server) throws GeneralSecurityException, SSLException {
        return new Handshake(engine(client, true), engine(server, false)).finish();
    }

    /** The outcome of a handshake on each side that must fail. */
    static Failures fail(SSLEngine client, SSLEngine server) throws SSLException {
        Handshake handshake = new Handshake(client, server);
        client.beginHandshake();
        server.beginHandshake();
        SSLException atClient = null;
        SSLException atServer = null;
        for (int round = 0; round < MAX_ROUNDS && (atClient == null || atServer == null); round++) {
            atClient = first(atClient, () -> step(client, ByteBuffer.allocate(0), handshake.toServer));
            atServer = first(atServer, () -> receive(server, handshake.toServer));
            atServer = first(atServer, () -> step(server, ByteBuffer.allocate(0), handshake.toClient));
            atClient = first(atClient, () -> receive(client, handshake.toClient));
        }
        return new Failures(atClient, atServer);
    }

    /** Null where a side noticed nothing. */
    record Failures(SSLException atClient, SSLException atServer) {}

    private interface Action {
        void run() throws SSLException;
    }

    private static SSLException first(SSLException known, Action action) {
        try {
            action.run();
            return known;
        } catch (SSLException e) {
            return known == null ? e : known;
        }
    }

    static SSLEngine engine(TlsMaterial material, boolean client) throws GeneralSecurityException {
        return engine(material, client, "TLSv1.3");
    }

    static SSLEngine engine(TlsMaterial material, boolean client, String protocol) throws GeneralSecurityException {
        X509ExtendedKeyManager keys = material.keyManager();
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(new KeyManager[] {keys}, new TrustManager[] {material.trustManager()}, new SecureRandom());
        SSLEngine engine = context.createSSLEngine();
        engine.setEnabledProtocols(new String[] {protocol});
        engine.setUseClientMode(client);
        if (!client) {
            engine.setNeedClientAuth(true);
        }
        return engine;
    }

    private SSLSession finish() throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        byte[] question = {1, 2, 3};
        byte[] answer = {4, 5};
        ByteBuffer fromClient = ByteBuffer.wrap(question);
        ByteBuffer fromServer = ByteBuffer.wrap(answer);
        int got = 0;
        for (int round = 0; round < MAX_ROUNDS && got < question.length + answer.length; round++) {
            step(client, fromClient, toServer);
            got += receive(server, toServer);
            step(server, fromServer, toClient);
            got += receive(client, toClient);
        }
        if (got != question.length + answer.length) {
            throw new SSLException("no end after " + MAX_ROUNDS + " rounds");
        }
        return server.getSession();
    }

    private static void step(SSLEngine engine, ByteBuffer data, ByteBuffer wire) throws SSLException {
        do {
            tasks(engine);
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
                return;
            }
            engine.wrap(data, wire);
        } while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                || engine.getHandshakeStatus() == HandshakeStatus.NEED_TASK
                || data.hasRemaining());
    }

    private static int receive(SSLEngine engine, ByteBuffer wire) throws SSLException {
        wire.flip();
        ByteBuffer data = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        int before;
        do {
            tasks(engine);
            before = wire.remaining();
            engine.unwrap(wire, data);
            tasks(engine);
        } while (wire.hasRemaining() && wire.remaining() != before);
        wire.compact();
        return data.position();
    }

    private static void tasks(SSLEngine engine) {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
    }
}
