package io.evenkeel.stacks.keycloak;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.protocols.TCP_NETTY;
import java.util.Optional;
import java.util.Set;

/**
 * The keys, trust and rules about peers that Keycloak's user asked for, by whichever option, and how they reach
 * TCP_NETTY.
 *
 * <p>In the order in which they win: attributes of the stack; the pack's PEM options; Keycloak's key-store options;
 * Keycloak's automatic certificates. Of the first three only one may be set with the pack's options among them. Clear
 * text is what remains when Keycloak's mutual TLS is off, and the stack's attributes alone may override that.
 */
final class ClusterTls {

    /** The source of keys and trust, if the stack's attributes do not say. */
    sealed interface Source {
        record Files(StoreFile keyStore, StoreFile trustStore) implements Source {}

        record Automatic() implements Source {}

        record Off() implements Source {}
    }

    /** Asks Keycloak for the certificates that it makes by itself. */
    interface AutomaticCertificates {
        TlsMaterial get() throws CertificateMaterialException;
    }

    private static final String MTLS = "--cache-embedded-mtls-enabled";

    private final TlsOptions options;
    private final Source source;
    private final AutomaticCertificates automatic;

    private ClusterTls(TlsOptions options, Source source, AutomaticCertificates automatic) {
        this.options = options;
        this.source = source;
        this.automatic = automatic;
    }

    /**
     * Chooses the source.
     *
     * @param options the pack's own
     * @param keyStores those of Keycloak's options
     * @param enabled whether Keycloak's mutual TLS is on
     * @throws IllegalArgumentException if the options contradict each other; one line
     */
    static ClusterTls of(
            TlsOptions options, Optional<MtlsKeyStores> keyStores, boolean enabled, AutomaticCertificates automatic) {
        if (options.keyStore().isPresent()) {
            if (!enabled) {
                throw neededMtls(options);
            }
            if (keyStores.isPresent()) {
                throw KeycloakOption.refusal(options.set() + " is set, and so is a key store of Keycloak's, "
                        + keyStores.get().keyStore().described() + "; remove one of the two");
            }
            return new ClusterTls(
                    options,
                    new Source.Files(
                            options.keyStore().get(), options.trustStore().orElseThrow()),
                    automatic);
        }
        Source source = keyStores
                .<Source>map(files -> new Source.Files(files.keyStore(), files.trustStore()))
                .orElseGet(() -> enabled ? new Source.Automatic() : new Source.Off());
        return new ClusterTls(options, source, automatic);
    }

    private static IllegalArgumentException neededMtls(TlsOptions options) {
        return KeycloakOption.refusal(options.set() + " is set, but " + MTLS
                + " is false; remove one of the two, nothing goes out in clear until then");
    }

    /** Refuses the pack's options on a stack whose transport does not know them. */
    void requireTransport(String stackName, boolean hasTransport) {
        if (!hasTransport && options.any()) {
            throw KeycloakOption.refusal(options.set() + " needs a stack with TCP_NETTY, such as evenkeel-jdbc; '"
                    + stackName + "' has another transport, and would ignore it");
        }
    }

    /** Reads keys and trust once, for a look at them; empty in clear. Blocks on files or on Keycloak's database. */
    Optional<TlsMaterial> material() throws CertificateMaterialException {
        if (source instanceof Source.Files files) {
            return Optional.of(TlsMaterial.fromStores(files.keyStore(), files.trustStore()));
        }
        return source instanceof Source.Automatic ? Optional.of(automatic.get()) : Optional.empty();
    }

    /** Names the source, for a line of the log. */
    String describe() {
        if (source instanceof Source.Files files) {
            return files.keyStore().described() + " and " + files.trustStore().described();
        }
        return source instanceof Source.Automatic ? "Keycloak's automatic certificates" : "clear text";
    }

    /**
     * Hands all of it to the transport before the start.
     *
     * @param attributes the names of those that the stack sets. The transport does not know all of them yet: JGroups
     *     sets those of a component, such as tls.keystore_path, when it initialises the protocol
     * @throws IllegalArgumentException if an option and an attribute of the stack say the same thing twice; one line
     */
    void applyTo(TCP_NETTY transport, Set<String> attributes) throws CertificateMaterialException {
        boolean namesStores = attributes.stream().anyMatch(TlsOptions::isStoreAttribute);
        if (options.keyStore().isPresent() && namesStores) {
            throw KeycloakOption.refusal(options.set()
                    + " is set, and TCP_NETTY in the stack names key or trust stores too; remove one of the two");
        }
        if (source instanceof Source.Files files) {
            transport.setTlsFiles(files.keyStore(), files.trustStore());
        } else if (source instanceof Source.Automatic) {
            transport.setTlsMaterial(automatic.get(), "Keycloak's automatic certificates");
        } else if (!namesStores) {
            turnOff(transport, attributes.contains("encryption"));
        }
        applyRules(transport);
    }

    private void turnOff(TCP_NETTY transport, boolean namesEncryption) {
        if (options.any()) {
            throw neededMtls(options);
        }
        if (!namesEncryption) {
            transport.setEncryption("none");
        }
    }

    private void applyRules(TCP_NETTY transport) {
        options.authorizedPeers().ifPresent(peers -> {
            if (transport.getAuthorizedPeers() != null) {
                throw KeycloakOption.refusal(TlsOptions.authorizedPeersOption()
                        + " is set, and so is authorized_peers of TCP_NETTY in the stack; remove one of the two");
            }
            transport.setAuthorizedPeers(peers);
        });
        options.bindIdentityToAddress().ifPresent(bind -> {
            if (!bind && transport.bindsIdentityToAddress()) {
                throw KeycloakOption.refusal(TlsOptions.bindIdentityOption()
                        + " is false, and bind_identity_to_address of TCP_NETTY in the stack is true; remove one of the"
                        + " two");
            }
            transport.bindIdentityToAddress(bind);
        });
    }
}
