package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.worker.KeyFiles;
import io.evenkeel.it.node.Ports;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.TempDir;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The surroundings that the cases share: a directory of the run's own, free ports, the certificates, the JDKs. One
 * thread uses it.
 */
final class TransportLab implements AutoCloseable {
    private final TransportScale scale;
    private final Progress progress;
    private final TempDir dir = TempDir.create();
    private final SecureRandom random = new SecureRandom();
    private final Ports ports = new Ports(random);
    private final KeyFiles keys = KeyFiles.create(dir.path(), random);

    TransportLab(TransportScale scale, Progress progress) {
        this.scale = scale;
        this.progress = progress;
    }

    TransportScale scale() {
        return scale;
    }

    Progress progress() {
        return progress;
    }

    /** Gone when the lab is closed. */
    Path dir() {
        return dir.path();
    }

    SecureRandom random() {
        return random;
    }

    Ports ports() {
        return ports;
    }

    /** For the nodes that are to use TLS. */
    KeyFiles keys() {
        return keys;
    }

    /** The JDK that runs this. */
    Path javaHome() {
        return Path.of(System.getProperty("java.home"));
    }

    /** The options of a node's JVM, the same for all variants. */
    List<String> options(String heap) {
        return List.of(
                "-Xms" + heap, "-Xmx" + heap, "-XX:+UseG1GC", "-Djava.net.preferIPv4Stack=true", "-Duser.language=en");
    }

    /** Another variant goes first in each round, counted from 1. */
    static List<Variant> inTurn(List<Variant> variants, int round) {
        List<Variant> turned = new ArrayList<>(variants);
        Collections.rotate(turned, round - 1);
        return turned;
    }

    @Override
    public void close() {
        dir.close();
    }
}
