package io.evenkeel.it.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Containerfile whose stages share one tree of files, as scripts of the shell that do the same without an engine.
 *
 * @param images that its stages are made from
 * @param build what happens while the image is made
 * @param start of a container, with the variables of the last stage
 */
record Containerfile(List<String> images, String build, String start) {
    private static final Pattern COPY = Pattern.compile("--chown=(\\S+) (\\S+) (\\S+)");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"");

    /**
     * Reads the instructions that docs/operate/containers.md uses.
     *
     * @throws IllegalArgumentException naming another one
     */
    static Containerfile parse(String text) {
        List<String> images = new ArrayList<>();
        List<String> build = new ArrayList<>();
        List<String> variables = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
            String[] parts = line.split(" ", 2);
            switch (parts[0]) {
                case "FROM" -> {
                    images.add(parts[1].replaceFirst(" AS .*", ""));
                    variables.clear();
                }
                case "ENV" -> {
                    variables.add("export " + parts[1]);
                    build.add("export " + parts[1]);
                }
                case "RUN" -> build.add(parts[1]);
                case "COPY" -> build.add(copy(parts[1]));
                case "ENTRYPOINT", "CMD" ->
                    WORD.matcher(parts[1]).results().forEach(word -> words.add("'" + word.group(1) + "'"));
                default -> throw new IllegalArgumentException("unknown instruction: " + line);
            }
        }
        String exports = variables.stream().map(each -> each + "\n").collect(Collectors.joining());
        return new Containerfile(
                images, String.join("\n", build) + "\n", exports + "exec " + String.join(" ", words) + "\n");
    }

    private static String copy(String arguments) {
        if (arguments.startsWith("--from=")) {
            String[] paths = arguments.split(" ", -1);
            if (!paths[1].equals(paths[2])) {
                throw new IllegalArgumentException("stages share their files, so this is not followed: " + arguments);
            }
            return "test -e " + paths[1];
        }
        Matcher copy = COPY.matcher(arguments);
        if (!copy.matches()) {
            throw new IllegalArgumentException("unknown form of COPY: " + arguments);
        }
        return "cp " + copy.group(2) + " " + copy.group(3) + " && chown -R " + copy.group(1) + " " + copy.group(3);
    }
}
