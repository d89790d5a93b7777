package io.evenkeel.it.bench.restart;

import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.RunException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Sends requests to the nodes in turn, and lets a node's last requests end before it is taken out. Any thread. */
final class Balancer {
    private final List<KeycloakNode> inService;
    private final Map<KeycloakNode, Integer> inFlight = new HashMap<>();
    private int next;

    Balancer(List<KeycloakNode> nodes) {
        inService = new ArrayList<>(nodes);
    }

    /** The node for a request, whose end is told to {@link #ended}. */
    synchronized KeycloakNode pick() {
        next = (next + 1) % inService.size();
        KeycloakNode node = inService.get(next);
        inFlight.merge(node, 1, Integer::sum);
        return node;
    }

    synchronized void ended(KeycloakNode node) {
        inFlight.merge(node, -1, Integer::sum);
        notifyAll();
    }

    /** Takes a node out and waits until it has answered what it was asked. */
    synchronized void takeOut(KeycloakNode node, Duration bound) throws InterruptedException {
        inService.remove(node);
        long endNs = System.nanoTime() + bound.toNanos();
        while (inFlight.getOrDefault(node, 0) > 0) {
            long leftNs = endNs - System.nanoTime();
            if (leftNs <= 0) {
                throw new RunException(node.name() + " left " + inFlight.get(node) + " requests unanswered for "
                        + bound.toSeconds() + " s.");
            }
            TimeUnit.NANOSECONDS.timedWait(this, leftNs);
        }
    }

    synchronized void putIn(KeycloakNode node) {
        inService.add(node);
    }
}
