package io.evenkeel.stacks.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.infinispan.commons.dataconversion.MediaType;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.global.GlobalConfiguration;
import org.infinispan.configuration.internal.PrivateCacheConfigurationBuilder;
import org.infinispan.configuration.parsing.ConfigurationBuilderHolder;
import org.infinispan.configuration.parsing.ParserRegistry;
import org.infinispan.distribution.ch.impl.ConsistentHashFactory;
import org.infinispan.distribution.ch.impl.DefaultConsistentHash;
import org.infinispan.distribution.ch.impl.DefaultConsistentHashFactory;
import org.infinispan.distribution.ch.impl.SyncConsistentHashFactory;
import org.infinispan.distribution.ch.impl.SyncReplicatedConsistentHashFactory;
import org.infinispan.distribution.ch.impl.TopologyAwareConsistentHashFactory;
import org.infinispan.remoting.transport.Address;
import org.infinispan.statetransfer.StateTransferManagerImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistentHashDefaultTest {
    private static final String XML =
            """
            <infinispan>
              <cache-container name="keycloak">
                <transport/>
                <distributed-cache name="sessions" owners="2"/>
                <replicated-cache name="work"/>
                <local-cache name="local"/>
              </cache-container>
            </infinispan>
            """;
    private static final int SEGMENTS = 256;
    private static final int OWNERS = 2;
    private static final int MEMBERSHIPS = 50;

    private final ConfigurationBuilderHolder holder = new ParserRegistry().parse(XML, MediaType.APPLICATION_XML);

    @Test
    void distributedCachesMoveLittle() {
        ConsistentHashDefault.applyTo(holder);

        assertThat(factoryOf("sessions")).isInstanceOf(DefaultConsistentHashFactory.class);
        assertThat(factoryOf("sessions")).isNotInstanceOf(TopologyAwareConsistentHashFactory.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"machine", "rack", "site"})
    void hintsAreHeeded(String hint) {
        switch (hint) {
            case "machine" -> holder.getGlobalConfigurationBuilder().transport().machineId("m1");
            case "rack" -> holder.getGlobalConfigurationBuilder().transport().rackId("r1");
            default -> holder.getGlobalConfigurationBuilder().transport().siteId("s1");
        }

        ConsistentHashDefault.applyTo(holder);

        assertThat(factoryOf("sessions")).isInstanceOf(TopologyAwareConsistentHashFactory.class);
    }

    @Test
    void theUsersFactoryStays() {
        holder.getNamedConfigurationBuilders()
                .get("sessions")
                .addModule(PrivateCacheConfigurationBuilder.class)
                .consistentHashFactory(SyncConsistentHashFactory.getInstance());

        ConsistentHashDefault.applyTo(holder);

        assertThat(factoryOf("sessions")).isInstanceOf(SyncConsistentHashFactory.class);
    }

    @Test
    void otherCachesAreLeftAsTheyAre() {
        ConsistentHashDefault.applyTo(holder);

        assertThat(factoryOf("work")).isInstanceOf(SyncReplicatedConsistentHashFactory.class);
        assertThat(factoryOf("local")).isNull();
    }

    private ConsistentHashFactory<?> factoryOf(String cache) {
        GlobalConfiguration global = holder.getGlobalConfigurationBuilder().build();
        Configuration configuration =
                holder.getNamedConfigurationBuilders().get(cache).build();
        return StateTransferManagerImpl.pickConsistentHashFactory(global, configuration);
    }

    /**
     * The copies that a restart moves, in shares of what a node holds: 1 is what cannot be avoided without the leave.
     */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 6, 10})
    void aRestartMovesFewerCopiesThanWithInfinispansChoice(int nodes) {
        ConsistentHashDefault.applyTo(holder);
        @SuppressWarnings("unchecked")
        ConsistentHashFactory<DefaultConsistentHash> ours =
                (ConsistentHashFactory<DefaultConsistentHash>) factoryOf("sessions");
        ConsistentHashFactory<DefaultConsistentHash> sync = SyncConsistentHashFactory.getInstance();
        double moved = meanShares(ours, nodes, true);
        double movedBySync = meanShares(sync, nodes, true);
        double movedWithGrace = meanShares(ours, nodes, false);
        double movedBySyncWithGrace = meanShares(sync, nodes, false);
        System.out.printf(
                "%d nodes, shares moved by a restart: %.2f (Sync %.2f); without the leave's rebalance %.2f (Sync"
                        + " %.2f)%n",
                nodes, moved, movedBySync, movedWithGrace, movedBySyncWithGrace);

        assertThat(moved).isLessThan(movedBySync + 0.02).isLessThan(2.05);
        assertThat(movedWithGrace).isLessThan(movedBySyncWithGrace).isLessThan(1.3);
    }

    /** Nodes join one after the other, then each is restarted, in random order. */
    private static double meanShares(
            ConsistentHashFactory<DefaultConsistentHash> factory, int nodes, boolean leaveRebalances) {
        long moved = 0;
        for (int seed = 0; seed < MEMBERSHIPS; seed++) {
            List<Address> members = new ArrayList<>(List.of(Address.random()));
            DefaultConsistentHash owners = factory.create(OWNERS, SEGMENTS, members, null);
            while (members.size() < nodes) {
                members.add(Address.random());
                owners = factory.rebalance(factory.updateMembers(owners, members, null));
            }
            List<Address> toRestart = new ArrayList<>(members);
            Collections.shuffle(toRestart, new Random(seed));
            for (Address node : toRestart) {
                members.remove(node);
                DefaultConsistentHash without = factory.updateMembers(owners, members, null);
                DefaultConsistentHash left = leaveRebalances ? factory.rebalance(without) : without;
                members.add(Address.random());
                owners = factory.rebalance(factory.updateMembers(left, members, null));
                moved += copies(without, left) + copies(left, owners);
            }
        }
        return (double) moved / MEMBERSHIPS / (SEGMENTS * OWNERS);
    }

    private static int copies(DefaultConsistentHash before, DefaultConsistentHash after) {
        return IntStream.range(0, SEGMENTS)
                .map(segment -> (int) after.locateOwnersForSegment(segment).stream()
                        .filter(owner -> !before.locateOwnersForSegment(segment).contains(owner))
                        .count())
                .sum();
    }
}
