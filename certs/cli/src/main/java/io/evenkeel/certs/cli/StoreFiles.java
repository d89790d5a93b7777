package io.evenkeel.certs.cli;

import io.evenkeel.certs.StoreFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Key stores and trust stores as operators name them: the type by the ending, the password beside them or given. */
final class StoreFiles {
    private StoreFiles() {}

    /** The given password; otherwise that in the file beside the store; null if there is none. */
    static char @Nullable [] password(Path store, PasswordSource source) throws IOException, CommandException {
        char[] given = source.read();
        if (given != null) {
            return given;
        }
        String name = store.getFileName().toString();
        int dot = name.lastIndexOf('.');
        Path beside = store.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + ".password");
        return Files.isRegularFile(beside) ? PasswordSource.read(beside) : null;
    }

    /** A store of the type that its ending says: of a store, or of PEM. */
    static StoreFile of(Path store, PasswordSource source) throws IOException, CommandException {
        String name = store.getFileName().toString();
        if (name.endsWith(".pem") || name.endsWith(".crt") || name.endsWith(".cer")) {
            return new StoreFile(store, "PEM", source.read());
        }
        StoreType type = StoreType.of(name);
        type.ensureAvailable();
        return new StoreFile(store, type.name(), password(store, source));
    }
}
