package io.evenkeel.certs.cli;

import io.evenkeel.certs.authority.CertificateSpec.AlternativeName;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A certificate as an operator reads it: under each label a text, a number, a boolean or a list. */
final class CertificateView {
    private static final List<String> KEY_USAGES = List.of(
            "digitalSignature",
            "nonRepudiation",
            "keyEncipherment",
            "dataEncipherment",
            "keyAgreement",
            "keyCertSign",
            "cRLSign",
            "encipherOnly",
            "decipherOnly");

    private static final Map<String, String> EXTENDED_KEY_USAGES = Map.of(
            "1.3.6.1.5.5.7.3.1", "serverAuth", "1.3.6.1.5.5.7.3.2", "clientAuth", "2.5.29.37.0", "anyExtendedKeyUsage");

    private CertificateView() {}

    static Map<String, Object> of(X509Certificate certificate, Instant now) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("subject", certificate.getSubjectX500Principal().getName());
        view.put("issuer", certificate.getIssuerX500Principal().getName());
        view.put("serial", certificate.getSerialNumber().toString(16));
        view.put("names", names(certificate));
        view.put("notBefore", certificate.getNotBefore().toInstant().toString());
        view.put("notAfter", certificate.getNotAfter().toInstant().toString());
        view.put("secondsLeft", secondsLeft(certificate, now));
        view.put("key", key(certificate));
        view.put("signature", certificate.getSigAlgName());
        view.put("authority", certificate.getBasicConstraints() >= 0);
        view.put("keyUsage", keyUsage(certificate));
        view.put("extendedKeyUsage", extendedKeyUsage(certificate));
        view.put("sha256", fingerprint(certificate));
        return view;
    }

    /** The same as lines; what is empty is left out. */
    static List<String> lines(X509Certificate certificate, Instant now) {
        List<String> lines = new ArrayList<>();
        of(certificate, now).forEach((label, value) -> {
            if (label.equals("secondsLeft")) {
                long left = (Long) value;
                lines.add("  left: " + (left < 0 ? "expired " + days(-left) + " ago" : days(left)));
            } else if (!(value instanceof List<?> list && list.isEmpty())) {
                String text = value instanceof List<?> list
                        ? String.join(", ", list.stream().map(String::valueOf).toList())
                        : String.valueOf(value);
                lines.add("  " + label + ": " + text);
            }
        });
        return lines;
    }

    private static String days(long seconds) {
        Duration left = Duration.ofSeconds(seconds);
        return left.toDays() > 1 ? left.toDays() + " days" : left.toHours() + " h " + left.toMinutesPart() + " min";
    }

    private static long secondsLeft(X509Certificate certificate, Instant now) {
        return Duration.between(now, certificate.getNotAfter().toInstant()).toSeconds();
    }

    private static List<String> names(X509Certificate certificate) {
        try {
            return AlternativeNames.of(certificate).stream()
                    .map((AlternativeName name) -> AlternativeNames.text(name))
                    .toList();
        } catch (CertificateParsingException e) {
            return List.of("unreadable");
        }
    }

    private static String key(X509Certificate certificate) {
        String algorithm = certificate.getPublicKey().getAlgorithm();
        if (certificate.getPublicKey() instanceof ECKey curve) {
            return algorithm + " " + curve.getParams().getCurve().getField().getFieldSize();
        }
        return certificate.getPublicKey() instanceof RSAKey modulus
                ? algorithm + " " + modulus.getModulus().bitLength()
                : algorithm;
    }

    private static List<String> keyUsage(X509Certificate certificate) {
        boolean[] bits = certificate.getKeyUsage();
        List<String> usages = new ArrayList<>();
        for (int i = 0; bits != null && i < Math.min(bits.length, KEY_USAGES.size()); i++) {
            if (bits[i]) {
                usages.add(KEY_USAGES.get(i));
            }
        }
        return usages;
    }

    private static List<String> extendedKeyUsage(X509Certificate certificate) {
        try {
            List<String> usages = certificate.getExtendedKeyUsage();
            return usages == null
                    ? List.of()
                    : usages.stream()
                            .map(id -> EXTENDED_KEY_USAGES.getOrDefault(id, id))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of("unreadable");
        }
    }

    /** SHA-256 over the whole certificate, as openssl and keytool show it. */
    static String fingerprint(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has SHA-256, and the certificate was read", e);
        }
    }
}
