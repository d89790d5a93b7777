package io.evenkeel.certs.cli;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.FileContents;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Certificates in PEM that this tool wrote, valid or not: what is renewed may have expired. */
final class CertificateFile {
    private CertificateFile() {}

    /** At least one. */
    static List<X509Certificate> read(Path file) throws CertificateMaterialException {
        byte[] content = FileContents.read(List.of(file)).of(file.toString(), file);
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(content))
                            .stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!found.isEmpty()) {
                return found;
            }
        } catch (CertificateException e) {
            throw damaged(file, e);
        }
        throw damaged(file, null);
    }

    private static CertificateMaterialException damaged(Path file, @Nullable Throwable cause) {
        return new CertificateMaterialException(
                CertificateMaterialException.Reason.DAMAGED,
                file.toString(),
                "the file is empty, damaged or half written",
                "issue it again, or restore it",
                cause);
    }
}
