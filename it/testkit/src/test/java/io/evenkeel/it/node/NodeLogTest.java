package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeLogTest {
    @TempDir
    private Path dir;

    @Test
    void speaksOfWhatCameAfterTheMark() throws Exception {
        Path file = dir.resolve("node.log");
        NodeLog log = new NodeLog(file);
        assertThat(log.lines()).isEmpty();
        log.mark();
        Files.writeString(file, "2026-11-22 11:36:07,080 ERROR [a.B] (t) first\n");
        assertThat(log.ofLevel("ERROR")).hasSize(1);
        log.mark();
        Files.writeString(file, "2026-11-22 11:36:07,081 WARN  [a.B] (t) second\n", StandardOpenOption.APPEND);
        assertThat(log.ofLevel("ERROR")).isEmpty();
        assertThat(log.ofLevel("WARN")).extracting(LogLine::message).containsExactly("second");
        assertThat(log.find(Pattern.compile("sec.nd"))).isPresent();
    }

    @Test
    void givesTheFirstErrorsOfEachLoggerWithTheirInnermostCause() throws Exception {
        Path file = dir.resolve("node.log");
        NodeLog log = new NodeLog(file);
        String first = "2026-11-22 11:36:07,080 ERROR [a.B] (t) first";
        String second = "2026-11-22 11:36:07,082 ERROR [a.B] (t) second";
        String other = "2026-11-22 11:36:07,083 ERROR [c.D] (t) other";
        Files.writeString(
                file,
                String.join(
                        "\n",
                        first + "\n\tat e.F\nCaused by: outer\n\tat g.H\nCaused by: inner\n\tat i.J",
                        "2026-11-22 11:36:07,081 INFO  [a.B] (t) fine\nCaused by: no error\n"));
        log.mark();
        Files.writeString(file, second + "\n" + other + "\n", StandardOpenOption.APPEND);
        assertThat(log.firstErrors(1)).containsExactly(first + " | Caused by: inner", other);
        assertThat(log.firstErrors(2)).containsExactly(first + " | Caused by: inner", second, other);
    }
}
