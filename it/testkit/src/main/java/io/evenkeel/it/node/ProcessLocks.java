package io.evenkeel.it.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Exclusive locks among all processes of a user, by number. A lock is a byte of one file; the system frees it when its
 * process ends, however it ends.
 */
final class ProcessLocks {
    /**
     * One channel a file for the life of the JVM: POSIX drops all locks of a process when it closes any descriptor of
     * the file.
     */
    private static final Map<Path, FileChannel> CHANNELS = new ConcurrentHashMap<>();

    private final Path file;

    private ProcessLocks(Path file) {
        this.file = file;
    }

    static ProcessLocks in(Caches caches) {
        return new ProcessLocks(caches.locks());
    }

    /** An interrupt of a thread that waits for a lock closes the channel. */
    private FileChannel channel() {
        return CHANNELS.compute(file, (key, open) -> open != null && open.isOpen() ? open : open(key));
    }

    private static FileChannel open(Path file) {
        try {
            Files.createDirectories(file.getParent());
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open " + file, e);
        }
    }

    /** A lock that nobody has, neither another process nor this one; empty if somebody has it. */
    Optional<FileLock> tryLock(long number) {
        // It would close the channel, and with it give back what this process has.
        boolean interrupted = Thread.interrupted();
        try {
            return Optional.ofNullable(channel().tryLock(number, 1, false));
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Waits for a lock without a limit of time.
     *
     * @throws OverlappingFileLockException if this process has it already
     */
    FileLock lock(long number) throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try {
            return channel().lock(number, 1, false);
        } catch (FileLockInterruptionException e) {
            Thread.interrupted();
            throw new InterruptedException();
        }
    }
}
