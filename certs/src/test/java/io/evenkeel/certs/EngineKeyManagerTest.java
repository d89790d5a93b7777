package io.evenkeel.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.certs.authority.CertificateAuthority;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.junit.jupiter.api.Test;

class EngineKeyManagerTest {

    private final CertificateAuthority authority = Fixture.authority("CA", Instant.now());
    private final TlsMaterial peer = Fixture.material(authority, "peer");
    private final Identity first = authority.issue(Fixture.node("first", Instant.now()), Fixture.RANDOM);
    private final Identity second = authority.issue(Fixture.node("second", Instant.now()), Fixture.RANDOM);

    /** Reloads in place, and leaves the engine's questions to the base class, as Keycloak's does. */
    private static class SocketOnly extends X509ExtendedKeyManager {
        private volatile X509ExtendedKeyManager delegate;

        SocketOnly(Identity identity) {
            reload(identity);
        }

        final void reload(Identity identity) {
            delegate = new IdentityKeyManager("alias", identity);
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

    private TlsMaterial bare(X509ExtendedKeyManager keys) {
        return new TlsMaterial(keys, peer.trustManager());
    }

    @Test
    void withoutTheWrapperAnEngineFindsNoCertificate() {
        TlsMaterial bare = bare(new SocketOnly(first));
        assertThatThrownBy(() -> Handshake.run(peer, bare))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("No available authentication scheme");
        assertThatThrownBy(() -> Handshake.run(bare, peer)).isInstanceOf(SSLException.class);
    }

    @Test
    void withTheWrapperBothSidesShakeHands() throws Exception {
        TlsMaterial wrapped = TlsMaterial.fromManagers(new SocketOnly(first), peer.trustManager());
        SSLSession asServer = Handshake.run(peer, wrapped);
        assertThat(asServer.getProtocol()).isEqualTo("TLSv1.3");
        assertThat(asServer.getLocalPrincipal().getName()).isEqualTo("CN=first");
        assertThat(asServer.getPeerPrincipal().getName()).isEqualTo("CN=peer");
        assertThat(Handshake.run(wrapped, peer).getPeerPrincipal().getName()).isEqualTo("CN=first");
    }

    @Test
    void aReloadOfTheDelegateIsSeenByTheNextHandshake() throws Exception {
        SocketOnly keys = new SocketOnly(first);
        TlsMaterial wrapped = TlsMaterial.fromManagers(keys, peer.trustManager());
        assertThat(Handshake.run(wrapped, peer).getPeerPrincipal().getName()).isEqualTo("CN=first");
        keys.reload(second);
        assertThat(Handshake.run(wrapped, peer).getPeerPrincipal().getName()).isEqualTo("CN=second");
        assertThat(Handshake.run(peer, wrapped).getLocalPrincipal().getName()).isEqualTo("CN=second");
    }

    @Test
    void anOverriddenAnswerStandsEvenWhenItIsNull() {
        X509ExtendedKeyManager holdsBack = new SocketOnly(first) {
            @Override
            public String chooseEngineClientAlias(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
                return null;
            }
        };
        EngineKeyManager wrapper = new EngineKeyManager(holdsBack);
        assertThat(wrapper.chooseEngineClientAlias(new String[] {"EC"}, null, null))
                .isNull();
        assertThat(wrapper.chooseEngineServerAlias("EC", null, null)).isNotNull();
    }

    @Test
    void managersThatCannotServeAnEngineAreRefused() {
        assertThatThrownBy(() -> TlsMaterial.fromManagers(null, peer.trustManager()))
                .isInstanceOf(CertificateMaterialException.class)
                .hasMessageContaining("key manager: is missing");
        assertThatThrownBy(() -> TlsMaterial.fromManagers(new SocketOnly(first), null))
                .isInstanceOf(CertificateMaterialException.class)
                .hasMessageContaining("trust manager: is missing");
    }

    @Test
    void aStrangersCertificateIsRefusedByName() {
        TlsMaterial stranger = Fixture.material(Fixture.authority("Other CA", Instant.now()), "stranger");
        TlsMaterial trusting = new TlsMaterial(
                stranger.keyManager(),
                TlsMaterial.of(first, List.of(authority.certificate())).trustManager());
        assertThatThrownBy(() -> Handshake.run(trusting, peer))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("unable to find valid certification path");
    }
}
