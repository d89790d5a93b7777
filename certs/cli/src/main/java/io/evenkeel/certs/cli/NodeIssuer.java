package io.evenkeel.certs.cli;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.Identity;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.authority.CertificateSpec.AlternativeName;
import io.evenkeel.certs.authority.KeyType;
import java.io.IOException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Issues nodes' certificates by the CA that issues now, and gives them the trust that they need now. */
final class NodeIssuer {
    private final PkiDirectory directory;
    private final ClusterState state;
    private final int number;
    private final CertificateAuthority authority;
    private final SecureRandom random;

    /** Opens the CA: while it is exchanged, the old or the new one. */
    NodeIssuer(PkiDirectory directory, ClusterState state, PasswordSource caPassword, SecureRandom random)
            throws IOException, CommandException, CertificateMaterialException {
        this.directory = directory;
        this.state = state;
        this.random = random;
        number = state.issuingAuthority();
        authority = directory.authority(number, caPassword);
    }

    CertificateAuthority authority() {
        return authority;
    }

    /** The CAs that nodes trust now. */
    static List<X509Certificate> trusted(PkiDirectory directory, ClusterState state)
            throws CertificateMaterialException {
        List<X509Certificate> trusted = new ArrayList<>();
        if (state.rotation() == null || state.rotation().wanted().trustOld()) {
            trusted.add(directory.authorityCertificate(state.authority()));
        }
        if (state.rotation() != null && state.rotation().wanted().trustNew()) {
            trusted.add(directory.authorityCertificate(state.authority() + 1));
        }
        return trusted;
    }

    /** The contents of a node's certificate: its name, its cluster, and the given names. */
    CertificateSpec spec(String node, List<AlternativeName> names, Validity validity) {
        Validity bounded = validity.within(authority.certificate());
        return CertificateSpec.node("CN=" + node + ",O=" + state.cluster(), bounded.notBefore(), bounded.notAfter())
                .withNames(names)
                .withUri(state.uriOf(node))
                .withCrlUrl(state.crlUrl());
    }

    /** The same subject and names as an earlier certificate has. */
    CertificateSpec specOf(X509Certificate earlier, Validity validity) throws CertificateParsingException {
        Validity bounded = validity.within(authority.certificate());
        return CertificateSpec.node(
                        earlier.getSubjectX500Principal().getName(), bounded.notBefore(), bounded.notAfter())
                .withNames(AlternativeNames.of(earlier))
                .withCrlUrl(state.crlUrl());
    }

    /** A new key, and its certificate; listed as issued. */
    Identity issue(NodeFiles node, CertificateSpec spec, KeyType type) throws IOException, CommandException {
        Identity identity = authority.issue(spec, type, random);
        directory.index().add(identity.certificate(), number, node.name());
        return identity;
    }

    /** A certificate for a key that is elsewhere; listed as issued. */
    List<X509Certificate> certify(NodeFiles node, CertificateSpec spec, PublicKey key)
            throws IOException, CommandException {
        List<X509Certificate> chain = authority.certify(spec, key, random);
        directory.index().add(chain.get(0), number, node.name());
        return chain;
    }

    /** A node's new certificate in place of the one that it has; with a new key if the key lies here. */
    X509Certificate renew(NodeFiles node, int days, NodeFiles.StorePasswords passwords)
            throws IOException, CommandException, CertificateMaterialException {
        X509Certificate earlier = node.chain().get(0);
        try {
            CertificateSpec spec = specOf(earlier, Validity.ofDays(days, Instant.now()));
            if (!node.hasKey()) {
                List<X509Certificate> chain = certify(node, spec, earlier.getPublicKey());
                node.writeChain(chain);
                return chain.get(0);
            }
            Identity identity = issue(node, spec, KeyType.of(earlier.getPublicKey()));
            node.writeIdentity(node.storeType(), identity, passwords);
            return identity.certificate();
        } catch (CertificateParsingException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    node.certificateFile() + ": its names cannot be read; issue it again with --force",
                    e);
        }
    }
}
