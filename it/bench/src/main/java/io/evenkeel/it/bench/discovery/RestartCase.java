package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.BenchCase;
import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.bench.Goal;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.NodePorts;
import io.evenkeel.it.node.Ports;
import io.evenkeel.it.node.RunException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;

/**
 * kill -9 of both nodes, then one is started again: the time from its channel's start to its first view, by its log.
 * The coordinator's port refuses. With two dead coordinators, the coordinator is killed first and its successor when it
 * has a view of its own; then the successor comes back on other ports, so that the ports of both dead ones refuse.
 */
final class RestartCase implements Measurement {
    private static final Goal GOAL = Goal.atMost(2);
    private static final BenchCase ONE =
            new BenchCase("kill -9 of both, one restarted: channel start to its first view", "s", GOAL);
    private static final BenchCase TWO = new BenchCase("the same with two dead coordinators in the table", "s", GOAL);
    private static final Duration VIEW_BOUND = Duration.ofMinutes(2);

    private final Lab lab;
    private final Samples one = new Samples();
    private final Samples two = new Samples();

    RestartCase(Lab lab) {
        this.lab = lab;
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        for (int round = 1; round <= lab.scale().rounds(); round++) {
            KeycloakPair pair = lab.runningPair();
            for (KeycloakPeer peer : Measurement.inTurn(pair.both(), round)) {
                one.add(peer.contender(), restartAfterBothDied(peer));
            }
            if (lab.scale().variants()) {
                lab.runningPair();
                for (KeycloakPeer peer : Measurement.inTurn(pair.both(), round)) {
                    two.add(peer.contender(), restartAfterBothCoordinated(peer));
                }
            }
        }
        return lab.scale().variants() ? List.of(one.row(ONE), two.row(TWO)) : List.of(one.row(ONE));
    }

    private double restartAfterBothDied(KeycloakPeer peer) throws InterruptedException {
        KeycloakNode coordinator = peer.coordinator();
        KeycloakNode member = peer.member();
        KeycloakPeer.kill(coordinator);
        KeycloakPeer.kill(member);
        return restart(member);
    }

    private double restartAfterBothCoordinated(KeycloakPeer peer) throws InterruptedException {
        KeycloakNode first = peer.coordinator();
        KeycloakNode second = peer.member();
        LocalDateTime killed = KeycloakPeer.kill(first);
        if (KeycloakPeer.awaitView(second, 1, killed, VIEW_BOUND).isEmpty()) {
            throw new RunException(second.name() + " did not take over from a killed coordinator.");
        }
        KeycloakPeer.kill(second);
        NodeConfig config = second.config();
        second.configure(onPorts(config, lab.sandbox().ports()));
        return restart(second);
    }

    private double restart(KeycloakNode node) throws InterruptedException {
        lab.progress().step("Restarting " + node.name());
        node.start();
        double seconds = KeycloakPeer.seconds(KeycloakPeer.awaitFirstView(node, 1, VIEW_BOUND));
        lab.progress().step(node.name() + " had its view " + seconds + " s after its channel's start");
        return seconds;
    }

    private static NodeConfig onPorts(NodeConfig old, Ports free) {
        NodePorts ports = new NodePorts(old.ports().http(), old.ports().management(), free.free());
        return new NodeConfig(
                old.name(),
                old.stack(),
                ports,
                old.database(),
                old.admin(),
                old.options(),
                old.environment(),
                old.jvmOptions(),
                old.heap(),
                old.logLevel(),
                old.jdkHome());
    }
}
