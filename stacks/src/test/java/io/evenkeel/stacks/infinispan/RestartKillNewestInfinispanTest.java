package io.evenkeel.stacks.infinispan;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The same on the newest Infinispan. Runs on a class path of its own; see the pom. */
@EnabledIfSystemProperty(named = "evenkeel.infinispan", matches = "newest")
@EnabledIfSystemProperty(
        named = "evenkeel.chaos.kills",
        matches = "all",
        disabledReason = "set -Devenkeel.chaos.kills=all")
class RestartKillNewestInfinispanTest extends RestartKillTest {}
