package io.evenkeel.certs.cli;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.Certificates;
import io.evenkeel.certs.FileContents;
import io.evenkeel.certs.Identity;
import io.evenkeel.certs.core.Expiry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.X509TrustedCertificateBlock;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a file, or of what is shown on the wire, and its fault: the first for which a member would refuse it.
 */
final class Inspection {

    /**
     * Certificates that belong together.
     *
     * @param title what they are there
     * @param chain in the order in which they were found
     */
    record Group(String title, List<X509Certificate> chain) {}

    private final String source;
    private final String format;
    private final Instant now;
    private final List<Group> groups = new ArrayList<>();
    private final List<String> other = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private Inspection(String source, String format, Instant now) {
        this.source = source;
        this.format = format;
        this.now = now;
    }

    /** Certificates that a node has shown. */
    static Inspection ofWire(String source, List<X509Certificate> chain, Instant now) {
        Inspection inspection = new Inspection(source, "TLS", now);
        inspection.groups.add(new Group("shown by the node", chain));
        inspection.judgeChain(chain);
        return inspection;
    }

    /**
     * Reads a file of any kind that holds certificates.
     *
     * @param password null if none is known
     */
    static Inspection ofFile(Path file, char @Nullable [] password, Instant now)
            throws CertificateMaterialException, CommandException {
        byte[] content = FileContents.read(List.of(file)).of(file.toString(), file);
        if (content.length == 0) {
            throw damaged(file, null);
        }
        if (new String(content, StandardCharsets.ISO_8859_1).contains("-----BEGIN ")) {
            return ofPem(file, content, now);
        }
        return ofStore(file, content, password, now);
    }

    private static Inspection ofPem(Path file, byte[] content, Instant now) throws CommandException {
        Inspection inspection = new Inspection(file.toString(), "PEM", now);
        List<X509Certificate> chain = new ArrayList<>();
        try (PEMParser parser = new PEMParser(new StringReader(new String(content, StandardCharsets.ISO_8859_1)))) {
            for (Object block = parser.readObject(); block != null; block = parser.readObject()) {
                if (block instanceof X509CertificateHolder holder) {
                    chain.add(new JcaX509CertificateConverter().getCertificate(holder));
                } else if (block instanceof X509TrustedCertificateBlock trusted) {
                    chain.add(new JcaX509CertificateConverter().getCertificate(trusted.getCertificateHolder()));
                } else {
                    inspection.other.add(described(block));
                }
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw damaged(file, e);
        }
        if (chain.isEmpty() && inspection.other.isEmpty()) {
            throw damaged(file, null);
        }
        if (!chain.isEmpty()) {
            boolean trust = chain.stream().allMatch(each -> each.getBasicConstraints() >= 0);
            inspection.groups.add(new Group(trust ? "authorities" : "chain", chain));
            if (trust) {
                inspection.judgeTrust(chain);
            } else {
                inspection.judgeChain(chain);
            }
        }
        return inspection;
    }

    private static String described(Object block) {
        if (block instanceof PrivateKeyInfo || block instanceof PEMKeyPair) {
            return "a private key, not encrypted";
        }
        if (block instanceof PKCS8EncryptedPrivateKeyInfo || block instanceof PEMEncryptedKeyPair) {
            return "a private key, encrypted";
        }
        if (block instanceof PKCS10CertificationRequest request) {
            return "a request for a certificate of " + request.getSubject();
        }
        if (block instanceof X509CRLHolder list) {
            return "a list of " + list.getRevokedCertificates().size() + " revoked certificates of " + list.getIssuer();
        }
        return "a block of another kind (" + block.getClass().getSimpleName() + ")";
    }

    private static Inspection ofStore(Path file, byte[] content, char @Nullable [] password, Instant now)
            throws CommandException {
        StoreType type = StoreType.of(file.getFileName().toString());
        type.ensureAvailable();
        KeyStore store;
        try {
            store = KeyStore.getInstance(type.name());
            store.load(new ByteArrayInputStream(content), password);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw unopened(file, type, password, e);
        }
        Inspection inspection = new Inspection(file.toString(), type.name(), now);
        try {
            inspection.read(store, password);
        } catch (UnrecoverableKeyException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    file + ": its password does not open the private key in it; give the key the store's own password",
                    e);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw damaged(file, e);
        }
        return inspection;
    }

