package io.evenkeel.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Files that are not what they should be, and disks that take no more: one line with the file and the remedy, and the
 * old file whole.
 */
class BadFilesTest {
    private static final int KILLS = Integer.getInteger("evenkeel.kill.rounds", 4);
    private static final List<String> WRITTEN =
            List.of("tls.crt", "tls.key", "keystore.p12", "ca.crt", "truststore.p12");

    @TempDir
    Path directory;

    private Cli cli;

    @BeforeEach
    void issue() {
        cli = new Cli(directory);
        cli.run("init-ca").ok();
        cli.run("issue", "a").ok();
    }

    @ParameterizedTest
    @CsvSource({
        "empty,tls.crt",
        "empty,tls.key",
        "empty,ca.crt",
        "empty,keystore.p12",
        "empty,truststore.p12",
        "truncated,tls.crt",
        "truncated,tls.key",
        "truncated,ca.crt",
        "truncated,keystore.p12",
        "truncated,truststore.p12",
        "garbage,tls.crt",
        "garbage,tls.key",
        "garbage,ca.crt",
        "garbage,keystore.p12",
        "garbage,truststore.p12",
        "gigantic,tls.crt",
        "gigantic,keystore.p12",
        "directory,tls.key",
        "directory,truststore.p12",
        "missing,tls.key",
        "unreadable,tls.key",
        "unreadable,keystore.p12"
    })
    void eachIsToldInOneLineThatNamesTheFile(String how, String name) throws Exception {
        Path file = cli.node("a").resolve(name);
        damage(how, file);

        Cli.Result verified = cli.run("verify", "a").failed(ExitCode.FAILED, file.toString());

        assertThat(verified.err()).as("a remedy").contains(";");
        if (!how.equals("directory") && !how.equals("missing") && !name.endsWith(".key")) {
            Cli.Result inspected = Cli.inJvm("inspect", file.toString()).failed(ExitCode.FAILED, file.toString());
            assertThat(inspected.err()).as("a remedy").contains(";");
        }
    }

