package io.evenkeel.it.node;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;

/**
 * The surroundings of a run on real nodes: a directory of its own, a PostgreSQL, the distribution, free ports. Close
 * the clusters first, then this.
 */
public final class Sandbox implements AutoCloseable {
    private static final Set<String> KEYCLOAKS_OWN_STACKS =
            Set.of("jdbc-ping", "jdbc-ping-udp", "kubernetes", "tcp", "udp", "azure", "ec2", "google");

    private final Path projectRoot;
    private final Caches caches = Caches.ofUser();
    private final Ports ports = new Ports(new SecureRandom());
    private final Progress progress;
    private final KeycloakDistribution distribution;
    private final TempDir dir;
    private final Postgres postgres;

    private final Optional<DatabaseTemplate> template;

    private Sandbox(
            Path projectRoot,
            KeycloakDistribution distribution,
            Optional<DatabaseTemplate> template,
            TempDir dir,
            Progress progress)
            throws InterruptedException {
        this.projectRoot = projectRoot;
        this.progress = progress;
        this.distribution = distribution;
        this.template = template;
        this.dir = dir;
        progress.step("Starting PostgreSQL");
        Path data = dir.path().resolve("postgres");
        this.postgres = template.isPresent()
                ? Postgres.start(data, ports.free(), caches, template.get().data())
                : Postgres.start(data, ports.free(), caches);
    }

    /**
     * Opens one.
     *
     * @param projectRoot the top of the source tree
     */
    public static Sandbox open(Path projectRoot, String keycloakVersion, Progress progress)
            throws InterruptedException {
        return open(
                projectRoot,
                KeycloakDistribution.obtain(keycloakVersion, projectRoot, Caches.ofUser(), progress),
                progress);
    }

    /** Opens one with this distribution. */
    public static Sandbox open(Path projectRoot, KeycloakDistribution distribution, Progress progress)
            throws InterruptedException {
        return open(projectRoot, distribution, Optional.empty(), progress);
    }

    /** Opens one whose {@linkplain #database databases} are copies of a {@link DatabaseTemplate}. */
    public static Sandbox openWithTables(Path projectRoot, String keycloakVersion, Progress progress)
            throws InterruptedException {
        KeycloakDistribution distribution =
                KeycloakDistribution.obtain(keycloakVersion, projectRoot, Caches.ofUser(), progress);
        DatabaseTemplate template = DatabaseTemplate.obtain(projectRoot, distribution, progress);
        return open(projectRoot, distribution, Optional.of(template), progress);
    }

    private static Sandbox open(
            Path projectRoot, KeycloakDistribution distribution, Optional<DatabaseTemplate> template, Progress progress)
            throws InterruptedException {
        TempDir dir = TempDir.create();
        boolean done = false;
        try {
            Sandbox sandbox = new Sandbox(projectRoot, distribution, template, dir, progress);
            done = true;
            return sandbox;
        } finally {
            if (!done) {
                dir.close();
            }
        }
    }

    /** The contents of a home for a stack: the pack's jar, unless the stack is one of Keycloak's own. */
    public HomeSpec specFor(String stack) {
        return KEYCLOAKS_OWN_STACKS.contains(stack) ? HomeSpec.STOCK : HomeSpec.STOCK.withProvider(productJar());
    }

    /** A cluster without nodes, in a directory of that name; its home is built now. */
    public KeycloakCluster newCluster(String name, HomeSpec spec) throws InterruptedException {
        Path clusterDir = dir.path().resolve(name);
        KeycloakHome template =
                KeycloakHome.build(distribution, spec, clusterDir.resolve("template"), javaHome(), caches, progress);
        return new KeycloakCluster(template, clusterDir, progress);
    }

    /** A new database; empty unless this was opened with tables. */
    public Database database(String name) {
        return template.isPresent()
                ? postgres.createDatabaseFrom(DatabaseTemplate.NAME, name)
                : postgres.createDatabase(name);
    }

    /** The administrator in each database of a sandbox that was opened with tables. */
    public Optional<Credentials> admin() {
        return template.map(DatabaseTemplate::admin);
    }

    public Postgres postgres() {
        return postgres;
    }

    public Ports ports() {
        return ports;
    }

    public KeycloakDistribution distribution() {
        return distribution;
    }

    public Path dir() {
        return dir.path();
    }

    /** THE jar as the build left it. */
    public Path productJar() {
        Path target = projectRoot.resolve("stacks").resolve("target");
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "evenkeel-[0-9]*.jar")) {
            for (Path jar : jars) {
                String name = jar.getFileName().toString();
                if (!name.endsWith("-sources.jar") && !name.endsWith("-tests.jar") && !name.endsWith("-javadoc.jar")) {
                    return jar;
                }
            }
        } catch (IOException e) {
            throw new RunException("There is no product jar in " + target + ": run ./mvnw package.", e);
        }
        throw new RunException("There is no product jar in " + target + ": run ./mvnw package.");
    }

    /** Stops PostgreSQL and deletes everything. */
    @Override
    public void close() {
        try (ports;
                dir) {
            postgres.close();
        }
    }

    private static Path javaHome() {
        return Path.of(System.getProperty("java.home"));
    }
}
