package io.evenkeel.protocols.version;

import io.evenkeel.protocols.log.GeneralMessages;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jgroups.logging.Log;

/** The line that says which pack runs on what, at the first start of one of its protocols. Safe for threads. */
final class StartLine {
    static final StartLine OF_JVM = new StartLine(SupportedVersions.ofPack());

    private final SupportedVersions versions;
    private final AtomicBoolean written = new AtomicBoolean();

    StartLine(SupportedVersions versions) {
        this.versions = versions;
    }

    void writeOnce(Log log) {
        if (written.compareAndSet(false, true)) {
            GeneralMessages.STARTS_ON.to(log, PackVersion.current(), versions.installed());
            versions.complaint().ifPresent(complaint -> GeneralMessages.VERSIONS_ALLOWED.to(log, complaint));
        }
    }
}
