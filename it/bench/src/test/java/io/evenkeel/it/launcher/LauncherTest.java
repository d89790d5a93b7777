package io.evenkeel.it.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class LauncherTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up --nodes 0 | --nodes=0 must be from 1 to 8",
                "up --nodes 9 | --nodes=9 must be from 1 to 8",
                "up --nodes x | --nodes",
                "up --for 30 | '30' is not a duration",
                "up --keycloak-version ../x | --keycloak-version=../x must look like",
                "up --base-port 80 | --base-port=80 must be from 1024",
                "up --stack a/b | --stack=a/b must be a name",
                "up --nope | Unknown option: '--nope'",
                "bench startup --rounds 0 | --rounds=0 must be from 1 to 1000",
                "bench startup --json /no/such/dir/x.json | --json=/no/such/dir/x.json must be a file",
                "bench discovery --case nope | --case=nope must be one of coordinator-row, hang, restart",
                "bench discovery --rounds 1001 | --rounds=1001 must be from 1 to 1000",
                "bench transport --case nope | --case=nope must be one of uperf, mperf",
                "bench transport --jdk25 /no/such | --jdk25=/no/such must be the home of a JDK",
                "bench state-transfer --case nope | --case=nope must be one of lan-200, six-caches-200, rtt-2ms-200",
                "bench state-transfer --rival nope | --rival=nope must be one of stock, chunk-64, chunk-16, evenkeel",
                "bench state-transfer --gc cms | --gc=cms must be one of g1, zgc",
                "bench state-transfer --entries 999 | --entries=999 must be from 1000 to 1000000",
                "bench state-transfer --entries 1000001 | --entries=1000001 must be from 1000",
                "bench rolling-restart --sessions 999 | --sessions=999 must be from 1000 to 5000000",
                "bench rolling-restart --rate 0.5 | --rate=0.5 must be from 1",
                "bench state-transfer --caches nope | --caches=nope must be one of in-turn, together",
                "bench state-transfer --cpus 0.1 | --cpus=0.1 must be from 0.2 to",
                "bench rolling-restart --cpus 1000 | --cpus=1000.0 must be from 0.2 to",
                "bench rolling-restart --cpus NaN | --cpus=NaN must be from 0.2 to",
                "bench rolling-restart --rival nope | --rival=nope must be one of stock, chunk-64, chunk-16, evenkeel",
                "bench rolling-restart --order 2,1 | --order=2,1 must be one of 3,2,1, 1,2,3",
                "bench rolling-restart --heap 2 | --heap=2 must look like 768m or 2g",
                "bench rolling-restart --heap 255m | --heap=255m must be from 256m to",
                "bench rolling-restart --heap 99999g | --heap=99999g must be from 256m to",
                "bench rolling-restart --jvm-option Xmn1g | --jvm-option=Xmn1g must be one option, such as -XX:",
                "bench rolling-restart --jvm-option -Da=$b | --jvm-option=-Da=$b must be one option, such as -XX:",
                "bench rolling-restart --jfr a,b | --jfr=a,b must have no blank, comma or asterisk",
                "bench rolling-restart --jfr /dev/null/x | --jfr=/dev/null/x must be a directory",
                "bench rolling-restart --svg /no/such/dir/x.svg | --svg=/no/such/dir/x.svg must be a file",
                "bench | Which benchmark?",
                "bench nope | nope",
                "nope | nope"
            })
    void refusesWithOneLineThatNamesTheOption(String arguments, String message) {
        assertThat(execute(arguments.trim().split(" "))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains(message.trim());
        assertThat(err.toString().lines().count()).isLessThanOrEqualTo(2);
    }

    @Test
    void aWrongOptionWritesNoControlCharacters() {
        execute("up", "--nope\u001b[31m");
        assertThat(err.toString()).contains("--nope").doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "up --help",
                "doctor --help",
                "status --help",
                "bench --help",
                "bench startup --help",
                "bench discovery --help",
                "bench transport --help",
                "bench state-transfer --help",
                "bench rolling-restart --help"
            })
    void helps(String arguments) {
        assertThat(execute(arguments.split(" "))).isZero();
        assertThat(out.toString()).contains("Usage: evenkeel");
    }

    @ParameterizedTest
    @CsvSource({"500ms,500", "30s,30000", "2m,120000", "1h,3600000"})
    void readsDurations(String text, long ms) {
        assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis(ms));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0s", "-1s", "1", "s", "1.5s", "1 s", "1d", "9999999999s"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> new DurationConverter().convert(text))
                .isInstanceOf(CommandLine.TypeConversionException.class);
    }

    @Test
    void theHelpListsTheCommands() {
        execute("--help");
        assertThat(out.toString()).contains("up ", "bench ", "doctor ", "status ", "./evenkeel certs");
    }

    @Test
    void aCommandIsNeeded() {
        assertThat(execute()).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("Which command?");
    }

    private int execute(String... arguments) {
        return Launcher.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
