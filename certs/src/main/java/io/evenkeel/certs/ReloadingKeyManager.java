package io.evenkeel.certs;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Presents the identity that was installed last.
 *
 * <p>A handshake asks first for an alias and then for what it stands for. If a reload comes in between, it must not get
 * the certificate of one identity and the key of another: each identity has an alias of its own, and the previous
 * identity remains available so that a handshake in progress can finish with it.
 */
final class ReloadingKeyManager extends ForwardingKeyManager {

    private record Keys(long number, IdentityKeyManager current, IdentityKeyManager previous) {}

    private volatile Keys keys;

    ReloadingKeyManager(Identity identity) {
        IdentityKeyManager first = new IdentityKeyManager(alias(0), identity);
        keys = new Keys(0, first, first);
    }

    private static String alias(long number) {
        return "member-" + number;
    }

    /** For one thread at a time. */
    void install(Identity identity) {
        long number = keys.number() + 1;
        keys = new Keys(number, new IdentityKeyManager(alias(number), identity), keys.current());
    }

    @Override
    protected X509ExtendedKeyManager delegate() {
        return keys.current();
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Keys now = keys;
        X509Certificate[] chain = now.current().getCertificateChain(alias);
        return chain != null ? chain : now.previous().getCertificateChain(alias);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Keys now = keys;
        PrivateKey key = now.current().getPrivateKey(alias);
        return key != null ? key : now.previous().getPrivateKey(alias);
    }
}
