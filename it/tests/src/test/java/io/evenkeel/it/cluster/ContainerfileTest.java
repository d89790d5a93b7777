package io.evenkeel.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ContainerfileTest {

    @Test
    void isReadAsScripts() {
        Containerfile file = Containerfile.parse(
                """
                FROM base:1 AS builder
                COPY --chown=1000:0 x-*.jar /opt/x/
                ENV A=1 B=2
                RUN /opt/x/build

                FROM base:1
                COPY --from=builder /opt/x/ /opt/x/
                ENV C=3
                ENTRYPOINT ["/opt/x/run"]
                CMD ["start", "--fast"]
                """);

        assertThat(file.images()).containsExactly("base:1", "base:1");
        assertThat(file.build())
                .isEqualTo(
                        """
                        cp x-*.jar /opt/x/ && chown -R 1000:0 /opt/x/
                        export A=1 B=2
                        /opt/x/build
                        test -e /opt/x/
                        export C=3
                        """);
        assertThat(file.start())
                .isEqualTo(
                        """
                        export C=3
                        exec '/opt/x/run' 'start' '--fast'
                        """);
    }

    @Test
    void anotherInstructionIsNotPassedOver() {
        assertThatThrownBy(() -> Containerfile.parse("USER 0\n")).hasMessageContaining("USER 0");
    }
}
