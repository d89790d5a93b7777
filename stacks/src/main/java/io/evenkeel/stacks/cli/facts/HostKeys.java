package io.evenkeel.stacks.cli.facts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.Certificates;
import io.evenkeel.certs.Identity;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.protocols.lease.jdbc.ConnectionSupplier;
import io.evenkeel.protocols.lease.jdbc.SqlStates;
import io.evenkeel.stacks.cli.core.FindingCode;
import io.evenkeel.stacks.cli.core.KeyFacts;
import io.evenkeel.stacks.cli.settings.DatabaseSettings;
import io.evenkeel.stacks.cli.settings.TlsSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * Keys and trust of this host.
 *
 * @param facts what there is to say of them
 * @param material to speak TLS with; empty in clear, and if they cannot be used
 * @param judge of peers' certificates; empty in clear, and if there is no trust to judge by
 */
record HostKeys(KeyFacts facts, Optional<TlsMaterial> material, Optional<CertificateJudge> judge) {

    /** The key of Keycloak's automatic certificates in its table SERVER_CONFIG. */
    private static final String AUTOMATIC = "crt_jgroups";

    private static final int QUERY_TIMEOUT_S = 5;

    /** True if members are expected to speak TLS. */
    boolean encrypted() {
        return !(facts instanceof KeyFacts.ClearText);
    }

    /** The keys in a database that could not be read. */
    static HostKeys unknown() {
        return new HostKeys(new KeyFacts.Unknown(), Optional.empty(), Optional.empty());
    }

    /** Reads them; blocks on files or on the database. */
    static HostKeys read(TlsSource source, DatabaseSettings database, Instant now) {
        try {
            return switch (source.kind()) {
                case OFF -> new HostKeys(new KeyFacts.ClearText(), Optional.empty(), Optional.empty());
                case FILES -> files(source, now);
                case AUTOMATIC -> automatic(source, database, now);
            };
        } catch (CertificateMaterialException e) {
            return unusable(code(e.reason()), String.valueOf(e.getMessage()), Optional.empty());
        }
    }

    private static HostKeys files(TlsSource source, Instant now) throws CertificateMaterialException {
        List<X509Certificate> trusted =
                Certificates.readTrusted(source.trustStore().orElseThrow(), now);
        CertificateJudge judge = new CertificateJudge(trusted, source, now);
        Identity identity;
        try {
            identity = Identity.read(source.keyStore().orElseThrow(), now);
        } catch (CertificateMaterialException e) {
            return unusable(code(e.reason()), String.valueOf(e.getMessage()), Optional.of(judge));
        }
        return usable(source.keyStore().orElseThrow().described(), identity, trusted, judge);
    }

    private static HostKeys automatic(TlsSource source, DatabaseSettings database, Instant now) {
        try {
            Optional<String> stored = stored(database);
            if (stored.isEmpty()) {
                return unusable(
                        FindingCode.KEYS_UNUSABLE,
                        "Keycloak's automatic certificate is not in its database yet: start a node, or give the options"
                                + " for mTLS that the nodes have",
                        Optional.empty());
            }
            Identity identity = identity(stored.get());
            // Members trust this one certificate and themselves bear it.
            List<X509Certificate> trusted = identity.chain();
            return usable(
                    "Keycloak's automatic certificate", identity, trusted, new CertificateJudge(trusted, source, now));
        } catch (SQLException e) {
            return unusable(
                    FindingCode.KEYS_UNUSABLE,
                    "Keycloak's automatic certificate cannot be read from its database [SQLState " + e.getSQLState()
                            + "]; let db-username read table SERVER_CONFIG",
                    Optional.empty());
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            // Its message might show what was read.
            return unusable(
                    FindingCode.KEYS_UNUSABLE,
                    "Keycloak's automatic certificate in its database cannot be understood ("
                            + e.getClass().getSimpleName() + "); have Keycloak rotate it",
                    Optional.empty());
        }
    }

    private static Optional<String> stored(DatabaseSettings database) throws SQLException {
        ConnectionSupplier connections = database.connections();
        try (Connection connection = connections.get();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(QUERY_TIMEOUT_S);
            try (ResultSet result = statement.executeQuery("SELECT VALUE FROM " + database.inSchema("SERVER_CONFIG")
                    + " WHERE SERVER_CONFIG_KEY = '" + AUTOMATIC + "'")) {
                return result.next() ? Optional.ofNullable(result.getString(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            // No node has started yet.
            if (SqlStates.missingTable(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Out of what Keycloak stores: PEM without its first and last lines. */
    static Identity identity(String json) throws GeneralSecurityException, IOException {
        JsonNode node = new ObjectMapper().readTree(json);
        X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(der(node.path("crt").asText())));
        PrivateKey key = KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                .generatePrivate(
                        new PKCS8EncodedKeySpec(pkcs8(der(node.path("prvKey").asText()))));
        return new Identity(key, List.of(certificate));
    }

    /** Keycloak writes RSA keys as PKCS #1 (RFC 8017, A.1.2), where an integer is second and not an algorithm. */
    private static byte[] pkcs8(byte[] der) throws IOException {
        ASN1Sequence key = ASN1Sequence.getInstance(der);
        boolean wrapped = key.getObjectAt(1) instanceof ASN1Sequence;
        return wrapped
                ? der
                : new PrivateKeyInfo(
                                new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE), key)
                        .getEncoded();
    }

    /** The bytes of a PEM block, with or without its first and last line. */
    private static byte[] der(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]*-----", ""));
    }

    private static HostKeys usable(
            String source, Identity identity, List<X509Certificate> trusted, CertificateJudge judge) {
        return new HostKeys(
                new KeyFacts.Usable(source, judge.of(identity.chain(), Optional.empty())),
                Optional.of(TlsMaterial.of(identity, trusted)),
                Optional.of(judge));
    }

    private static HostKeys unusable(FindingCode code, String message, Optional<CertificateJudge> judge) {
        return new HostKeys(new KeyFacts.Unusable(code, message), Optional.empty(), judge);
    }

    private static FindingCode code(CertificateMaterialException.Reason reason) {
        return switch (reason) {
            case EXPIRED -> FindingCode.CERTIFICATE_EXPIRED;
            case NOT_YET_VALID -> FindingCode.CERTIFICATE_NOT_YET_VALID;
            default -> FindingCode.KEYS_UNUSABLE;
        };
    }
}
