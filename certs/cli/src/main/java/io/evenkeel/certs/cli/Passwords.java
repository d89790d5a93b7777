package io.evenkeel.certs.cli;

import io.evenkeel.certs.authority.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** Passwords that lie in files beside what they open, readable to their owner alone. */
final class Passwords {
    /** 192 bits, 32 characters that no shell or properties file has to quote. */
    private static final int RANDOM_BYTES = 24;

    private Passwords() {}

    static char[] random(SecureRandom random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).toCharArray();
    }

    /** The given password; otherwise the one in the file; otherwise a new one, which is written there. */
    static char[] given(PasswordSource source, Path file, SecureRandom random) throws IOException, CommandException {
        char[] given = source.read();
        if (given != null) {
            Files.deleteIfExists(file);
            return given;
        }
        if (Files.exists(file)) {
            return PasswordSource.read(file);
        }
        char[] fresh = random(random);
        AtomicFile.write(file, (new String(fresh) + "\n").getBytes(StandardCharsets.UTF_8), AtomicFile.Access.OWNER);
        return fresh;
    }
}