    private static CommandException unopened(Path file, StoreType type, char @Nullable [] password, Exception e) {
        if (e.getCause() instanceof UnrecoverableKeyException || password == null) {
            String problem = password == null ? "no password is given" : "its password is wrong";
            return new CommandException(
                    ExitCode.FAILED,
                    file + ": is damaged, no " + type + " store and no PEM, or " + problem
                            + "; give the right file, and its password by --password-file or --password-env",
                    e);
        }
        return damaged(file, e);
    }

    private static CommandException damaged(Path file, @Nullable Exception cause) {
        return new CommandException(
                ExitCode.FAILED,
                file + ": is empty, damaged, half written, or of no format that is known here; write it anew as PEM,"
                        + " PKCS12 (.p12), JKS (.jks) or BCFKS (.bcfks)",
                cause);
    }

    private void read(KeyStore store, char @Nullable [] password) throws GeneralSecurityException {
        List<String> keys = new ArrayList<>();
        List<X509Certificate> trusted = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias) && store.getCertificateChain(alias) != null) {
                keys.add(alias);
                List<X509Certificate> chain = new ArrayList<>();
                for (Certificate each : store.getCertificateChain(alias)) {
                    chain.add((X509Certificate) each);
                }
                groups.add(new Group("key '" + alias + "'", chain));
                if (store.getKey(alias, password) instanceof PrivateKey key) {
                    judgeIdentity(new Identity(key, chain));
                }
            } else if (store.getCertificate(alias) instanceof X509Certificate found) {
                trusted.add(found);
                groups.add(new Group("trusted '" + alias + "'", List.of(found)));
            }
        }
        if (keys.size() > 1) {
            Collections.sort(keys);
            problems.add("holds " + keys.size() + " private keys " + keys + "; keep only the member's own");
        }
        if (keys.isEmpty()) {
            judgeTrust(trusted);
        }
    }

    private void judgeIdentity(Identity identity) {
        try {
            Certificates.check(source, identity, now);
            warnOfExpiry(identity.chain());
        } catch (CertificateMaterialException e) {
            problems.add(withoutSource(e));
        }
    }

    private void judgeChain(List<X509Certificate> chain) {
        try {
            Certificates.checkChain(source, chain, now);
            warnOfExpiry(chain);
        } catch (CertificateMaterialException e) {
            problems.add(withoutSource(e));
        }
    }

    private void judgeTrust(List<X509Certificate> trusted) {
        try {
            Certificates.checkTrusted(source, trusted, now);
            warnOfExpiry(trusted);
        } catch (CertificateMaterialException e) {
            problems.add(withoutSource(e));
        }
    }

    private void warnOfExpiry(List<X509Certificate> certificates) {
        if (Expiry.level(certificates, now) != Expiry.Level.FINE) {
            other.add("the first certificate to end does so at " + Expiry.notAfter(certificates) + "; renew it soon");
        }
    }

    private String withoutSource(CertificateMaterialException e) {
        String message = String.valueOf(e.getMessage());
        return message.startsWith(source + ": ") ? message.substring(source.length() + 2) : message;
    }

    List<String> problems() {
        return problems;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(source + " (" + format + ")");
        for (Group group : groups) {
            int place = 0;
            for (X509Certificate each : group.chain()) {
                lines.add(group.title() + (group.chain().size() > 1 ? ", certificate " + ++place : "") + ":");
                lines.addAll(CertificateView.lines(each, now));
            }
        }
        lines.addAll(other);
        problems.forEach(problem -> lines.add("PROBLEM: " + problem));
        return lines;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("source", source);
        json.put("format", format);
        json.put("entries", groups.stream().map(this::json).toList());
        json.put("other", other);
        json.put("problems", problems);
        return json;
    }

    private Map<String, Object> json(Group group) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("title", group.title());
        json.put(
                "certificates",
                group.chain().stream()
                        .map(each -> CertificateView.of(each, now))
                        .toList());
        return json;
    }
}
