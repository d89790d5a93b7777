package io.evenkeel.protocols.transport.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Hosts with members, firewalls that reject, proxies that restart, processes that are killed and started again, and a
 * peer that says that it is a member. No living member that can be reached within two seconds is ever suspected, every
 * dead one is suspected or asked about, and in the end the true owners are connected.
 */
class EvidenceSimulationTest {
    private static final int ROUNDS = 400;

    @Test
    void onlyTheDeadAreSuspectedAndOnlyOwnersAreConnected() {
        long first = Long.getLong("evenkeel.evidence.seed", System.nanoTime());
        int rounds = Long.getLong("evenkeel.evidence.seed") == null ? ROUNDS : 1;
        int deaths = 0;
        int quick = 0;
        int lies = 0;
        for (int round = 0; round < rounds; round++) {
            long seed = first + round;
            EvidenceWorld world = new EvidenceWorld(new Random(seed));
            world.run();
            assertThat(world.violations())
                    .as("-Devenkeel.evidence.seed=%d %s", seed, world)
                    .isEmpty();
            deaths += world.deathsSeen();
            quick += world.quickDeaths();
            lies += world.liesRefused();
        }
        System.out.println("EvidenceSimulationTest seed " + first + ": " + rounds + " rounds, " + deaths
                + " deaths seen by a member, " + quick + " of them within the quick limit, " + lies + " lies refused");
        assertThat(rounds == 1 || (quick > 0 && quick < deaths && lies > 0)).isTrue();
    }
}
