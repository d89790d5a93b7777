package io.evenkeel.certs;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Lets an SSLEngine use a key manager that was written for sockets only.
 *
 * <p>{@link X509ExtendedKeyManager} answers null to the two questions of an engine unless a subclass says otherwise,
 * and Keycloak 26.7.3's reloading manager does not: every handshake of an engine would end with "No available
 * authentication scheme". This wrapper then asks what a socket would ask, with no socket.
 *
 * <p>A delegate that does override an engine's question is asked that question, and its answer stands, null included:
 * it sees the engine's algorithm constraints and server names, and to ask again without them would hand out a
 * certificate that it has just held back. Which of the two holds is a fact of the delegate's class and is found out
 * once. Nothing that the delegate answers is kept: Keycloak's managers reload in place when certificates rotate.
 *
 * <p>As safe for threads as the delegate is.
 */
public final class EngineKeyManager extends X509ExtendedKeyManager {

    private final X509KeyManager delegate;
    private final @Nullable X509ExtendedKeyManager asClient;
    private final @Nullable X509ExtendedKeyManager asServer;

    public EngineKeyManager(X509KeyManager delegate) {
        this.delegate = Objects.requireNonNull(delegate, "delegate");
        this.asClient = ifOverridden(delegate, "chooseEngineClientAlias", String[].class);
        this.asServer = ifOverridden(delegate, "chooseEngineServerAlias", String.class);
    }

    private static @Nullable X509ExtendedKeyManager ifOverridden(
            X509KeyManager manager, String method, Class<?> keyType) {
        if (!(manager instanceof X509ExtendedKeyManager extended)) {
            return null;
        }
        try {
            Class<?> owner = manager.getClass()
                    .getMethod(method, keyType, Principal[].class, SSLEngine.class)
                    .getDeclaringClass();
            return owner == X509ExtendedKeyManager.class ? null : extended;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(method + " is a public method of X509ExtendedKeyManager", e);
        }
    }

    @Override
    public @Nullable String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return asClient != null
                ? asClient.chooseEngineClientAlias(keyTypes, issuers, engine)
                : delegate.chooseClientAlias(keyTypes, issuers, null);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        return asServer != null
                ? asServer.chooseEngineServerAlias(keyType, issuers, engine)
                : delegate.chooseServerAlias(keyType, issuers, null);
    }

    @Override
    public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return delegate.chooseClientAlias(keyTypes, issuers, socket);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        return delegate.chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return delegate.getClientAliases(keyType, issuers);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return delegate.getServerAliases(keyType, issuers);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return delegate.getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return delegate.getPrivateKey(alias);
    }
}
