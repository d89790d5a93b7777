package io.evenkeel.certs.authority;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/**
 * Replaces files: a reader, also one that comes after a crash or a full disk, finds the old content or the new one,
 * never half of it. The new content is on the disk before it takes the old one's place.
 */
public final class AtomicFile {

    /** Permissions of a file that is new; one that is replaced keeps its own, and its owner and group. */
    public enum Access {
        OWNER("rw-------"),
        ALL("rw-r--r--");

        private final String permissions;

        Access(String permissions) {
            this.permissions = permissions;
        }
    }

    private static final String FRESH_PREFIX = ".";
    private static final String FRESH_SUFFIX = ".new";

    private AtomicFile() {}

    /**
     * Writes a file; a symbolic link is followed. Its directory must exist.
     *
     * @throws IOException if it cannot be written, or cannot be given the owner of the file that it replaces; that one
     *     is still there as it was
     */
    public static void write(Path target, byte[] content, Access access) throws IOException {
        Path file = Files.exists(target) ? target.toRealPath() : target.toAbsolutePath();
        Path directory = Objects.requireNonNull(file.getParent());
        // Readable to its owner alone until it is whole.
        Path fresh = Files.createTempFile(directory, FRESH_PREFIX + file.getFileName(), FRESH_SUFFIX);
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer left = ByteBuffer.wrap(content);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
                permit(fresh, file, access);
                channel.force(true);
            } catch (FileSystemException e) {
                throw e;
            } catch (IOException e) {
                // A full disk is told without the file.
                throw (FileSystemException) new FileSystemException(file.toString(), null, e.getMessage()).initCause(e);
            }
            try {
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
            }
            sync(directory);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /**
     * Deletes what killed processes left half written in a directory; the caller sees to it that nobody writes there
     * now.
     */
    public static void sweep(Path directory) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, FRESH_PREFIX + "*" + FRESH_SUFFIX)) {
            for (Path each : left) {
                Files.deleteIfExists(each);
            }
        }
    }

    private static void permit(Path fresh, Path replaced, Access access) throws IOException {
        PosixFileAttributeView view = view(fresh);
        if (view == null) {
            return;
        }
        if (!Files.exists(replaced)) {
            view.setPermissions(PosixFilePermissions.fromString(access.permissions));
            return;
        }
        PosixFileAttributes before = view(replaced).readAttributes();
        PosixFileAttributes now = view.readAttributes();
        if (!now.owner().equals(before.owner())) {
            view.setOwner(before.owner());
        }
        if (!now.group().equals(before.group())) {
            view.setGroup(before.group());
        }
        view.setPermissions(before.permissions());
    }

    private static PosixFileAttributeView view(Path file) {
        return Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    // The rename itself is on the disk only after this. Windows opens no directories, and needs it not.
    private static void sync(Path directory) throws IOException {
        if (view(directory) != null) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
