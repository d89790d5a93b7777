package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.Sandbox;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The surroundings that the cases share: the sandbox, and one pair of Keycloak clusters that goes from case to case.
 * One thread uses it.
 */
final class Lab implements AutoCloseable {
    private final Sandbox sandbox;
    private final Scale scale;
    private final Progress progress;
    private final RandomGenerator random = new SecureRandom();
    private int pairs;
    private Optional<KeycloakPair> pair = Optional.empty();

    Lab(Sandbox sandbox, Scale scale, Progress progress) {
        this.sandbox = sandbox;
        this.scale = scale;
        this.progress = progress;
    }

    /** Two nodes of each stack, running, each two in one view. */
    KeycloakPair runningPair() throws InterruptedException {
        if (pair.isEmpty()) {
            pairs++;
            pair = Optional.of(KeycloakPair.create(this, Integer.toString(pairs)));
        }
        pair.get().up();
        return pair.get();
    }

    /** Both peers, the one that goes first changing from round to round. */
    static List<KeycloakPeer> inTurn(KeycloakPair both, int round) {
        return round % 2 == 1 ? List.of(both.stock(), both.evenkeel()) : List.of(both.evenkeel(), both.stock());
    }

    /** Stops the shared nodes, after a failure or because a case needs the machine for itself. */
    void reset() {
        pair.ifPresent(KeycloakPair::close);
        pair = Optional.empty();
    }

    Sandbox sandbox() {
        return sandbox;
    }

    Scale scale() {
        return scale;
    }

    Progress progress() {
        return progress;
    }

    RandomGenerator random() {
        return random;
    }

    @Override
    public void close() {
        reset();
    }
}