    private static void damage(String how, Path file) throws Exception {
        byte[] content = Files.readAllBytes(file);
        switch (how) {
            case "empty" -> Files.write(file, new byte[0]);
            case "truncated" -> Files.write(file, Arrays.copyOf(content, content.length / 2));
            case "garbage" -> {
                long seed = System.nanoTime();
                System.out.println("seed " + seed);
                byte[] garbage = new byte[content.length];
                new Random(seed).nextBytes(garbage);
                Files.write(file, garbage);
            }
            case "gigantic" -> {
                try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                    sparse.setLength(8L << 30);
                }
            }
            case "directory" -> {
                Files.delete(file);
                Files.createDirectory(file);
            }
            case "missing" -> Files.delete(file);
            case "unreadable" -> {
                Files.setPosixFilePermissions(file, Set.of());
                assumeTrue(!Files.isReadable(file), "this user reads files without permission, as root does");
            }
            default -> throw new IllegalArgumentException(how);
        }
    }

    @Test
    void aFileThatMayNotGrowLeavesTheOldFilesWhole() throws Exception {
        copyFiles(cli.node("a"), directory);
        // No file of this process may have a byte more.
        Cli.Result result = cli.process(List.of(
                "sh",
                "-c",
                "ulimit -f 0; exec \"$0\" -XX:-UsePerfData -jar \"$1\" renew a",
                Cli.javaCommand(),
                Cli.jarFile().toString()));

        // Its complaint goes to a file, which may not grow either.
        assertThat(result.exitCode()).as(result.out()).isEqualTo(ExitCode.FAILED);
        assertSameFiles(cli.node("a"), directory);
        cli.run("verify", "a").ok();
        assertThat(halfWritten()).isEmpty();
    }

    @Test
    void aFullDiskIsToldAndLeavesTheOldFilesWhole() throws Exception {
        Path disk = Files.createDirectory(cli.file("disk"));
        Path after = Files.createDirectory(cli.file("after"));
        assumeTrue(
                Cli.isInstalled("unshare", "-rm", "mount", "-t", "tmpfs", "none", disk.toString()),
                "this user may not mount a tmpfs in a namespace of its own");
        String full =
                """
                mount -t tmpfs -o size=256k none "$2" || exit 77
                cp -rp pki/. "$2"
                dd if=/dev/zero of="$2/filling" bs=1024 2>/dev/null
                "$0" -XX:-UsePerfData -jar "$1" renew --dir "$2" a
                code=$?
                cp -p "$2"/nodes/a/* "$3"
                ls -A "$2"/nodes/a "$2"
                exit $code
                """;
        Cli.Result result = cli.process(List.of(
                "unshare",
                "-rm",
                "sh",
                "-c",
                full,
                Cli.javaCommand(),
                Cli.jarFile().toString(),
                disk.toString(),
                after.toString()));

        result.failed(ExitCode.FAILED, disk.toString(), "No space left on device", "run this again");
        assertThat(result.out()).contains("tls.crt").doesNotContain(".new");
        assertSameFiles(after, cli.node("a"));
    }

    private static void copyFiles(Path from, Path to) throws Exception {
        for (String name : WRITTEN) {
            Files.copy(from.resolve(name), to.resolve(name));
        }
    }

    private static void assertSameFiles(Path one, Path other) {
        for (String name : WRITTEN) {
            assertThat(one.resolve(name)).hasSameBinaryContentAs(other.resolve(name));
        }
    }

    /** The files that a killed command leaves beside the files that it was about to replace. */
    private List<Path> halfWritten() throws IOException {
        try (Stream<Path> all = Files.walk(cli.pki())) {
            return all.filter(path -> path.getFileName().toString().endsWith(".new"))
                    .toList();
        }
    }

    @Test
    void aCommandThatIsKilledLeavesWholeFilesAndTheNextOneCleansUp() throws Exception {
        long seed = Long.getLong("evenkeel.kill.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        long startNs = System.nanoTime();
        cli.jar("renew", "a").ok();
        long wholeRunNs = System.nanoTime() - startNs;
        int left = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Process renewal = new ProcessBuilder(
                            Cli.javaCommand(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:-UsePerfData",
                            "-jar",
                            Cli.jarFile().toString(),
                            "renew",
                            "a")
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            // Most of a run is the start of its JVM; the writes are at its end.
            LockSupport.parkNanos((long) (wholeRunNs * (0.5 + 0.6 * random.nextDouble())));
            renewal.destroyForcibly();
            renewal.waitFor();
            left += halfWritten().size();
            for (String name : WRITTEN) {
                Cli.inJvm("inspect", cli.node("a").resolve(name).toString()).ok();
            }
        }
        System.out.println(KILLS + " kills left " + left + " half written files");
        for (String directory : List.of("", "ca-1", "nodes/a")) {
            Files.writeString(cli.pki().resolve(directory).resolve(".tls.key4711.new"), "half a ke");
        }

        cli.run("renew", "a").ok();
        cli.run("verify", "a").ok();
        assertThat(halfWritten()).isEmpty();
    }

    @Test
    void aLinkIsFollowedAndStays() throws Exception {
        Path real = Files.move(cli.node("a").resolve("tls.crt"), cli.file("real.crt"));
        Files.createSymbolicLink(cli.node("a").resolve("tls.crt"), real);
        byte[] before = Files.readAllBytes(real);

        cli.run("renew", "a").ok();

        assertThat(Files.isSymbolicLink(cli.node("a").resolve("tls.crt"))).isTrue();
        assertThat(Files.readAllBytes(real)).isNotEqualTo(before);
        cli.run("verify", "a").ok();
    }

    @Test
    void anInterruptedRenewalIsToldAndRunAgain() throws Exception {
        Path crt = cli.node("a").resolve("tls.crt");
        Path kept = Files.copy(crt, cli.file("kept"));
        cli.run("renew", "a").ok();
        // As if it had ended before its last write.
        Files.copy(kept, crt, StandardCopyOption.REPLACE_EXISTING);

        cli.run("verify", "a").failed(ExitCode.FAILED, "tls.crt", "private key does not belong");
        cli.run("renew", "a").ok();
        cli.run("verify", "a").ok();
    }

    @Test
    void aDamagedStateIsToldAndNothingIsWritten() throws Exception {
        Files.writeString(cli.pki().resolve("cluster.properties"), "cluster=keycloak\nauthority=x\n");
        cli.run("renew").failed(ExitCode.FAILED, "cluster.properties", "restore it");
        cli.run("issue", "b").failed(ExitCode.FAILED, "cluster.properties", "restore it");
        assertThat(cli.node("b")).doesNotExist();
    }
}
