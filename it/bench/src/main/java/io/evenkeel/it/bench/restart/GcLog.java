package io.evenkeel.it.bench.restart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The logs that the JVMs of a node write of their collections, one a start of the node. */
record GcLog(Path dir, String node) {
    /**
     * Written when the pause is over: [2026-11-28T03:50:00.123+0000] GC(12) Pause Young (Normal) (...) 100M->50M(2048M)
     * 12.345ms.
     */
    private static final Pattern PAUSE = Pattern.compile("^\\[([^]]+)\\].*\\bPause .* ([0-9]+(?:\\.[0-9]+)?)ms$");

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSZ", Locale.ROOT);
    private static final double NS_PER_MS = 1e6;

    /**
     * The option of the JVM.
     *
     * @param all all that it knows of a collection instead of a line each
     */
    String jvmOption(boolean all) {
        String tags = all ? "gc*,safepoint" : "gc";
        return "-Xlog:" + tags + ":file=" + dir.resolve(prefix() + "%p.log") + ":time:filecount=0";
    }

    /** All pauses so far. */
    List<GcPause> pauses(WallClock clock) {
        List<GcPause> pauses = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir, prefix() + "*.log")) {
            for (Path file : files) {
                for (String line : Files.readAllLines(file)) {
                    pause(line, clock).ifPresent(pauses::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pauses;
    }

    /** The pause that a line tells of; empty if it tells of something else. */
    Optional<GcPause> pause(String line, WallClock clock) {
        Matcher m = PAUSE.matcher(line);
        if (!m.find()) {
            return Optional.empty();
        }
        long endNs = clock.nsOf(OffsetDateTime.parse(m.group(1), TIME)
                .atZoneSameInstant(ZoneId.systemDefault())
                .toLocalDateTime());
        return Optional.of(new GcPause(node, endNs - Math.round(Double.parseDouble(m.group(2)) * NS_PER_MS), endNs));
    }

    private String prefix() {
        return "gc-" + node + "-";
    }
}
