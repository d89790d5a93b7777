package io.evenkeel.protocols.lease.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** A real PostgreSQL that can be stopped, frozen and started again on the same port and data. */
public final class Postgres implements AutoCloseable {
    private final Path directory;
    private final int port;
    private EmbeddedPostgres server;

    /** @param directory empty, for the data */
    public Postgres(Path directory) {
        this.directory = directory;
        server = launch(0);
        port = server.getPort();
    }

    private EmbeddedPostgres launch(int onPort) {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("wal_level", "logical")
                    .setPort(onPort)
                    .setDataDirectory(directory)
                    .setCleanDataDirectory(false)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public DataSource dataSource() {
        return server.getPostgresDatabase();
    }

    /** Another database of the same server. */
    public DataSource dataSource(String name) {
        return server.getDatabase("postgres", name);
    }

    public int port() {
        return port;
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    public void stop() throws IOException {
        server.close();
    }

    public void restart() {
        server = launch(port);
    }

    /** Stops every process of the server in its tracks. */
    public void freeze() throws Exception {
        signal("-STOP");
    }

    public void thaw() throws Exception {
        signal("-CONT");
    }

    private void signal(String signal) throws Exception {
        long pid = Long.parseLong(
                Files.readAllLines(directory.resolve("postmaster.pid")).get(0).trim());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        // Stopped first, it starts no more children.
        if (!kill(signal, postmaster)) {
            throw new IllegalStateException("kill " + signal + " " + pid + " failed");
        }
        // One may end between the look and the signal.
        postmaster.descendants().forEach(child -> kill(signal, child));
    }

    private static boolean kill(String signal, ProcessHandle process) {
        String pid = String.valueOf(process.pid());
        try {
            Process kill = new ProcessBuilder("kill", signal, pid).start();
            return kill.waitFor(120, TimeUnit.SECONDS) && kill.exitValue() == 0;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("kill " + signal + " " + pid, e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
