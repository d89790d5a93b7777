package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StartFailureTest {
    private static final String PREFIX =
            "2026-11-22 11:36:07,080 ERROR [org.keycloak.quarkus.runtime.Messages] (main) ";

    @Test
    void unknownStackIsNamedAlone() {
        assertThat(StartFailure.reason(List.of(
                        PREFIX + "ERROR: Failed to start server in (production) mode",
                        PREFIX
                                + "ERROR: org.infinispan.commons.CacheConfigurationException: ISPN000540: No such"
                                + " JGroups"
                                + " stack 'nope'")))
                .containsExactly("ISPN000540: No such JGroups stack 'nope'");
    }

    @Test
    void outOfMemoryIsNamedBeforeWhatItCaused() {
        assertThat(StartFailure.reason(List.of(
                        PREFIX + "ERROR: something broke",
                        "Terminating due to java.lang.OutOfMemoryError: Java heap space")))
                .containsExactly("java.lang.OutOfMemoryError: Java heap space");
    }

    @Test
    void errorsWithoutTheEmptyWords() {
        assertThat(StartFailure.reason(List.of(
                        "2026-11-22 11:36:07,000 INFO  [x] (main) fine",
                        PREFIX + "ERROR: Failed to start server in (production) mode",
                        PREFIX + "ERROR: Unable to start HTTP server",
                        PREFIX + "ERROR: Unable to start HTTP server",
                        PREFIX
                                + "ERROR: For more details run the same command passing the '--verbose' option. Also"
                                + " you can"
                                + " use '--help' to see the details about the usage of the particular command.")))
                .containsExactly("Unable to start HTTP server");
    }

    @Test
    void theEndOfTheLogWhenNothingLooksLikeACause() {
        assertThat(StartFailure.reason(List.of("1", "2", "", "3", "4", "5", "6")))
                .containsExactly("2", "3", "4", "5", "6");
        assertThat(StartFailure.reason(List.of())).isEmpty();
    }
}
