package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

class LogLineTest {
    @Test
    void parsesTheParts() {
        LogLine line = LogLine.parse(
                        "2026-11-22 11:36:07,080 WARN  [org.infinispan.CLUSTER] (main) [Context=x] text (y) [z]")
                .orElseThrow();
        assertThat(line)
                .isEqualTo(new LogLine(
                        LocalDateTime.of(2026, 11, 22, 11, 36, 7, 80_000_000),
                        "WARN",
                        "org.infinispan.CLUSTER",
                        "main",
                        "[Context=x] text (y) [z]"));
    }

    @Test
    void threadNamesMayHoldParentheses() {
        LogLine line = LogLine.parse(
                        "2026-11-22 11:36:07,080 INFO  [a.B] (jgroups-5,node1(v=16.0.14)) ISPN000094: text")
                .orElseThrow();
        assertThat(line.thread()).isEqualTo("jgroups-5,node1(v=16.0.14)");
        assertThat(line.message()).isEqualTo("ISPN000094: text");
    }

    @Test
    void otherLinesAreNone() {
        assertThat(LogLine.parse("\tat java.base/java.lang.Thread.run(Thread.java:840)"))
                .isEmpty();
        assertThat(LogLine.parse("")).isEmpty();
    }
}
