package io.evenkeel.protocols.wire;

import io.evenkeel.protocols.wire.core.ProtocolViolationException;
import io.evenkeel.protocols.wire.core.Refusal;
import io.evenkeel.protocols.wire.core.Refusal.Reason;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Tells from what a connection threw why it was refused. The JDK's TLS says some reasons in its messages alone. */
final class TlsFailures {
    private TlsFailures() {}

    static Refusal of(Throwable thrown) {
        Throwable deepest = thrown;
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            deepest = each;
            Reason reason = byType(each);
            if (reason != null) {
                return new Refusal(reason, text(each));
            }
        }
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof SSLException) {
                return new Refusal(byMessage(each), text(each));
            }
        }
        return new Refusal(Reason.ABORTED, text(deepest));
    }

    private static Reason byType(Throwable thrown) {
        if (thrown instanceof ProtocolViolationException) {
            return Reason.BAD_FRAME;
        }
        if (thrown instanceof NotSslRecordException) {
            return Reason.PLAIN_TEXT;
        }
        if (thrown instanceof CertificateExpiredException || thrown instanceof CertificateNotYetValidException) {
            return Reason.EXPIRED_CERTIFICATE;
        }
        return thrown instanceof CertPathBuilderException ? Reason.UNTRUSTED_CERTIFICATE : null;
    }

    private static Reason byMessage(Throwable thrown) {
        String message = text(thrown).toLowerCase(Locale.ROOT);
        if (message.contains("empty client certificate chain")) {
            return Reason.NO_CERTIFICATE;
        }
        if (message.contains("received fatal alert")) {
            return Reason.REFUSED_BY_PEER;
        }
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof CertificateException) {
                return Reason.UNTRUSTED_CERTIFICATE;
            }
            // A reset or an end of stream in the middle of the handshake, wrapped by the handler.
            if (each instanceof IOException && !(each instanceof SSLException)) {
                return Reason.ABORTED;
            }
        }
        return message.contains("closed") ? Reason.ABORTED : Reason.TLS_FAILURE;
    }

    /** One line, without the bytes of a non-TLS record, which may hold anything. */
    private static String text(Throwable thrown) {
        if (thrown instanceof NotSslRecordException) {
            return "it sent bytes that are not TLS";
        }
        String message = thrown.getMessage();
        return message == null ? thrown.getClass().getSimpleName() : message.replaceAll("\\R|\\p{Cntrl}", " ");
    }
}
