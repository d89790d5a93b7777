package io.evenkeel.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Plays {@link CaRotation} with interruptions at every write, nodes that copy their files late and piece by piece, and
 * nodes that come and go.
 */
class CaRotationTest {
    private static final int RUNS = 3000;

    private enum Ca {
        OLD,
        NEW
    }

    /** Files of a node, in the operator's directory or on the node. */
    private static final class Files {
        private Set<Ca> trust = EnumSet.of(Ca.OLD);
        private Ca issuer = Ca.OLD;
    }

    private static final class Interrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** An operator's directory and the nodes, driven at random. */
    private static final class Cluster {
        private final Random random;
        private final boolean takesNoWord;
        private final Map<String, Files> directory = new TreeMap<>();
        private final Map<String, Files> nodes = new TreeMap<>();
        private CaRotation.Phase savedPhase;
        private Set<String> savedNodes = Set.of();
        private Set<String> savedConfirmed = Set.of();
        private boolean done;
        private int writesLeft;

        Cluster(long seed, boolean takesNoWord) {
            this.random = new Random(seed);
            this.takesNoWord = takesNoWord;
            for (int i = 0; i < 1 + random.nextInt(5); i++) {
                directory.put("node-" + i, new Files());
                nodes.put("node-" + i, new Files());
            }
        }

        void play() {
            int steps = 0;
            while (!done) {
                assertThat(steps++).as("it must come to an end").isLessThan(10_000);
                switch (random.nextInt(6)) {
                    case 0, 1 -> command();
                    case 2 -> join();
                    default -> copySomething();
                }
                assertNobodyRefusesAnybody();
            }
            while (!directory.keySet().stream().allMatch(this::isUpToDate)) {
                copySomething();
                assertNobodyRefusesAnybody();
            }
            assertThat(nodes.values())
                    .allSatisfy(node -> assertThat(node.trust).containsExactly(Ca.NEW))
                    .allSatisfy(node -> assertThat(node.issuer).isEqualTo(Ca.NEW));
        }

        /** The command, killed before any of its writes. */
        private void command() {
            writesLeft = random.nextInt(3) == 0 ? random.nextInt(12) : Integer.MAX_VALUE;
            try {
                if (savedPhase == null) {
                    CaRotation begun = CaRotation.begin(directory.keySet());
                    save(begun);
                    write(begun);
                    return;
                }
                CaRotation rotation = CaRotation.of(savedPhase, savedNodes, savedConfirmed);
                Set<String> written = write(rotation);
                for (String node : rotation.nodes()) {
                    if (!written.contains(node) && (isUpToDate(node) || takesNoWord)) {
                        rotation.confirm(node);
                    }
                }
                save(rotation);
                if (rotation.phase() == CaRotation.Phase.DROP_OLD || rotation.advance()) {
                    save(rotation);
                    write(rotation);
                    if (rotation.phase() == CaRotation.Phase.DROP_OLD) {
                        write();
                        done = true;
                    }
                }
            } catch (Interrupted e) {
                // The next command finds what this one has written.
            }
        }

        private void write() {
            if (writesLeft-- == 0) {
                throw new Interrupted();
            }
        }

        private void save(CaRotation rotation) {
            write();
            savedPhase = rotation.phase();
            savedNodes = rotation.nodes();
            savedConfirmed = rotation.confirmed();
        }

        private Set<String> write(CaRotation rotation) {
            CaRotation.Wanted wanted = rotation.wanted();
            Set<Ca> trust = EnumSet.noneOf(Ca.class);
            if (wanted.trustOld()) {
                trust.add(Ca.OLD);
            }
            if (wanted.trustNew()) {
                trust.add(Ca.NEW);
            }
            Set<String> written = new HashSet<>();
            for (String node : rotation.nodes()) {
                Files files = directory.get(node);
                if (!files.trust.equals(trust)) {
                    write();
                    files.trust = trust;
                    written.add(node);
                }
                if (wanted.issuedByNew() && files.issuer == Ca.OLD) {
                    write();
                    files.issuer = Ca.NEW;
                    written.add(node);
                }
            }
            written.forEach(rotation::written);
            save(rotation);
            return written;
        }

        /** A node that is issued its first files and starts with them. */
        private void join() {
            if (directory.size() > 6 || savedPhase == CaRotation.Phase.DROP_OLD) {
                return;
            }
            String name = "node-" + directory.size();
            Files files = new Files();
            if (savedPhase != null) {
                CaRotation rotation = CaRotation.of(savedPhase, savedNodes, savedConfirmed);
                files.trust = EnumSet.allOf(Ca.class);
                files.issuer = rotation.wanted().issuedByNew() ? Ca.NEW : Ca.OLD;
                rotation.joined(name);
                savedNodes = rotation.nodes();
                savedConfirmed = rotation.confirmed();
            }
            directory.put(name, files);
            Files started = new Files();
            started.trust = EnumSet.copyOf(files.trust);
            started.issuer = files.issuer;
            nodes.put(name, started);
        }

        /** One of a node's files reaches it. */
        private void copySomething() {
            List<String> names = new ArrayList<>(directory.keySet());
            String name = names.get(random.nextInt(names.size()));
            if (random.nextBoolean()) {
                nodes.get(name).trust = EnumSet.copyOf(directory.get(name).trust);
            } else {
                nodes.get(name).issuer = directory.get(name).issuer;
            }
        }

        private boolean isUpToDate(String name) {
            Files wanted = directory.get(name);
            Files has = nodes.get(name);
            return has.trust.equals(wanted.trust) && has.issuer == wanted.issuer;
        }

        private void assertNobodyRefusesAnybody() {
            nodes.forEach((judge, files) -> nodes.forEach((peer, shown) -> assertThat(files.trust)
                    .as(judge + " must accept " + peer + " in " + savedPhase)
                    .contains(shown.issuer)));
        }
    }

    @Test
    void nobodyIsCutOffAndItComesToAnEnd() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        for (int run = 0; run < RUNS; run++) {
            try {
                new Cluster(seed + run, false).play();
            } catch (AssertionError e) {
                throw new AssertionError("seed " + (seed + run), e);
            }
        }
    }

    /** The simulation finds it if steps are taken without waiting for the nodes. */
    @Test
    void withoutWaitingSomeNodeIsCutOff() {
        assertThatThrownBy(() -> {
                    for (int run = 0; run < RUNS; run++) {
                        new Cluster(run, true).play();
                    }
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("must accept");
    }

    @Test
    void aStepIsRefusedUntilTheLastNodeIsKnownAndNamesIt() {
        CaRotation rotation = CaRotation.begin(List.of("a", "b"));
        rotation.confirm("a");

        assertThat(rotation.advance()).isFalse();
        assertThat(rotation.missing()).containsExactly("b");
        assertThat(rotation.phase()).isEqualTo(CaRotation.Phase.TRUST_BOTH);

        rotation.confirm("b");
        assertThat(rotation.advance()).isTrue();
        assertThat(rotation.missing()).containsExactly("a", "b");
        assertThat(rotation.mayBeAborted()).isFalse();
        rotation.left("b");
        rotation.confirm("a");
        assertThat(rotation.advance()).isTrue();
        assertThat(rotation.wanted()).isEqualTo(new CaRotation.Wanted(false, true, true));
        rotation.confirm("a");
        assertThat(rotation.advance()).as("there is no step behind the last").isFalse();
        assertThatThrownBy(() -> rotation.confirm("b")).hasMessageContaining("must be one of [a]");
    }
}
