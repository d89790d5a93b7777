package io.evenkeel.protocols.version;

import org.jgroups.annotations.ManagedAttribute;
import org.jgroups.logging.Log;

/** A protocol of the pack: it runs on supported versions only, and tells which version of the pack it is of. */
public interface PackProtocol {

    @ManagedAttribute(description = "Version and commit of Evenkeel")
    default String getEvenkeelVersion() {
        return PackVersion.current().toString();
    }

    /** Writes the version to the log, once per JVM; to be called by each protocol that starts. */
    default void tellVersion(Log log) {
        StartLine.OF_JVM.writeOnce(log);
    }
}
