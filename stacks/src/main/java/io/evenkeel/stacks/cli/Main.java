package io.evenkeel.stacks.cli;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code java -jar evenkeel-<version>.jar}. The jar brings none of its libraries, since Keycloak has them all: this
 * class, which needs the JDK only, finds Keycloak and runs the commands with Keycloak's own jars, JDBC drivers
 * included.
 */
public final class Main {
    static final String HOME_OPTION = "--kc-home";

    private static final String COMMANDS = "io.evenkeel.stacks.cli.EvenkeelCommand";
    private static final int UNKNOWN = 3;

    private Main() {}

    /** Runs a command, see {@code --help}. */
    public static void main(String[] args) throws Exception {
        // JGroups would look for a logging library and find Keycloak's, which is not set up here.
        System.setProperty("jgroups.use.jdk_logger", "true");
        Path self = self();
        Optional<Path> home = home(args, System.getenv("KC_HOME"), self);
        if (home.isEmpty()) {
            System.err.println(
                    "evenkeel: needs the libraries of Keycloak and does not find it: put this jar into Keycloak's"
                            + " providers directory, or give " + HOME_OPTION + "=DIR or KC_HOME");
            System.exit(UNKNOWN);
            return;
        }
        try (URLClassLoader loader =
                new URLClassLoader(classPath(self, home.get()), ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            System.exit(run(loader, args, home.get()));
        }
    }

    private static int run(ClassLoader loader, String[] args, Path home) throws ReflectiveOperationException {
        try {
            return (int) loader.loadClass(COMMANDS)
                    .getMethod("run", String[].class, Path.class)
                    .invoke(null, args, home);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("a command must report its failures", e.getCause());
        }
    }

    private static Path self() throws URISyntaxException {
        return Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    /** Keycloak's directory: as it is named, else that in whose {@code providers} this jar lies. */
    static Optional<Path> home(String[] args, @Nullable String variable, Path jar) {
        for (int i = 0; i < args.length; i++) {
            if (args[i].startsWith(HOME_OPTION + "=")) {
                return existing(Path.of(args[i].substring(HOME_OPTION.length() + 1)));
            }
            if (args[i].equals(HOME_OPTION) && i + 1 < args.length) {
                return existing(Path.of(args[i + 1]));
            }
        }
        if (variable != null && !variable.isBlank()) {
            return existing(Path.of(variable));
        }
        Path providers = jar.toAbsolutePath().getParent();
        return existing(providers == null ? null : providers.getParent());
    }

    private static Optional<Path> existing(@Nullable Path home) {
        return Optional.ofNullable(home).filter(dir -> Files.isDirectory(libraries(dir)));
    }

    private static Path libraries(Path home) {
        return home.resolve("lib").resolve("lib");
    }

    /** This jar first, as in Keycloak itself. */
    private static URL[] classPath(Path self, Path home) throws IOException {
        List<Path> jars = new ArrayList<>(List.of(self));
        for (String directory : List.of("main", "boot")) {
            jars.addAll(jars(libraries(home).resolve(directory)));
        }
        // JDBC drivers that Keycloak does not bring.
        jars.addAll(jars(home.resolve("providers")));
        URL[] urls = new URL[jars.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = url(jars.get(i));
        }
        return urls;
    }

    private static List<Path> jars(Path directory) throws IOException {
        List<Path> jars = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.jar")) {
                found.forEach(jars::add);
            }
        }
        return jars;
    }

    private static URL url(Path path) throws MalformedURLException {
        return path.toUri().toURL();
    }
}
