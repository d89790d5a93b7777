package io.evenkeel.protocols.lease.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
        List<String> pids = Stream.concat(Stream.of(postmaster), postmaster.descendants())
                .map(p -> String.valueOf(p.pid()))
                .toList();
        Process kill = new ProcessBuilder(
                        Stream.concat(Stream.of("kill", signal), pids.stream()).toList())
                .start();
        if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
            throw new IllegalStateException("kill " + signal + " failed");
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
