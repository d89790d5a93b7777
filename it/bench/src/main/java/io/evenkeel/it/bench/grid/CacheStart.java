package io.evenkeel.it.bench.grid;

import io.evenkeel.it.bench.Named;

/** The order in which a node starts its caches. */
public enum CacheStart implements Named {
    /** One after the other, each when the one before has its state, as Keycloak 26.7 does. */
    IN_TURN("in-turn"),
    TOGETHER("together");

    private final String label;

    CacheStart(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }
}
