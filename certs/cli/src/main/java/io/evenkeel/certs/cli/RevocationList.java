package io.evenkeel.certs.cli;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.authority.AtomicFile;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateAuthority.Revocation;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CRLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The list of the revoked certificates of the CA that issues now. */
final class RevocationList {
    private RevocationList() {}

    /** Writes the list; the state, with its number, before it: a number is never used twice. */
    static Path write(PkiDirectory directory, PasswordSource caPassword, int days)
            throws IOException, CommandException, CertificateMaterialException {
        ClusterState state = directory.state();
        int number = state.issuingAuthority();
        SecureRandom random = new SecureRandom();
        CertificateAuthority authority = directory.authority(number, caPassword);
        List<Revocation> revoked = directory.index().read().stream()
                .filter(each -> each.revokedAt() != null && each.authority() == number)
                .map(IssuedIndex.Issued::revocation)
                .toList();
        long crlNumber = state.crlNumber() + 1;
        directory.save(state.withCrlNumber(crlNumber));
        Instant now = Instant.now();
        Path file = directory.authorityDirectory(number).resolve("ca.crl");
        try {
            byte[] list = authority
                    .revocationList(
                            BigInteger.valueOf(crlNumber), now, now.plus(Duration.ofDays(days)), revoked, random)
                    .getEncoded();
            AtomicFile.write(file, list, AtomicFile.Access.ALL);
        } catch (CRLException e) {
            throw new IllegalStateException("A list that was just signed must have an encoding", e);
        }
        return file;
    }
}
