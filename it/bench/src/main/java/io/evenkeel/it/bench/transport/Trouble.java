package io.evenkeel.it.bench.transport;

import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.Freeze;
import io.evenkeel.it.node.NetworkNamespace;

/** The fate of the fourth node. */
enum Trouble {
    STOPPED("4th stopped"),
    BLACKHOLED("4th blackholed"),
    SLOW("4th takes state at 1 MB/s");

    private static final int SLOW_KBIT_PER_S = 8_000;

    private final String label;

    Trouble(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** Begins. It ends with the node, which is killed, and with its namespace. */
    void befall(ChildJvm node, NetworkNamespace namespace) {
        switch (this) {
            case STOPPED -> Freeze.of(node.handle());
            case BLACKHOLED -> namespace.vanish();
            case SLOW -> namespace.slowDown(SLOW_KBIT_PER_S);
        }
    }
}
