package io.evenkeel.certs;

import static io.evenkeel.certs.CertificateMaterialException.Reason.DAMAGED;
import static io.evenkeel.certs.CertificateMaterialException.Reason.NO_PRIVATE_KEY;
import static io.evenkeel.certs.CertificateMaterialException.Reason.SEVERAL_PRIVATE_KEYS;
import static io.evenkeel.certs.CertificateMaterialException.Reason.WRONG_PASSWORD;
import static io.evenkeel.certs.CertificateMaterialException.Reason.WRONG_TYPE;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Key stores and trust stores of the types that the JVM's security providers have: PKCS12 and JKS in every JDK, BCFKS
 * with Bouncy Castle. Tells apart the ways in which reading them fails, as far as the provider does.
 */
final class StoreReader implements MaterialReader {

    private final String source;
    private final StoreFile file;
    private final FileContents contents;

    StoreReader(String source, StoreFile file, FileContents contents) {
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
        char[] password = file.password();
        try {
            KeyStore store = load(password);
            String alias = onlyKey(store);
            PrivateKey key = (PrivateKey) store.getKey(alias, password);
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate certificate : store.getCertificateChain(alias)) {
                chain.add((X509Certificate) certificate);
            }
            return new Identity(key, chain);
        } catch (UnrecoverableKeyException e) {
            throw refuse(
                    WRONG_PASSWORD,
                    "its password does not open the private key",
                    "give the key the store's own password",
                    e);
        } catch (GeneralSecurityException e) {
            throw damaged(e);
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    @Override
    public List<X509Certificate> trusted() throws CertificateMaterialException {
        char[] password = file.password();
        try {
            KeyStore store = load(password);
            List<X509Certificate> trusted = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isCertificateEntry(alias) && store.getCertificate(alias) instanceof X509Certificate found) {
                    trusted.add(found);
                }
            }
            return trusted;
        } catch (GeneralSecurityException e) {
            throw damaged(e);
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private String onlyKey(KeyStore store) throws GeneralSecurityException, CertificateMaterialException {
        List<String> aliases = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            if (store.entryInstanceOf(alias, KeyStore.PrivateKeyEntry.class)) {
                aliases.add(alias);
            }
        }
        if (aliases.isEmpty()) {
            throw refuse(
                    NO_PRIVATE_KEY,
                    "holds no private key with its certificate",
                    "import the member's key and certificate, or check that it is not the trust store",
                    null);
        }
        if (aliases.size() > 1) {
            Collections.sort(aliases);
            throw refuse(
                    SEVERAL_PRIVATE_KEYS,
                    "holds " + aliases.size() + " private keys " + aliases,
                    "keep only the one that this member is to present",
                    null);
        }
        return aliases.get(0);
    }

    private KeyStore load(char[] password) throws GeneralSecurityException, CertificateMaterialException {
        String type = file.type().toUpperCase(Locale.ROOT);
        byte[] content = contents.of(source, file.path());
        // The JDK's stores open each other's files, so a wrong type would go unnoticed until another JVM refuses it.
        String found = StoreFormat.of(content);
        if (!StoreFormat.mayBe(type, found)) {
            throw refuse(
                    WRONG_TYPE, "its type is given as " + type + ", the file is " + found, "give the right type", null);
        }
        KeyStore store = KeyStore.getInstance(type);
        try {
            store.load(new ByteArrayInputStream(content), password);
        } catch (IOException | RuntimeException | AssertionError e) {
            // Bouncy Castle stumbles over an empty file by a NullPointerException, and its FIPS edition tells by an
            // AssertionError what it does not approve of.
            throw unreadable(store, e);
        }
        return store;
    }

    private CertificateMaterialException damaged(Throwable cause) {
        return refuse(
                DAMAGED,
                "the file is empty, damaged, half written, or not of type " + file.type(),
                "write it anew, or give the right type",
                cause);
    }

    private CertificateMaterialException unreadable(KeyStore store, Throwable cause) {
        if (cause.getCause() instanceof UnrecoverableKeyException) {
            return refuse(WRONG_PASSWORD, "its password is wrong", "give the password that it was written with", cause);
        }
        if (store.getProvider().getClass().getModule() == KeyStore.class.getModule()) {
            return damaged(cause);
        }
        // Other providers than the JDK's do not tell a wrong password from damage.
        return refuse(
                DAMAGED,
                "the file is empty, damaged, half written, not of type " + file.type() + ", or its password is wrong",
                "write it anew, or give the right type and password",
                cause);
    }

    private CertificateMaterialException refuse(
            CertificateMaterialException.Reason reason, String problem, String remedy, @Nullable Throwable cause) {
        return new CertificateMaterialException(reason, source, problem, remedy, cause);
    }
}
