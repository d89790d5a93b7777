package io.evenkeel.stacks.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.stacks.cli.core.ClusterFacts;
import io.evenkeel.stacks.cli.core.ClusterStatus;
import io.evenkeel.stacks.cli.core.DatabaseFacts;
import io.evenkeel.stacks.cli.core.KeyFacts;
import io.evenkeel.stacks.cli.core.MemberFacts;
import io.evenkeel.stacks.cli.core.MetricFacts;
import io.evenkeel.stacks.cli.core.Reach;
import io.evenkeel.stacks.cli.core.Rows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusPageTest {
    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final String HOSTILE = "<img src=x onerror=\"document.title='owned'\">&'";

    @TempDir
    private Path folder;

    @Test
    void isWholeByItself() {
        String page = StatusPage.of(status());

        assertThat(page).doesNotContain("<script", "http://", "https://", "<link", "src=x onerror=\"");
        assertThat(page).contains("&lt;img src=x onerror=&quot;document.title=&#39;owned&#39;&quot;&gt;&amp;&#39;");
    }

    @Test
    void aRealBrowserShowsIt() throws Exception {
        Optional<String> browser = Stream.of("chromium", "chromium-browser", "google-chrome")
                .filter(StatusPageTest::isInstalled)
                .findFirst();
        assumeTrue(browser.isPresent(), "neither chromium nor google-chrome is installed");
        Path page = folder.resolve("status.html");
        Files.writeString(page, StatusPage.of(status()));

        String document = dump(browser.get(), page);

        assertThat(document).contains("<title>Cluster C</title>");
        // What the browser made of it, not what we wrote.
        assertThat(document)
                .containsPattern("<td>&lt;img src=x onerror=\"document.title='owned'\"&gt;&amp;'</td>")
                .contains("<progress value=\"0.750\" max=\"1\"></progress>")
                .contains("<td>receives, 75 % of 256 segments, 3 s left")
                .contains("<td class=\"critical\">critical</td><td>PORT_REFUSED</td>")
                .contains("title=\"no metrics there\"");
    }

    private String dump(String browser, Path page) throws IOException, InterruptedException {
        Path out = folder.resolve("dump.html");
        Process process = new ProcessBuilder(
                        browser,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--dump-dom",
                        page.toUri().toString())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("it ends").isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
    }

    private static ClusterStatus status() {
        MetricFacts moving = new MetricFacts.Read(
                OptionalDouble.of(1),
                OptionalDouble.of(-1),
                OptionalDouble.of(0),
                OptionalDouble.of(256),
                OptionalDouble.of(64),
                OptionalDouble.of(2.5));
        return ClusterStatus.of(
                new ClusterFacts(
                        "C",
                        "1.0",
                        new DatabaseFacts.Read(OptionalLong.of(0), List.of(), List.of()),
                        new KeyFacts.ClearText(),
                        List.of(
                                member(
                                        "node-1",
                                        new Reach.Spoke(
                                                Optional.empty(),
                                                "C",
                                                1,
                                                "1.0",
                                                false,
                                                OptionalLong.empty(),
                                                Optional.empty())),
                                member(HOSTILE, new Reach.Refused()))),
                row -> row.who().name().equals("node-1") ? moving : new MetricFacts.Missing("no metrics there"),
                AT);
    }

    private static MemberFacts member(String name, Reach reach) {
        return new MemberFacts(Rows.row(name, name.equals("node-1"), "a|7", 2), reach);
    }
}
