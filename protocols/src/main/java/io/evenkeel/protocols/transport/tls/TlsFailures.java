package io.evenkeel.protocols.transport.tls;

import io.evenkeel.certs.core.HandshakeRefusal;
import io.evenkeel.certs.core.LogText;
import io.evenkeel.protocols.transport.core.ProtocolViolationException;
import io.evenkeel.protocols.transport.core.Refusal;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;

/** Tells from what a connection threw why it was refused, whichever TLS threw it. */
public final class TlsFailures {
    /**
     * The words of BoringSSL (ssl_read_impl) for a peer that ends the TLS session in the middle of the handshake, as
     * sockets of Java do that are closed then.
     */
    private static final String ENDED_IN_BORINGSSL = "internal:ssl_handshake_failure";

    private TlsFailures() {}

    public static Refusal of(Throwable thrown) {
        Throwable deepest = thrown;
        boolean tls = false;
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            deepest = each;
            if (each instanceof ProtocolViolationException violation) {
                return new Refusal(violation.reason(), text(each));
            }
            if (each instanceof NotSslRecordException) {
                // Without the bytes, which may hold anything.
                return new Refusal(Reason.PLAIN_TEXT, "it sent bytes that are not TLS");
            }
            tls |= each instanceof SSLException || each instanceof CertificateException;
        }
        if (!tls && !(deepest instanceof IOException) && !(deepest instanceof RejectedExecutionException)) {
            return new Refusal(
                    Reason.INTERNAL_ERROR, deepest.getClass().getName() + " " + text(deepest) + place(deepest));
        }
        return tls ? refused(thrown, deepest) : new Refusal(Reason.ABORTED, text(deepest));
    }

    private static Refusal refused(Throwable thrown, Throwable deepest) {
        HandshakeRefusal refusal = HandshakeRefusal.of(thrown);
        if (refusal.byPeer()) {
            // Its alert in words that do not depend on whose TLS runs here.
            return new Refusal(Reason.REFUSED_BY_PEER, refusal.reason() + ", " + text(deepest));
        }
        return new Refusal(reason(refusal, thrown, deepest), text(deepest));
    }

    private static String place(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }

    private static Reason reason(HandshakeRefusal refusal, Throwable thrown, Throwable deepest) {
        return switch (refusal.reason()) {
            case NO_CERTIFICATE -> Reason.NO_CERTIFICATE;
            case EXPIRED -> Reason.EXPIRED_CERTIFICATE;
            case NOT_YET_VALID -> Reason.NOT_YET_VALID;
            case REVOKED -> Reason.REVOKED_CERTIFICATE;
            case WRONG_USAGE -> Reason.WRONG_USAGE;
            case UNKNOWN_AUTHORITY, BAD_CERTIFICATE -> Reason.UNTRUSTED_CERTIFICATE;
            case NOT_TLS -> Reason.PLAIN_TEXT;
            case PROTOCOL_VERSION, NO_COMMON_CIPHER -> Reason.TLS_FAILURE;
            case OTHER -> other(thrown, deepest);
        };
    }

    private static Reason other(Throwable thrown, Throwable deepest) {
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            if (each instanceof CertificateException) {
                return Reason.UNTRUSTED_CERTIFICATE;
            }
        }
        // A reset or an end of stream in the middle of the handshake, wrapped by the handler.
        boolean broken = deepest instanceof IOException && !(deepest instanceof SSLException);
        String text = text(deepest).toLowerCase(Locale.ROOT);
        return broken || text.contains("closed") || text.contains(ENDED_IN_BORINGSSL)
                ? Reason.ABORTED
                : Reason.TLS_FAILURE;
    }

    private static String text(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.getClass().getSimpleName() : LogText.oneLine(message);
    }
}
