package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.bench.Contender;
import java.util.List;

/** Stock and ours, two nodes each, on databases of their own in one PostgreSQL. */
record KeycloakPair(KeycloakPeer stock, KeycloakPeer evenkeel) implements AutoCloseable {

    static KeycloakPair create(Lab lab, String suffix) throws InterruptedException {
        KeycloakPeer stock = KeycloakPeer.create(lab, Contender.STOCK, suffix);
        boolean done = false;
        try {
            KeycloakPair pair = new KeycloakPair(stock, KeycloakPeer.create(lab, Contender.EVENKEEL, suffix));
            done = true;
            return pair;
        } finally {
            if (!done) {
                stock.close();
            }
        }
    }

    List<KeycloakPeer> both() {
        return List.of(stock, evenkeel);
    }

    /** Starts what is down, on both stacks together, and waits until each has one view of two. */
    void up() throws InterruptedException {
        for (KeycloakPeer peer : both()) {
            peer.startFirst();
        }
        for (KeycloakPeer peer : both()) {
            peer.startSecond();
        }
        for (KeycloakPeer peer : both()) {
            peer.awaitUp();
        }
    }

    @Override
    public void close() {
        both().forEach(KeycloakPeer::close);
    }
}
