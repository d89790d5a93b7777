package io.evenkeel.it.bench.transport;

import io.evenkeel.it.node.RunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import one.convert.Arguments;
import one.convert.JfrToFlame;

/** A recording of the JDK's Flight Recorder; async-profiler's converter draws it. */
record FlameGraph(Path recording, String title) {
    /** Writes a page of its own, and removes the recording. */
    void writeTo(Path html) {
        try {
            JfrToFlame.convert(recording.toString(), html.toString(), new Arguments("--title", title, "--norm"));
            Files.delete(recording);
        } catch (IOException e) {
            throw new RunException("Cannot write " + html + ": " + e.getMessage(), e);
        }
    }
}
