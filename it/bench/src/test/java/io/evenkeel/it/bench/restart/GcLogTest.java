package io.evenkeel.it.bench.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GcLogTest {
    private static final long MS = 1_000_000;

    @TempDir
    private Path dir;

    private static WallClock clockAt(String time, long ns) {
        LocalDateTime wall = OffsetDateTime.parse(time)
                .atZoneSameInstant(ZoneId.systemDefault())
                .toLocalDateTime();
        return new WallClock(wall, ns);
    }

    @Test
    void aPauseEndsWhenItsLineIsWritten() {
        GcLog log = new GcLog(dir, "node-1");
        WallClock clock = clockAt("2026-11-28T03:50:00Z", 5_000 * MS);

        String line = "[2026-11-28T03:50:01.500+0000] GC(12) Pause Young (Normal) (G1 Evacuation Pause)"
                + " 1200M->300M(2048M) 250.125ms";
        assertThat(log.pause(line, clock)).hasValueSatisfying(pause -> {
            assertThat(pause.node()).isEqualTo("node-1");
            assertThat(pause.toNs()).isEqualTo(6_500 * MS);
            assertThat(pause.ms()).isCloseTo(250.125, within(0.0001));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[2026-11-28T03:50:01.500+0000] Using G1",
                "[2026-11-28T03:50:01.500+0000] GC(13) Concurrent Mark Cycle 33.000ms",
                "[2026-11-28T03:50:01.500+0000] GC(12) Pause Young (Normal) (G1 Evacuation Pause)",
                ""
            })
    void otherLinesAreNoPause(String line) {
        assertThat(new GcLog(dir, "node-1").pause(line, clockAt("2026-11-28T03:50:00Z", 0)))
                .isEmpty();
    }

    /** The words of the JVM's log are those of the JVM that runs this. */
    @Test
    void readsWhatEachStartOfTheNodeWroteAndNoOthers() throws Exception {
        GcLog log = new GcLog(dir, "node-1");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        for (int start = 0; start < 2; start++) {
            for (String option : List.of(log.jvmOption(false), new GcLog(dir, "node-11").jvmOption(true))) {
                Process process = new ProcessBuilder(
                                java.toString(),
                                "-XX:+UseG1GC",
                                option,
                                "-cp",
                                System.getProperty("java.class.path"),
                                Collecting.class.getName())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            }
        }

        assertThat(dir.toFile().list()).hasSize(4);
        WallClock clock = WallClock.now();
        assertThat(log.pauses(clock)).hasSize(2).allSatisfy(pause -> {
            assertThat(pause.ms()).isPositive();
            assertThat(pause.toNs()).isLessThan(clock.ns()).isGreaterThan(clock.ns() - 120_000 * MS);
        });
    }

    /** A program that collects once. */
    static final class Collecting {
        private Collecting() {}

        public static void main(String[] arguments) {
            System.gc();
        }
    }
}
