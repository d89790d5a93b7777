package io.evenkeel.it.node;

import java.security.SecureRandom;
import java.util.Base64;

/** Generates passwords of 144 bits. */
public final class Passwords {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 18;

    private Passwords() {}

    public static String generate() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
