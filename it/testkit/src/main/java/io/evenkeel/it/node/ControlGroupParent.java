package io.evenkeel.it.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A control group of this process in which groups with a limit of processors may be made; see cgroups(7).
 *
 * @param version 1 or 2
 */
record ControlGroupParent(int version, Path dir) {
    private static final String CPU = "cpu";
    private static final int MOUNT_ROOT = 3;
    private static final int MOUNT_POINT = 4;

    /**
     * The candidates, best first: the own group of the hierarchy that controls processors in version 1, or the own
     * group of version 2 and its ancestors, of which each process sees those below its mount.
     *
     * @param mountInfo the lines of /proc/self/mountinfo
     * @param ownGroups the lines of /proc/self/cgroup
     */
    static List<ControlGroupParent> candidates(List<String> mountInfo, List<String> ownGroups) {
        List<ControlGroupParent> candidates = new ArrayList<>();
        for (String line : mountInfo) {
            int separator = line.indexOf(" - ");
            if (separator < 0) {
                continue;
            }
            List<String> mount = List.of(line.substring(0, separator).split(" ", -1));
            List<String> type = List.of(line.substring(separator + 3).split(" ", -1));
            if (type.get(0).equals("cgroup") && hasCpu(type.get(type.size() - 1))) {
                ownGroup(ownGroups, ControlGroupParent::isCpuGroup)
                        .ifPresent(own -> candidates.add(0, new ControlGroupParent(1, below(mount, own))));
            } else if (type.get(0).equals("cgroup2")) {
                ownGroup(ownGroups, fields -> fields[0].equals("0"))
                        .ifPresent(own -> candidates.addAll(upwards(mount, own)));
            }
        }
        return candidates;
    }

    private static List<ControlGroupParent> upwards(List<String> mount, String own) {
        Path top = Path.of(mount.get(MOUNT_POINT));
        List<ControlGroupParent> groups = new ArrayList<>();
        for (Path dir = below(mount, own); dir.startsWith(top); dir = dir.getParent()) {
            groups.add(new ControlGroupParent(2, dir));
        }
        return groups;
    }

    /** The directory of a group; one that is not below the mount's root is that of the mount itself. */
    private static Path below(List<String> mount, String group) {
        Path root = Path.of(mount.get(MOUNT_ROOT));
        Path own = Path.of(group);
        Path point = Path.of(mount.get(MOUNT_POINT));
        return own.startsWith(root) ? point.resolve(root.relativize(own).toString()) : point;
    }

    private interface GroupLine {
        boolean matches(String[] fields);
    }

    private static Optional<String> ownGroup(List<String> ownGroups, GroupLine wanted) {
        return ownGroups.stream()
                .map(line -> line.split(":", 3))
                .filter(fields -> fields.length == 3 && wanted.matches(fields))
                .map(fields -> fields[2])
                .findFirst();
    }

    private static boolean isCpuGroup(String[] fields) {
        return hasCpu(fields[1]);
    }

    private static boolean hasCpu(String controllers) {
        return Arrays.asList(controllers.split(",", -1)).contains(CPU);
    }
}
