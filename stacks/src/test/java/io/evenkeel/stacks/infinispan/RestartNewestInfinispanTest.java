package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.infinispan.commons.util.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Restarts on the newest Infinispan, which has other methods for a leave. Runs on a class path of its own; see the pom.
 */
@EnabledIfSystemProperty(named = "evenkeel.infinispan", matches = "newest")
class RestartNewestInfinispanTest extends RestartContract {
    @Test
    void aStopThatWaitsForTheCopiesOfOthersIsNotHeld() throws Exception {
        assertThat(Version.getVersion()).isGreaterThanOrEqualTo("16.2");
        start(4, FOR_EVER);
        InfinispanNode leaver = nodes.remove(3);
        gone.add(leaver);

        boolean inTime = (boolean) leaver.manager()
                .getClass()
                .getMethod("stop", long.class, TimeUnit.class)
                .invoke(leaver.manager(), LIMIT.toSeconds(), TimeUnit.SECONDS);

        assertThat(inTime).isTrue();
        settle();
    }
}
