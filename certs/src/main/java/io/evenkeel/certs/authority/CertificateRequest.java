package io.evenkeel.certs.authority;

import io.evenkeel.certs.authority.CertificateSpec.AlternativeName;
import io.evenkeel.certs.authority.CertificateSpec.NameType;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A request for a certificate (RFC 2986), signed by the key that it is for. Its contents are the requester's wish; the
 * authority decides what the certificate says.
 *
 * @param subject a distinguished name
 * @param names subject alternative names that it asks for; other kinds than DNS, IP and URI are left out
 * @param key the key to be certified, whose owner has signed the request
 */
public record CertificateRequest(String subject, List<AlternativeName> names, PublicKey key) {

    private static final Base64.Encoder PEM_BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

    public CertificateRequest {
        names = List.copyOf(names);
    }

    /** A request in PEM. */
    public static String create(String subject, List<AlternativeName> names, KeyPair pair, SecureRandom random) {
        try {
            JcaPKCS10CertificationRequestBuilder builder =
                    new JcaPKCS10CertificationRequestBuilder(new X500Principal(subject), pair.getPublic());
            if (!names.isEmpty()) {
                ExtensionsGenerator extensions = new ExtensionsGenerator();
                extensions.addExtension(
                        Extension.subjectAlternativeName, false, CertificateAuthority.generalNames(names));
                builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
            }
            byte[] request = builder.build(new JcaContentSignerBuilder(KeyType.signatureAlgorithm(pair.getPublic()))
                            .setSecureRandom(random)
                            .build(pair.getPrivate()))
                    .getEncoded();
            return "-----BEGIN CERTIFICATE REQUEST-----\n" + PEM_BASE64.encodeToString(request)
                    + "\n-----END CERTIFICATE REQUEST-----\n";
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("The JDK must sign a request for " + subject, e);
        }
    }

    /**
     * Reads a request in PEM and checks its signature.
     *
     * @throws IOException if it is none, or was not signed by the key that it is for; says so
     */
    public static CertificateRequest parse(byte[] pem) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(new String(pem, StandardCharsets.ISO_8859_1)))) {
            if (!(parser.readObject() instanceof PKCS10CertificationRequest found)) {
                throw new IOException("holds no request for a certificate in PEM");
            }
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(found);
            PublicKey key = request.getPublicKey();
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
                throw new IOException("was not signed by the key that it is for");
            }
            String subject = new X500Principal(request.getSubject().getEncoded()).getName();
            return new CertificateRequest(subject, names(found), key);
        } catch (GeneralSecurityException | OperatorCreationException | PKCSException | RuntimeException e) {
            // Bouncy Castle tells of broken ASN.1 by unchecked exceptions.
            throw new IOException("holds no request that can be read", e);
        }
    }

    private static List<AlternativeName> names(PKCS10CertificationRequest request) throws IOException {
        List<AlternativeName> names = new ArrayList<>();
        Extensions extensions = request.getRequestedExtensions();
        GeneralNames asked =
                extensions == null ? null : GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
        for (GeneralName name : asked == null ? new GeneralName[0] : asked.getNames()) {
            switch (name.getTagNo()) {
                case GeneralName.dNSName ->
                    names.add(new AlternativeName(NameType.DNS, name.getName().toString()));
                case GeneralName.uniformResourceIdentifier ->
                    names.add(new AlternativeName(NameType.URI, name.getName().toString()));
                case GeneralName.iPAddress ->
                    names.add(new AlternativeName(
                            NameType.IP,
                            InetAddress.getByAddress(ASN1OctetString.getInstance(name.getName())
                                            .getOctets())
                                    .getHostAddress()));
                default -> {
                    // No pattern of a cluster looks at it.
                }
            }
        }
        return names;
    }
}
