package io.evenkeel.protocols.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.transport.LineLog;
import java.util.concurrent.TimeUnit;
import org.jgroups.logging.Log;
import org.junit.jupiter.api.Test;

class LimitedLogTest {
    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);
    private static final LogMessage MESSAGE =
            new LogMessage("EVK9999", LogMessage.Level.WARN, "%s is late", "A test.", "None.");

    private final Log log = LineLog.log();
    private long nowNs;
    private final LimitedLog limited = new LimitedLog(log, () -> nowNs);

    @Test
    void aLineIsWrittenOnceAMinuteAndSaysHowManyWereHeldBack() {
        assertThat(limited.write("a", MESSAGE, "A")).isTrue();
        nowNs = MINUTE_NS - 1;
        assertThat(limited.write("a", MESSAGE, "A")).isFalse();
        assertThat(limited.write("b", MESSAGE, "B")).isTrue();
        nowNs = MINUTE_NS;
        assertThat(limited.write("a", MESSAGE, "A")).isTrue();

        assertThat(LineLog.linesOf(log))
                .containsExactly("WARN A is late", "WARN B is late", "WARN A is late (1 more of these held back)");
    }

    @Test
    void aLineBeginsWithItsId() {
        assertThat(MESSAGE.text("100 %")).isEqualTo("EVK9999: 100 % is late");
    }
}
