package io.evenkeel.protocols.lease.jdbc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SqlFileTest {

    @Test
    void aJarThatLacksTheFileIsNamedAsDamaged() {
        assertThatThrownBy(() -> SqlFile.statements("lost.sql"))
                .hasMessageStartingWith("EVK0008: ")
                .hasMessageContaining("lost.sql")
                .hasMessageEndingWith("the jar is damaged, replace it");
    }
}
