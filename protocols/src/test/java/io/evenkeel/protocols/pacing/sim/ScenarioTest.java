package io.evenkeel.protocols.pacing.sim;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pacing core in a simulated network; each file says in words what happens and what is expected. */
class ScenarioTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alone",
                "stock-for-comparison",
                "fifty-megabit",
                "gigabit",
                "two-milliseconds",
                "two-donors",
                "two-receivers",
                "latecomer",
                "bursts",
                "collections",
                "lost-probes",
                "silence",
                "reroute",
                "slow-joiner",
                "jitter",
                "starting-joiner",
                "both-directions",
                "six-caches",
                "few-processors",
                "compilers",
                "quota",
                "short-heap",
                "short-donor",
                "short-joiner",
                "both-short",
                "liar",
                "liar-alone"
            })
    void comesOutAsExpected(String name) throws IOException {
        try (InputStream text = ScenarioTest.class.getResourceAsStream(name + ".scenario")) {
            Scenario.play(new String(text.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
