package io.evenkeel.it.node;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * The data of a PostgreSQL in which one database has Keycloak's tables, its first realm and an administrator. A start
 * on an empty database takes more than twice the processor time of one on a copy of this.
 *
 * @param data the directory of the data, for copies only
 * @param admin the administrator; the name is found nowhere else by chance, so that it marks what carries it
 */
public record DatabaseTemplate(Path data, Credentials admin) {
    /** Of the database, and of the role that owns its tables. */
    static final String NAME = "keycloak_template";

    private static final Duration START_BOUND = Duration.ofMinutes(10);
    /** Above all numbers of homes. */
    private static final long LOCK = 1L << 33;

    /**
     * Takes it from the cache, or starts a node on Keycloak's own stack and puts its data into the cache, complete or
     * not at all.
     */
    static DatabaseTemplate obtain(Path projectRoot, KeycloakDistribution distribution, Progress progress)
            throws InterruptedException {
        Caches caches = Caches.ofUser();
        Path dir = caches.database(distribution.version());
        // Of processes that need it at the same time, one makes it.
        try (FileLock lock = ProcessLocks.in(caches).lock(LOCK)) {
            assert lock.isValid();
            if (!Files.isDirectory(dir)) {
                progress.step("Starting a node that makes Keycloak's tables (once for Keycloak "
                        + distribution.version() + ")");
                make(projectRoot, distribution, dir, progress);
            }
            List<String> admin = Files.readAllLines(adminFile(dir));
            return new DatabaseTemplate(data(dir), new Credentials(admin.get(0), admin.get(1)));
        } catch (IOException e) {
            throw new RunException("Cannot make " + dir + ": " + e.getMessage(), e);
        }
    }

    private static void make(Path projectRoot, KeycloakDistribution distribution, Path dir, Progress progress)
            throws IOException, InterruptedException {
        Credentials admin = Credentials.generate("admin-" + UUID.randomUUID());
        Path work = Files.createTempDirectory(dir.getParent(), ".database-");
        try (Sandbox sandbox = Sandbox.open(projectRoot, distribution, progress)) {
            Postgres postgres = sandbox.postgres();
            fill(sandbox, postgres.createDatabase(NAME), admin);
            postgres.stop();
            postgres.copyDataTo(data(work));
            Files.createFile(
                    adminFile(work),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(adminFile(work), List.of(admin.user(), admin.password()));
            Files.move(work, dir, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Trees.delete(work);
        }
    }

    private static void fill(Sandbox sandbox, Database database, Credentials admin) throws InterruptedException {
        try (KeycloakCluster cluster = sandbox.newCluster("template", HomeSpec.STOCK)) {
            // Without a certificate of the cluster, which each cluster is to make itself.
            KeycloakNode node = cluster.add(
                    NodeConfig.of("first", "jdbc-ping", sandbox.ports().freeForNode(), database, admin)
                            .withOption("--cache-embedded-mtls-enabled=false")
                            .withShortRun());
            node.start();
            node.awaitReady(START_BOUND);
        }
        sandbox.postgres()
                .execute(
                        NAME,
                        "DELETE FROM jgroups_ping",
                        // Else the owner of the first copy would get it, too.
                        "ALTER DATABASE " + NAME + " OWNER TO CURRENT_USER");
    }

    private static Path data(Path dir) {
        return dir.resolve("data");
    }

    private static Path adminFile(Path dir) {
        return dir.resolve("admin");
    }
}
