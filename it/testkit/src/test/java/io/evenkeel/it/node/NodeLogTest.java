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
    void givesTheFirstErrorsOfAllStartsWithTheirCause() throws Exception {
        Path file = dir.resolve("node.log");
        NodeLog log = new NodeLog(file);
        String first = "2026-11-22 11:36:07,080 ERROR [a.B] (t) Uncaught server error: x";
        String second = "2026-11-22 11:36:07,082 ERROR [a.B] (t) second";
        String third = "2026-11-22 11:36:07,083 ERROR [a.B] (t) third";
        Files.writeString(file, first + "\n\tat c.D\n2026-11-22 11:36:07,081 INFO  [a.B] (t) fine\n");
        log.mark();
        Files.writeString(file, second + "\n" + third + "\n", StandardOpenOption.APPEND);
        assertThat(log.firstErrors(2)).containsExactly(first + " | \tat c.D", second + " | " + third);
        assertThat(log.firstErrors(3)).hasSize(3).endsWith(third);
    }
}
