package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ShellTest {
    @Test
    void givesTheOutput() {
        assertThat(Shell.run("echo", "a b")).isEqualTo("a b");
    }

    @Test
    void saysWhatFailedAndHow() {
        assertThatThrownBy(() -> Shell.run("sh", "-c", "echo no; exit 3"))
                .isInstanceOf(RunException.class)
                .hasMessage("sh -c echo no; exit 3 failed (3): no");
        assertThatThrownBy(() -> Shell.run("no-such-command"))
                .isInstanceOf(RunException.class)
                .hasMessageStartingWith("Cannot run no-such-command");
    }
}
