package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.Waits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** kill -9 of the coordinator, on both stacks at the same moment: the time until its row is gone from the table. */
final class CoordinatorRowCase implements Measurement {
    private static final BenchCase CASE =
            new BenchCase("kill -9 of the coordinator: until its row is gone", "s", Goal.atMost(20));

    private final Lab lab;
    private final Samples samples = new Samples();
    private final List<String> stayed = new ArrayList<>();

    CoordinatorRowCase(Lab lab) {
        this.lab = lab;
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        for (int round = 1; round <= lab.scale().rounds(); round++) {
            lab.progress().step("Round " + round + " of " + lab.scale().rounds());
            watch(killCoordinators(lab.runningPair()));
        }
        BenchResult result = samples.row(CASE);
        return List.of(stayed.isEmpty() ? result : result.withNote(String.join(", ", stayed)));
    }

    /** A row that has to go. */
    private record DeadRow(String name, long killedNs) {}

    private static Map<KeycloakPeer, DeadRow> killCoordinators(KeycloakPair pair) {
        Map<KeycloakPeer, KeycloakNode> coordinators = new LinkedHashMap<>();
        pair.both().forEach(peer -> coordinators.put(peer, peer.coordinator()));
        Map<KeycloakPeer, DeadRow> rows = new LinkedHashMap<>();
        coordinators.forEach((peer, node) -> {
            String name = KeycloakPeer.localName(node).orElseThrow();
            if (!peer.table().has(name)) {
                throw new RunException("The coordinator " + name + " has no row in "
                        + peer.table().name() + ".");
            }
            long killedNs = System.nanoTime();
            KeycloakPeer.kill(node);
            rows.put(peer, new DeadRow(name, killedNs));
        });
        return rows;
    }

    private void watch(Map<KeycloakPeer, DeadRow> rows) throws InterruptedException {
        Map<KeycloakPeer, DeadRow> left = new LinkedHashMap<>(rows);
        Waits.until(
                () -> {
                    left.entrySet().removeIf(this::gone);
                    return left.isEmpty();
                },
                lab.scale().rowBound());
        for (KeycloakPeer peer : left.keySet()) {
            double boundS = KeycloakPeer.seconds(lab.scale().rowBound());
            samples.add(peer.contender(), boundS);
            stayed.add(peer.contender().label() + "'s row stays longer than " + (long) boundS
                    + " s, the end of the watch");
        }
    }

    private boolean gone(Map.Entry<KeycloakPeer, DeadRow> entry) {
        DeadRow row = entry.getValue();
        if (entry.getKey().table().has(row.name())) {
            return false;
        }
        double seconds = (System.nanoTime() - row.killedNs()) / 1e9;
        lab.progress().step("The row of " + row.name() + " went after " + seconds + " s");
        samples.add(entry.getKey().contender(), seconds);
        return true;
    }
}
