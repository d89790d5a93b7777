package io.evenkeel.it.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A directory into which files come as a kubelet mounts a secret: each is a link through {@code ..data}, a link to a
 * directory of one state, which is exchanged at once.
 */
final class MountedSecret {
    private static final List<String> FILES = List.of("tls.crt", "tls.key", "ca.crt");

    private final Path mount;
    private int states;

    MountedSecret(Path mount) {
        this.mount = mount;
    }

    Path file(String name) {
        return mount.resolve(name);
    }

    /** Puts the files of a directory in place of those that are there. */
    void replace(Path source) throws IOException {
        Path state = Files.createDirectories(mount.resolve("..state-" + states++));
        for (String name : FILES) {
            Files.copy(source.resolve(name), state.resolve(name));
        }
        Path fresh = Files.createSymbolicLink(mount.resolve("..data_tmp"), state.getFileName());
        Files.move(fresh, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        for (String name : FILES) {
            if (!Files.exists(mount.resolve(name))) {
                Files.createSymbolicLink(mount.resolve(name), Path.of("..data", name));
            }
        }
    }
}
