package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
    @TempDir
    private Path dir;

    @Test
    void killTakesWhatTheChildStarted() throws Exception {
        Path pidFile = dir.resolve("pid");
        try (ChildProcess child = sh("sleep 600 & echo $! > pid.tmp; mv pid.tmp pid; wait")) {
            await().until(() -> Files.exists(pidFile));
            ProcessHandle grandchild = ProcessHandle.of(
                            Long.parseLong(Files.readString(pidFile).trim()))
                    .orElseThrow();
            child.kill();
            assertThat(child.isAlive()).isFalse();
            assertThat(grandchild.isAlive()).isFalse();
        }
    }

    @Test
    void sigintIsIgnoredAndSigtermIsNot() throws Exception {
        Path ready = dir.resolve("ready");
        try (ChildProcess child = sh("kill -INT $$; touch ready; while :; do sleep 0.1; done")) {
            await().until(() -> Files.exists(ready));
            assertThat(child.isAlive()).isTrue();
            assertThat(child.stop(Duration.ofMinutes(2))).isTrue();
            assertThat(child.waitFor(Duration.ZERO)).contains(143);
        }
    }

    @Test
    void stopKillsWhatIgnoresSigterm() throws Exception {
        Path ready = dir.resolve("ready");
        try (ChildProcess child = sh("trap '' TERM; touch ready; while :; do sleep 0.1; done")) {
            await().until(() -> Files.exists(ready));
            assertThat(child.stop(Duration.ofMillis(300))).isFalse();
            assertThat(child.waitFor(Duration.ZERO)).contains(137);
        }
    }

    @Test
    void stopIsNotCutShortByAnInterrupt() throws Exception {
        Path ready = dir.resolve("ready");
        try (ChildProcess child = sh("trap 'sleep 0.5; exit 7' TERM; touch ready; while :; do sleep 0.1; done")) {
            await().until(() -> Files.exists(ready));
            Thread.currentThread().interrupt();
            boolean graceful = child.stop(Duration.ofMinutes(2));
            assertThat(Thread.interrupted()).isTrue();
            assertThat(graceful).isTrue();
            assertThat(child.waitFor(Duration.ZERO)).contains(7);
        }
    }

    @Test
    void outputGoesToTheLog() throws Exception {
        try (ChildProcess child = sh("echo out; echo err >&2; exit 3")) {
            assertThat(child.waitFor(Duration.ofMinutes(2))).contains(3);
        }
        assertThat(new NodeLog(dir.resolve("log")).lines()).containsExactly("out", "err");
    }

    private ChildProcess sh(String script) {
        return ChildProcess.start(List.of("/bin/sh", "-c", script), dir, System.getenv(), dir.resolve("log"));
    }
}
