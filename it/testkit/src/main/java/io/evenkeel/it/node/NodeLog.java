package io.evenkeel.it.node;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The log file of a process, read anew on each question. All questions but one are about what came after
 * the last {@link #mark}.
 */
public final class NodeLog {
    private final Path file;
    private long fromBytes;

    public NodeLog(Path file) {
        this.file = file;
    }

    public Path file() {
        return file;
    }

    /** Forgets what is in the log so far. */
    public void mark() {
        try {
            fromBytes = Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<String> lines() {
        return linesFrom(fromBytes);
    }

    private List<String> linesFrom(long startBytes) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(startBytes);
            byte[] bytes = new byte[Math.toIntExact(in.length() - startBytes)];
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file, e);
        }
    }

    public Optional<String> find(Pattern pattern) {
        return lines().stream().filter(l -> pattern.matcher(l).find()).findFirst();
    }

    /** Waits for a line; empty when the bound is over first. */
    public Optional<String> await(Pattern pattern, Duration bound) throws InterruptedException {
        Waits.until(() -> find(pattern).isPresent(), bound);
        return find(pattern);
    }

    /**
     * The lines of a level and above are not ordered here: this gives exactly those of the level (ERROR, WARN, ...).
     */
    public List<LogLine> ofLevel(String level) {
        return LogLine.parse(lines()).stream()
                .filter(l -> l.level().equals(level))
                .toList();
    }

    /**
     * The first errors of each logger since the file began, regardless of the mark, each with its innermost cause.
     *
     * @param most the number of errors a logger
     */
    public List<String> firstErrors(int most) {
        List<String> all = linesFrom(0);
        Map<String, Integer> found = new HashMap<>();
        List<String> errors = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Optional<LogLine> error =
                    LogLine.parse(all.get(i)).filter(line -> line.level().equals("ERROR"));
            if (error.isPresent() && found.merge(error.get().logger(), 1, Integer::sum) <= most) {
                errors.add(all.get(i) + innermostCause(all.subList(i + 1, all.size())));
            }
        }
        return errors;
    }

    private static String innermostCause(List<String> following) {
        return following.stream()
                .takeWhile(line -> LogLine.parse(line).isEmpty())
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((outer, inner) -> inner)
                .map(cause -> " | " + cause)
                .orElse("");
    }
}
