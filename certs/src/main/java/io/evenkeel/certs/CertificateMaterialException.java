package io.evenkeel.certs;

import io.evenkeel.certs.core.LogText;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keys or certificates that cannot be used. The message is one line: where, what is wrong, what to do about it. It
 * never holds a password or key material.
 */
public final class CertificateMaterialException extends Exception {

    private static final long serialVersionUID = 1L;

    /** The fault, for counters and tests. */
    public enum Reason {
        MISSING_FILE,
        UNREADABLE,
        DAMAGED,
        WRONG_PASSWORD,
        WRONG_TYPE,
        NO_PRIVATE_KEY,
        SEVERAL_PRIVATE_KEYS,
        UNSUPPORTED_KEY,
        NO_TRUSTED_CERTIFICATE,
        EXPIRED,
        NOT_YET_VALID,
        KEY_MISMATCH,
        CHAIN_BROKEN,
        WRONG_USAGE,
        UNUSABLE_MANAGER
    }

    private final Reason reason;
    private final String source;

    /**
     * @param source where the material comes from: role and file, or the property
     * @param problem what is wrong with it
     * @param remedy what the operator has to do
     */
    public CertificateMaterialException(Reason reason, String source, String problem, String remedy) {
        this(reason, source, problem, remedy, null);
    }

    /** As the other constructor, with the exception that told of the problem, or null. */
    public CertificateMaterialException(
            Reason reason, String source, String problem, String remedy, @Nullable Throwable cause) {
        super(LogText.oneLine(source + ": " + problem + "; " + remedy), cause);
        this.reason = Objects.requireNonNull(reason);
        this.source = Objects.requireNonNull(source);
    }

    public Reason reason() {
        return reason;
    }

    /** The source of the material: role and file, or the property. */
    public String source() {
        return source;
    }
}
