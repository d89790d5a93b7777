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
}
