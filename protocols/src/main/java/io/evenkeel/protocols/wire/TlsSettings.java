package io.evenkeel.protocols.wire;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.core.PeerPolicy;
import java.util.Objects;

/**
 * How connections are secured.
 *
 * @param authorizedPeers whom to let in of those that the CA vouches for
 * @param bindAddress whether a peer's certificate must bear the address that the peer says it has
 */
public record TlsSettings(TlsMaterial material, PeerPolicy authorizedPeers, boolean bindAddress) {
    public TlsSettings {
        Objects.requireNonNull(material, "material");
        Objects.requireNonNull(authorizedPeers, "authorizedPeers");
    }

    /** Everybody that is trusted. */
    public static TlsSettings of(TlsMaterial material) {
        return new TlsSettings(material, PeerPolicy.anyTrusted(), false);
    }
}
