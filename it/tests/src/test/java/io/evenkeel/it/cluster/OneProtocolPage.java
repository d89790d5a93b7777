package io.evenkeel.it.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The configuration files that {@code docs/operate/one-protocol-at-a-time.md} shows, taken out of the page word by
 * word.
 */
final class OneProtocolPage {
    private static final Pattern FILE = Pattern.compile("`conf/(\\S+\\.xml)`\\R```xml\\R(.*?)```", Pattern.DOTALL);

    private OneProtocolPage() {}

    /** Writes them into the directory; the result is their names with their paths. */
    static Map<String, Path> writeFilesInto(Path directory) throws IOException {
        Path page = Path.of(System.getProperty("evenkeel.root"), "docs", "operate", "one-protocol-at-a-time.md");
        Map<String, Path> files = new TreeMap<>();
        Matcher matcher = FILE.matcher(Files.readString(page));
        while (matcher.find()) {
            files.put(matcher.group(1), Files.writeString(directory.resolve(matcher.group(1)), matcher.group(2)));
        }
        return files;
    }
}
