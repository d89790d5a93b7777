package io.evenkeel.it.cluster;

import io.evenkeel.it.node.Caches;
import io.evenkeel.it.node.Programs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A root directory for a command as a container has one: this host's programs and libraries, read-only, and what is
 * mounted into it. It is there for the command alone. Linux and root only.
 */
final class ContainerRoot {
    /** Of the kernel: read and written, but by nobody of this test. */
    private static final List<String> KERNELS = List.of("/proc", "/sys", "/dev");

    private static final Path PROGRAMS = Path.of("/usr");

    private final Path at;
    private final List<Mount> mounts = new ArrayList<>();

    private record Mount(String target, String command) {}

    /**
     * Makes a root that has this host's JDK and the files of the cache.
     *
     * @param at an empty directory
     */
    ContainerRoot(Path at) {
        this.at = at;
        for (Path path : List.of(
                Path.of(System.getProperty("java.home")), Caches.ofUser().root())) {
            if (!path.startsWith(PROGRAMS)) {
                withReadOnly(path.toString(), path);
            }
        }
    }

    /** Why there can be none here; empty if there can. */
    static Optional<String> obstacle() {
        if (!Programs.areInstalled("unshare", "mount", "setpriv", "chroot")) {
            return Optional.of("unshare, mount, setpriv and chroot are not all here");
        }
        return "root".equals(System.getProperty("user.name"))
                ? Optional.empty()
                : Optional.of("mount namespaces with another user need root");
    }

    ContainerRoot with(String target, Path source) {
        mounts.add(new Mount(target, "mount --bind " + quoted(source.toString()) + " " + inside(target)));
        return this;
    }

    ContainerRoot withReadOnly(String target, Path source) {
        with(target, source);
        mounts.add(new Mount(target, "mount -o remount,bind,ro " + inside(target)));
        return this;
    }

    /** A directory in memory that everybody may write to. */
    ContainerRoot withEmptyDir(String target) {
        mounts.add(new Mount(target, "mount -t tmpfs -o mode=1777,noexec tmpfs " + inside(target)));
        return this;
    }

    /**
     * A command that runs in this root.
     *
     * @param command a script of the shell; words behind the result are its arguments
     */
    List<String> run(int user, int group, String command) throws IOException {
        return inNamespaces(List.of("--mount"), "", user, group, command);
    }

    /** The same on a host of its own, without a way to any other, with this address. */
    List<String> runAlone(String address, String command) throws IOException {
        String network = "ip link set lo up\nip addr add " + address + "/32 dev lo\n";
        return inNamespaces(List.of("--mount", "--net"), network, 0, 0, command);
    }

    private List<String> inNamespaces(List<String> kinds, String before, int user, int group, String command)
            throws IOException {
        String script = "set -e\n" + before + lay()
                + "exec chroot " + quoted(at.toString())
                + " setpriv --reuid=" + user + " --regid=" + group + " --clear-groups --no-new-privs"
                + " sh -c " + quoted(command) + " sh \"$@\"\n";
        List<String> words = new ArrayList<>(List.of("unshare"));
        words.addAll(kinds);
        words.addAll(List.of("--propagation=private", "sh", "-c", script, "sh"));
        return words;
    }

    /** A directory of this host with a mount below it is not there otherwise. */
    private String lay() throws IOException {
        List<String> ours = mounts.stream()
                .map(mount -> mount.target().replaceFirst("^(/[^/]+).*", "$1"))
                .distinct()
                .toList();
        List<String> lines = new ArrayList<>();
        lines.add("mount -t tmpfs -o mode=755 tmpfs " + quoted(at.toString()));
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/"))) {
            for (Path entry : entries) {
                String name = entry.toString();
                if (Files.isSymbolicLink(entry)) {
                    lines.add("cp -P " + quoted(name) + " " + inside(name));
                } else if (Files.isDirectory(entry) && !ours.contains(name)) {
                    lines.add("mkdir " + inside(name));
                    lines.add("mount --rbind " + quoted(name) + " " + inside(name));
                    if (!KERNELS.contains(name)) {
                        lines.add("mount -o remount,bind,ro " + inside(name));
                    }
                }
            }
        }
        for (Mount mount : mounts) {
            lines.add("mkdir -p " + inside(mount.target()));
            lines.add(mount.command());
        }
        lines.add("mount -o remount,ro " + quoted(at.toString()));
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private String inside(String target) {
        return quoted(at + target);
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
