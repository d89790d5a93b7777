package io.evenkeel.it.bench.transport;

import io.evenkeel.it.node.Ports;
import io.evenkeel.it.node.Progress;
import io.evenkeel.it.node.TempDir;
import java.nio.file.Path;
import java.security.SecureRandom;

/** What the cases share: a directory of the run's own, free ports, the certificates, the JDKs. One thread uses it. */
final class TransportLab implements AutoCloseable {
    private final TransportScale scale;
    private final Progress progress;
    private final TempDir dir = TempDir.create();
    private final Ports ports = new Ports(new SecureRandom());

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

    Ports ports() {
        return ports;
    }

    @Override
    public void close() {
        dir.close();
    }
}
