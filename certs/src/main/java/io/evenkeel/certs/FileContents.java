package io.evenkeel.certs;

import static io.evenkeel.certs.CertificateMaterialException.Reason.MISSING_FILE;
import static io.evenkeel.certs.CertificateMaterialException.Reason.UNREADABLE;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The contents of some files when they were read, each once. Judgement, fingerprint and use are of the
 * same bytes, so a file that changes meanwhile can fool nobody.
 */
public final class FileContents {

    /** Far above any key store; keeps a path to a device or a log file from filling the heap. */
    static final int MAX_FILE_BYTES = 4 << 20;

    private sealed interface Content permits Bytes, Failure {}

    private static final class Bytes implements Content {
        private final byte[] bytes;

        Bytes(byte[] bytes) {
            this.bytes = bytes;
        }
    }

    private record Failure(
            CertificateMaterialException.Reason reason, String problem, String remedy, @Nullable IOException cause)
            implements Content {}

    private final Map<Path, Content> contents = new TreeMap<>();

    private FileContents() {}

    /** Reads the files, blocking on them; a file that cannot be read is told of when it is asked for. */
    public static FileContents read(Collection<Path> paths) {
        FileContents read = new FileContents();
        paths.forEach(path -> read.contents.computeIfAbsent(path, FileContents::content));
        return read;
    }

    private static Content content(Path path) {
        if (!Files.exists(path)) {
            return new Failure(MISSING_FILE, "the file does not exist", "create it, or correct the path", null);
        }
        if (!Files.isRegularFile(path)) {
            return new Failure(UNREADABLE, "it is not a regular file", "correct the path", null);
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                return new Failure(
                        UNREADABLE, "the file has more than " + MAX_FILE_BYTES + " bytes", "correct the path", null);
            }
            return new Bytes(bytes);
        } catch (IOException e) {
            String problem = "the file cannot be read (" + e.getClass().getSimpleName() + ")";
            return new Failure(UNREADABLE, problem, "let this process's user read it", e);
        }
    }

    /**
     * The contents of one of the files.
     *
     * @param source what the file is, for the message of a refusal
     */
    public byte[] of(String source, Path path) throws CertificateMaterialException {
        Content content = contents.get(path);
        if (content instanceof Failure failure) {
            throw new CertificateMaterialException(
                    failure.reason(), source, failure.problem(), failure.remedy(), failure.cause());
        }
        if (content instanceof Bytes found) {
            return found.bytes;
        }
        throw new IllegalArgumentException(path + " is not among the files that were read");
    }

    /** Equal if and only if every file held the same bytes, or failed in the same way. */
    String fingerprint() {
        StringBuilder text = new StringBuilder();
        contents.forEach((path, content) -> text.append(
                        content instanceof Bytes found
                                ? digest(found.bytes)
                                : ((Failure) content).reason().name())
                .append(' '));
        return digest(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
