package io.evenkeel.certs;

import static io.evenkeel.certs.CertificateMaterialException.Reason.DAMAGED;
import static io.evenkeel.certs.CertificateMaterialException.Reason.NO_PRIVATE_KEY;
import static io.evenkeel.certs.CertificateMaterialException.Reason.SEVERAL_PRIVATE_KEYS;
import static io.evenkeel.certs.CertificateMaterialException.Reason.WRONG_TYPE;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.X509TrustedCertificateBlock;
import org.jspecify.annotations.Nullable;

/** Certificates and a private key in PEM (RFC 7468, and the older forms of OpenSSL), in one file or in two. */
final class PemReader implements MaterialReader {

    private final String source;
    private final StoreFile file;
    private final FileContents contents;

    PemReader(String source, StoreFile file, FileContents contents) {
        this.source = source;
        this.file = file;
        this.contents = contents;
    }

    @Override
    public String source() {
        return source;
    }

    @Override
    public Identity identity() throws CertificateMaterialException {
        List<X509Certificate> chain = trusted();
        PrivateKey key = key();
        if (chain.isEmpty()) {
            throw new CertificateMaterialException(
                    NO_PRIVATE_KEY,
                    source,
                    "holds no certificate for the private key",
                    "put the member's own certificate first, then each issuer of the one before");
        }
        return new Identity(key, chain);
    }

    @Override
    public List<X509Certificate> trusted() throws CertificateMaterialException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Object block : blocks(source, file.path())) {
            if (block instanceof X509TrustedCertificateBlock trusted) {
                certificates.add(certificate(trusted.getCertificateHolder()));
            } else if (block instanceof X509CertificateHolder holder) {
                certificates.add(certificate(holder));
            }
        }
        return certificates;
    }

    private PrivateKey key() throws CertificateMaterialException {
        String keySource = file.keyPath().equals(file.path()) ? source : source + " with private key " + file.keyPath();
        List<Object> keys = blocks(keySource, file.keyPath()).stream()
                .filter(PemPrivateKey::isKey)
                .toList();
        if (keys.isEmpty()) {
            throw new CertificateMaterialException(
                    NO_PRIVATE_KEY,
                    keySource,
                    "holds no private key",
                    "put the member's key there, as PKCS #8, PKCS #1 or SEC 1");
        }
        if (keys.size() > 1) {
            throw new CertificateMaterialException(
                    SEVERAL_PRIVATE_KEYS,
                    keySource,
                    "holds " + keys.size() + " private keys",
                    "keep only the one that this member is to present");
        }
        return PemPrivateKey.open(keySource, keys.get(0), file.password());
    }

    private List<Object> blocks(String from, Path path) throws CertificateMaterialException {
        byte[] content = contents.of(from, path);
        String found = StoreFormat.of(content);
        if (!StoreFormat.mayBe("PEM", found)) {
            throw new CertificateMaterialException(
                    WRONG_TYPE, from, "its type is given as PEM, the file is " + found, "give the right type");
        }
        List<Object> blocks = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(new String(content, StandardCharsets.ISO_8859_1)))) {
            for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
                blocks.add(block);
            }
        } catch (IOException | RuntimeException e) {
            // Bouncy Castle tells of broken base64 and of some broken ASN.1 by unchecked exceptions.
            throw damaged(from, e);
        }
        if (blocks.isEmpty()) {
            throw damaged(from, null);
        }
        return blocks;
    }

    private X509Certificate certificate(X509CertificateHolder holder) throws CertificateMaterialException {
        try {
            return new JcaX509CertificateConverter().getCertificate(holder);
        } catch (CertificateException e) {
            throw damaged(source, e);
        }
    }

    private static CertificateMaterialException damaged(String from, @Nullable Throwable cause) {
        return new CertificateMaterialException(
                DAMAGED,
                from,
                "the file is empty, damaged, half written, or not of type PEM",
                "write it anew, or give the right type",
                cause);
    }
}
