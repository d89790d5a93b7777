package io.evenkeel.certs;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.authority.AtomicFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writers that are killed while they write: a reader finds a whole file, and the next writer is not in the way. */
class AtomicFileTest {
    private static final int KILLS = Integer.getInteger("evenkeel.kill.rounds", 12);
    /** Some hundred blocks of a disk: a write takes long enough to be hit. */
    private static final int LENGTH = 1 << 20;

    private static final long LATEST_KILL_NS = TimeUnit.MILLISECONDS.toNanos(60);

    @TempDir
    Path directory;

    /** Replaces a file until it is killed, each time with a thousand thousand times the same letter. */
    public static final class Writer {
        private Writer() {}

        public static void main(String[] args) throws IOException {
            Path file = Path.of(args[0]);
            for (byte letter = 'a'; ; letter = letter == 'z' ? (byte) 'a' : (byte) (letter + 1)) {
                byte[] content = new byte[LENGTH];
                Arrays.fill(content, letter);
                AtomicFile.write(file, content, AtomicFile.Access.OWNER);
                if (letter == 'c') {
                    System.out.println("writing");
                }
            }
        }
    }

    @Test
    void aWriterThatIsKilledLeavesAWholeFileAndNothingInTheNextOnesWay() throws Exception {
        long seed = Long.getLong("evenkeel.kill.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Path file = directory.resolve("tls.key");
        int halfWritten = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process writer = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:-UsePerfData",
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            file.toString())
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader said =
                    new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
                assertThat(said.readLine()).isEqualTo("writing");
                LockSupport.parkNanos((long) (random.nextDouble() * LATEST_KILL_NS));
            } finally {
                writer.destroyForcibly();
                writer.waitFor();
            }
            assertWhole(file);
            halfWritten += left().isEmpty() ? 0 : 1;
        }
        System.out.println(
                KILLS + " kills, after " + halfWritten + " of them a half written file lay beside the whole one");

        AtomicFile.write(file, new byte[] {1}, AtomicFile.Access.OWNER);
        assertThat(file).hasBinaryContent(new byte[] {1});
        AtomicFile.sweep(directory);
        assertThat(left()).isEmpty();
    }

    private static void assertWhole(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        assertThat(content.length).isEqualTo(LENGTH);
        byte[] whole = new byte[LENGTH];
        Arrays.fill(whole, content[0]);
        assertThat(Arrays.equals(content, whole))
                .as(content.length + " bytes that begin with " + content[0])
                .isTrue();
    }

    /** The files beside the file. */
    private List<Path> left() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(each -> !each.getFileName().toString().equals("tls.key"))
                    .toList();
        }
    }
}
