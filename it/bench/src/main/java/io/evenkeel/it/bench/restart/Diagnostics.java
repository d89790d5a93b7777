package io.evenkeel.it.bench.restart;

import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.RunException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Evidence that the JVMs of one cluster write: always a line for each collection; where it is to be kept also all of
 * the collections' details, a recording of the Flight Recorder each time a node ends, and the threads while requests
 * are slow.
 *
 * @param kept where to keep it; empty for not
 */
record Diagnostics(Path dir, boolean kept) {
    /** In a directory of that name, made anew. */
    static Diagnostics create(String name, Path temporary, Optional<Path> keptIn) {
        Path dir = keptIn.orElse(temporary).resolve(name);
        try {
            return new Diagnostics(Files.createDirectories(dir), keptIn.isPresent());
        } catch (IOException e) {
            throw new RunException("Cannot make " + dir + ": " + e.getMessage(), e);
        }
    }

    List<String> jvmOptions(String node) {
        List<String> options = new ArrayList<>(List.of(gcLog(node).jvmOption(kept)));
        if (kept) {
            Path recordings = dir.resolve(node);
            try {
                Files.createDirectories(recordings);
            } catch (IOException e) {
                throw new RunException("Cannot make " + recordings + ": " + e.getMessage(), e);
            }
            // Into a directory each start has a file of its own.
            options.add(
                    "-XX:StartFlightRecording=settings=profile,dumponexit=true,maxsize=500m,filename=" + recordings);
        }
        return options;
    }

    private GcLog gcLog(String node) {
        return new GcLog(dir, node);
    }

    List<GcPause> pauses(List<KeycloakNode> nodes, WallClock clock) {
        return nodes.stream()
                .flatMap(node -> gcLog(node.name()).pauses(clock).stream())
                .toList();
    }
}
