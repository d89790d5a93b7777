package io.evenkeel.stacks.cli.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Options of Keycloak as a node would get them: from the command line, then the environment, then
 * {@code conf/keycloak.conf} or the file of {@code --config-file}, then what {@code kc.sh build} kept.
 */
public final class KeycloakSettings {
    private static final Pattern OPTION = Pattern.compile("--([a-z][a-z0-9-]*)(?:=(.*))?", Pattern.DOTALL);

    /** {@code ${NAME}} or {@code ${NAME:default}} of the environment, as Keycloak has them in its file. */
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([A-Za-z0-9_.-]+)(?::([^}]*))?}");

    /** Options of kc.sh start that have no value. */
    private static final List<String> FLAGS = List.of("optimized", "verbose");

    private static final String CONFIG_FILE = "config-file";

    private static final String KEPT = "META-INF/keycloak-persisted.properties";

    private final Map<String, String> arguments;
    private final Map<String, String> environment;
    private final Map<String, String> file;
    private final Map<String, String> kept;

    private KeycloakSettings(
            Map<String, String> arguments,
            Map<String, String> environment,
            Map<String, String> file,
            Map<String, String> kept) {
        this.arguments = arguments;
        this.environment = environment;
        this.file = file;
        this.kept = kept;
    }

    /**
     * Reads them.
     *
     * @param arguments options of {@code kc.sh start}, as they are given to it
     * @param home Keycloak's directory; empty if there is none on this host
     * @throws IllegalArgumentException naming an argument that is no option, or a file that cannot be read
     */
    public static KeycloakSettings read(List<String> arguments, Map<String, String> environment, Optional<Path> home)
            throws IOException {
        Map<String, String> options = parse(arguments);
        Map<String, String> file = new HashMap<>();
        Map<String, String> kept = new HashMap<>();
        Optional<Path> conf = namedFile(options, environment)
                .or(() -> home.map(directory -> directory.resolve("conf").resolve("keycloak.conf"))
                        .filter(Files::isReadable));
        if (conf.isPresent()) {
            try (Reader reader = Files.newBufferedReader(conf.get(), StandardCharsets.UTF_8)) {
                properties(reader).forEach((name, value) -> file.put(name, expand(value, environment)));
            }
        }
        if (home.isPresent()) {
            kept = kept(home.get().resolve("lib").resolve("quarkus").resolve("generated-bytecode.jar"));
        }
        return new KeycloakSettings(options, Map.copyOf(environment), file, kept);
    }

    /** The file that stands for {@code conf/keycloak.conf}, by Keycloak's option or its variable. */
    private static Optional<Path> namedFile(Map<String, String> options, Map<String, String> environment) {
        Optional<Path> named = Optional.ofNullable(options.get(CONFIG_FILE))
                .or(() -> Optional.ofNullable(environment.get(variable(CONFIG_FILE))))
                .filter(text -> !text.isBlank())
                .map(text -> Path.of(text.strip()));
        named.filter(file -> !Files.isRegularFile(file) || !Files.isReadable(file))
                .ifPresent(file -> {
                    throw new IllegalArgumentException("--" + CONFIG_FILE + "=" + file + " (or " + variable(CONFIG_FILE)
                            + ") must be a file that can be read");
                });
        return named;
    }

    private static Map<String, String> parse(List<String> arguments) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            Matcher option = OPTION.matcher(arguments.get(i));
            if (!option.matches()) {
                // Its text may be a secret that slipped off its option.
                throw new IllegalArgumentException("argument " + (i + 1) + " of Keycloak's is not an option");
            }
            String name = option.group(1);
            boolean hasNext = i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--");
            if (option.group(2) != null) {
                options.put(name, option.group(2));
            } else if (hasNext) {
                options.put(name, arguments.get(++i));
            } else if (!FLAGS.contains(name)) {
                throw new IllegalArgumentException(
                        "--" + name + " is neither an option of this command nor one of Keycloak's with a value");
            }
        }
        return options;
    }

    private static Map<String, String> properties(Reader reader) throws IOException {
        Properties properties = new Properties();
        properties.load(reader);
        Map<String, String> found = new HashMap<>();
        properties.forEach((name, value) -> found.put((String) name, ((String) value).strip()));
        return found;
    }

    private static Map<String, String> kept(Path jar) throws IOException {
        Map<String, String> found = new HashMap<>();
        if (!Files.isReadable(jar)) {
            return found;
        }
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.getEntry(KEPT);
            if (entry != null) {
                try (InputStream in = zip.getInputStream(entry)) {
                    Properties properties = new Properties();
                    properties.load(in);
                    properties.forEach(
                            (name, value) -> found.put(((String) name).replaceFirst("^kc\\.", ""), (String) value));
                }
            }
        }
        return found;
    }

    private static String expand(String value, Map<String, String> environment) {
        return EXPRESSION
                .matcher(value)
                .replaceAll(found -> Matcher.quoteReplacement(Optional.ofNullable(environment.get(found.group(1)))
                        .or(() -> Optional.ofNullable(found.group(2)))
                        .orElse(found.group())));
    }

    /** The value of an option, by its name without the dashes in front. */
    public Optional<String> get(String option) {
        return Optional.ofNullable(arguments.get(option))
                .or(() -> Optional.ofNullable(environment.get(variable(option))))
                .or(() -> Optional.ofNullable(file.get(option)))
                .or(() -> Optional.ofNullable(kept.get(option)))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    /**
     * A flag.
     *
     * @throws IllegalArgumentException naming the option and its value if it is neither true nor false
     */
    public boolean flag(String option, boolean otherwise) {
        String value = get(option).orElse(Boolean.toString(otherwise));
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("--" + option + "=" + value + " must be true or false");
        };
    }

    /** The variable of the environment in which Keycloak looks for an option. */
    static String variable(String option) {
        return "KC_" + option.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }
}
