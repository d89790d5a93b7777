package io.evenkeel.certs.cli;

import io.evenkeel.certs.authority.AtomicFile;
import io.evenkeel.certs.authority.CertificateAuthority.Revocation;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The certificates that a cluster's CAs have issued, one a line: the list of revoked ones is made of it. */
final class IssuedIndex {

    /**
     * A certificate.
     *
     * @param serial in hexadecimal
     * @param authority number of the CA that issued it
     * @param revokedAt null if it is not revoked
     * @param reason code of RFC 5280, section 5.3.1; 0 if it is not revoked
     */
    record Issued(
            String serial, int authority, String node, Instant notAfter, @Nullable Instant revokedAt, int reason) {

        Issued revoked(Instant at, int why) {
            return new Issued(serial, authority, node, notAfter, at, why);
        }

        /** The entry in the list of revoked certificates, of one that is revoked. */
        Revocation revocation() {
            return new Revocation(new BigInteger(serial, 16), Objects.requireNonNull(revokedAt), reason);
        }
    }

    private static final String NOT_REVOKED = "-";

    private final Path file;

    IssuedIndex(Path file) {
        this.file = file;
    }

    List<Issued> read() throws IOException, CommandException {
        List<Issued> all = new ArrayList<>();
        if (!Files.exists(file)) {
            return all;
        }
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            try {
                String[] parts = line.split("\t", -1);
                Instant revokedAt = parts[4].equals(NOT_REVOKED) ? null : Instant.parse(parts[4]);
                all.add(new Issued(
                        parts[0],
                        Integer.parseInt(parts[1]),
                        parts[2],
                        Instant.parse(parts[3]),
                        revokedAt,
                        Integer.parseInt(parts[5])));
            } catch (RuntimeException e) {
                throw new CommandException(
                        ExitCode.FAILED, file + ": is damaged at '" + line + "'; restore it from a backup", e);
            }
        }
        return all;
    }

    void write(List<Issued> all) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Issued each : all) {
            text.append(String.join(
                            "\t",
                            each.serial(),
                            String.valueOf(each.authority()),
                            each.node(),
                            each.notAfter().toString(),
                            each.revokedAt() == null
                                    ? NOT_REVOKED
                                    : each.revokedAt().toString(),
                            String.valueOf(each.reason())))
                    .append('\n');
        }
        AtomicFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8), AtomicFile.Access.ALL);
    }

    /** Before the certificate is handed out: one that nobody knows of could not be revoked. */
    void add(X509Certificate certificate, int authority, String node) throws IOException, CommandException {
        List<Issued> all = read();
        all.add(new Issued(
                certificate.getSerialNumber().toString(16),
                authority,
                node,
                certificate.getNotAfter().toInstant(),
                null,
                0));
        write(all);
    }
}
