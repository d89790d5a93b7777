package io.evenkeel.it.node;

import java.security.SecureRandom;

/**
 * Free ports on loopback for the tests of this JVM, each given once and kept until the JVM ends. A port that the system
 * chose and that was closed again may be that of another's outgoing connection by the time it is bound.
 */
public final class TestPorts {
    private static final Ports PORTS = new Ports(new SecureRandom());

    private TestPorts() {}

    /** A port that nobody listens on and that nobody else is given. */
    public static synchronized int free() {
        return PORTS.free();
    }
}
