package io.evenkeel.protocols.version;

/**
 * Refuses a version that the pack does not support; without a stack trace, which would bury the line in Keycloak's
 * output.
 */
public final class UnsupportedVersionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnsupportedVersionException(String message) {
        super(message, null, false, false);
    }
}
