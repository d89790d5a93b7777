package io.evenkeel.it.node;

import java.util.List;

/** Commands of iproute2, their words divided by blanks; see {@link Shell}. */
final class Ip {
    private Ip() {}

    /** Runs ip on this host. */
    static void run(String words) {
        command("ip " + words);
    }

    /** Runs ip in a namespace. */
    static void in(String namespace, String words) {
        command("ip -n " + namespace + " " + words);
    }

    /** Runs any command; no word may have a blank in it. */
    static void command(String words) {
        Shell.run(words.split(" ", -1));
    }

    /** The prefix of a command that is to run in a namespace. */
    static List<String> inside(String namespace) {
        return List.of("ip", "netns", "exec", namespace);
    }

    /**
     * Deletes those that are there.
     *
     * @param link a cable's end on this host, first: the kernel takes it away with the namespace too, but some time
     *     later
     */
    static void delete(String link, List<String> namespaces) {
        if (Shell.run("ip", "-br", "link").lines().anyMatch(line -> line.startsWith(link + "@"))) {
            run("link del " + link);
        }
        delete(namespaces);
    }

    /** Deletes those that are there. */
    static void delete(List<String> namespaces) {
        List<String> present = Shell.run("ip", "netns", "list")
                .lines()
                .map(line -> line.replaceFirst(" .*", ""))
                .toList();
        namespaces.stream().filter(present::contains).forEach(namespace -> run("netns del " + namespace));
    }
}
