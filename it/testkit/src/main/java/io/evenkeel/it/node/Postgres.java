package io.evenkeel.it.node;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * An embedded PostgreSQL on 127.0.0.1 with generated passwords (SCRAM for every user). It is no child of this process
 * and is in a process group of its own: Ctrl-C does not reach it.
 */
public final class Postgres implements AutoCloseable {
    private static final String SUPERUSER = "postgres";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,40}");
    private static final Duration START_BOUND = Duration.ofMinutes(5);
    private static final Duration KILL_BOUND = Duration.ofSeconds(10);
    private static final long NEEDED_MIB = 300;

    private final Path dir;
    private final Path binaries;
    private final int port;
    private final boolean trusting;
    private final String superPassword = Passwords.generate();
    private CompletableFuture<EmbeddedPostgres> server =
            CompletableFuture.failedFuture(new IllegalStateException("not started"));

    private Postgres(Path dir, Path binaries, int port, boolean trusting) {
        this.dir = dir;
        this.binaries = binaries;
        this.port = port;
        this.trusting = trusting;
    }

    /**
     * Starts a new, empty server.
     *
     * @param dir for its data and its log; created
     * @param port on 127.0.0.1, free
     */
    public static Postgres start(Path dir, int port, Caches caches) throws InterruptedException {
        Caches.requireSpace(dir.getParent(), NEEDED_MIB);
        return start(new Postgres(dir, caches.postgresBinaries(), port, false));
    }

    /** Starts a server on a copy of the data of another one that {@link #copyDataTo} made. */
    static Postgres start(Path dir, int port, Caches caches, Path data) throws InterruptedException {
        Caches.requireSpace(dir.getParent(), NEEDED_MIB);
        Postgres postgres = new Postgres(dir, caches.postgresBinaries(), port, false);
        try {
            copyData(data, postgres.data());
        } catch (IOException e) {
            throw new RunException("Cannot copy " + data + " to " + dir + ": " + e.getMessage(), e);
        }
        return start(postgres);
    }

    /**
     * Starts a new, empty server that trusts all on loopback, and that other databases can subscribe to.
     *
     * @param dir for its data and its log
     */
    public static Postgres trusting(Path dir) throws InterruptedException {
        try (Ports ports = new Ports(new SecureRandom())) {
            return start(new Postgres(dir, Caches.ofUser().postgresBinaries(), ports.free(), true));
        }
    }

    private static Postgres start(Postgres postgres) throws InterruptedException {
        Path dir = postgres.dir;
        boolean done = false;
        try {
            Files.createDirectories(dir);
            Files.createDirectories(postgres.binaries);
            postgres.start();
            if (!postgres.trusting) {
                postgres.closeToStrangers();
            }
            done = true;
            return postgres;
        } catch (IOException e) {
            throw new RunException("Cannot start PostgreSQL in " + dir + ": " + e.getMessage(), e);
        } finally {
            if (!done) {
                postgres.close();
            }
        }
    }

    /** Starts the server again on the same data and port, after {@link #stop}. */
    public void start() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        // On a thread of its own: an interrupt in the middle would lose the handle of a server that is already running.
        server = CompletableFuture.supplyAsync(this::launch);
        try {
            server.get();
        } catch (ExecutionException e) {
            List<String> log = new NodeLog(logFile()).lines();
            String last = log.isEmpty() ? "" : " (" + log.get(log.size() - 1) + ")";
            throw new RunException("PostgreSQL did not start: " + e.getCause().getMessage() + last, e);
        }
    }

    /** Stops the server, orderly; the data stays. */
    public void stop() {
        // Not on this thread: it may be interrupted already, and pg_ctl is waited for.
        server.handleAsync((embedded, failure) -> {
                    closeQuietly(embedded);
                    return null;
                })
                .join();
    }

    /** Copies the data of the server, which is stopped; a server that starts on it trusts its superuser at first. */
    void copyDataTo(Path target) throws IOException {
        copyData(data(), target);
        Files.writeString(target.resolve("pg_hba.conf"), "host all " + SUPERUSER + " 127.0.0.1/32 trust\n");
    }

    private static void copyData(Path from, Path to) throws IOException {
        Trees.copy(from, to);
        // PostgreSQL does not start where others may read.
        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwx------"));
    }

    /** Creates a database and a user of the same name that owns it. */
    public Database createDatabase(String name) {
        return createDatabase(name, "");
    }

    /** The same with all that is in a template, whose tables belong to a role of the template's name. */
    Database createDatabaseFrom(String template, String name) {
        Database copy = createDatabase(name, " TEMPLATE " + template);
        execute(name, "REASSIGN OWNED BY " + template + " TO " + name);
        return copy;
    }

    private Database createDatabase(String name, String more) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("database name " + name + " must match " + NAME);
        }
        Credentials owner = Credentials.generate(name);
        execute(
                SUPERUSER,
                "CREATE ROLE " + name + " LOGIN PASSWORD '" + owner.password() + "'",
                "CREATE DATABASE " + name + " OWNER " + name + more);
        return new Database(jdbcUrl(name), owner);
    }

    /** Copies a database as it is; its clients lose their connections, and get new ones once this has returned. */
    public Database copyDatabase(Database original, String from, String to) {
        execute(
                SUPERUSER,
                "ALTER DATABASE " + from + " ALLOW_CONNECTIONS false",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + from + "'");
        try {
            execute(
                    SUPERUSER,
                    "CREATE DATABASE " + to + " TEMPLATE " + from + " OWNER "
                            + original.owner().user());
        } finally {
            execute(SUPERUSER, "ALTER DATABASE " + from + " ALLOW_CONNECTIONS true");
        }
        return new Database(jdbcUrl(to), original.owner());
    }

    public int port() {
        return port;
    }

    /** A connection as the superuser, to look into a database from outside. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), SUPERUSER, superPassword);
    }

    /** The process id of the postmaster. */
    public long pid() {
        try {
            return Long.parseLong(Files.readAllLines(pidFile()).get(0).trim());
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL is not running", e);
        }
    }

    /** Stops the server, whatever state it is in; its files are for the owner of the directory to delete. */
    @Override
    public void close() {
        stop();
        if (Files.exists(pidFile())) {
            ProcessHandle.of(pid()).ifPresent(postmaster -> {
                List<ProcessHandle> backends = postmaster.descendants().toList();
                postmaster.destroyForcibly();
                backends.forEach(ProcessHandle::destroyForcibly);
                Waits.untilEvenIfInterrupted(() -> !postmaster.isAlive(), KILL_BOUND);
            });
        }
    }

    private static void closeQuietly(EmbeddedPostgres embedded) {
        if (embedded == null) {
            return;
        }
        try {
            embedded.close();
        } catch (IOException | RuntimeException e) {
            System.err.println("PostgreSQL does not stop by itself and is killed: " + e.getMessage());
        }
    }

    private EmbeddedPostgres.Builder builder() {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
        return trusting
                ? builder.setServerConfig("wal_level", "logical")
                : builder.setConnectConfig("password", superPassword);
    }

    private EmbeddedPostgres launch() {
        File log = logFile().toFile();
        try {
            return builder()
                    .setPort(port)
                    .setPGStartupWait(START_BOUND)
                    .setDataDirectory(data())
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setOverrideWorkingDirectory(binaries.toFile())
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("unix_socket_directories", "")
                    .setServerConfig("password_encryption", "scram-sha-256")
                    .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log))
                    .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The embedded server trusts everybody on loopback at first. */
    private void closeToStrangers() throws IOException {
        execute(SUPERUSER, "ALTER ROLE " + SUPERUSER + " PASSWORD '" + superPassword + "'");
        Files.writeString(data().resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
        execute(SUPERUSER, "SELECT pg_reload_conf()");
    }

    /** Runs statements in one of the databases, as the superuser. */
    void execute(String database, String... statements) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new RunException("PostgreSQL refused a statement of the set-up: " + e.getSQLState(), e);
        }
    }

    /** As the superuser. */
    public DataSource dataSource() {
        return dataSource(SUPERUSER);
    }

    /** Another database of the same server, as the superuser. */
    public DataSource dataSource(String database) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl(database));
        source.setUser(SUPERUSER);
        source.setPassword(superPassword);
        return source;
    }

    /** The URL of the superuser's own database. */
    public String url() {
        return jdbcUrl(SUPERUSER);
    }

    private String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private Path data() {
        return dir.resolve("data");
    }

    private Path logFile() {
        return dir.resolve("postgres.log");
    }

    private Path pidFile() {
        return data().resolve("postmaster.pid");
    }
}
