package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.BenchTable;
import io.evenkeel.it.bench.LabCase;
import io.evenkeel.it.bench.Measurement;
import io.evenkeel.it.member.KeyFiles;
import io.evenkeel.it.node.Ports;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.TempDir;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * The surroundings that the cases share: a directory of the run's own, free ports, the certificates, the JDKs. One
 * thread uses it.
 */
public final class TransportLab implements AutoCloseable {
    private final TransportScale scale;
    private final Progress progress;
    private final TempDir dir = TempDir.create();
    private final SecureRandom random = new SecureRandom();
    private final Ports ports = new Ports(random);
    private final KeyFiles keys = KeyFiles.create(dir.path(), random);

    private TransportLab(TransportScale scale, Progress progress) {
        this.scale = scale;
        this.progress = progress;
    }

    /**
     * Measures in a lab of its own.
     *
     * @param each takes the table so far after each case, so that a run that is cut short leaves what it has measured
     */
    public static BenchTable run(
            TransportScale scale, Progress progress, Collection<LabCase<TransportLab>> cases, Consumer<BenchTable> each)
            throws InterruptedException {
        try (TransportLab lab = new TransportLab(scale, progress)) {
            return Measurement.all(
                    List.of(), cases, chosen -> chosen.measurement().apply(lab), progress, each);
        }
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

    @Override
    public void close() {
        dir.close();
    }
}
