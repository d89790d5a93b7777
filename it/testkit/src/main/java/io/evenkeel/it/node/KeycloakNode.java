package io.evenkeel.it.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One Keycloak node in its own home: started, watched, stopped, killed, and started again as often as wanted. One
 * thread uses it.
 */
public final class KeycloakNode implements AutoCloseable {
    /** More than a node may wait for the copies of its state (leave-guard), and then needs to stop. */
    private static final Duration STOP_BOUND = Duration.ofMinutes(5);
    /** Quarkus delays SIGTERM until it has started; a node that never was ready has nothing to hand over. */
    private static final Duration STOP_BOUND_WHILE_STARTING = Duration.ofSeconds(2);

    /** Keycloak logs a line for each question that it answers with 503. */
    public static final long READY_PAUSE_MS = 500;

    private static final Duration HTTP_BOUND = Duration.ofSeconds(5);
    /** The first answer of a node that is short of processor time takes its time. */
    private static final Duration METRICS_BOUND = Duration.ofMinutes(2);

    private final KeycloakHome home;
    private final NodeLog log;
    private final Http http = new Http(HTTP_BOUND);
    private final Http patientHttp = new Http(METRICS_BOUND);
    private NodeConfig config;
    private Optional<ChildProcess> process = Optional.empty();
    private boolean wasReady;
    private long stopRequestedNs;

    public KeycloakNode(NodeConfig config, KeycloakHome home) {
        this.config = config;
        this.home = home;
        this.log = new NodeLog(home.dir().resolve("node.log"));
    }

    /** Starts the process and returns at once. The log's mark is set, so that it speaks of this start only. */
    public void start() {
        if (isAlive()) {
            throw new IllegalStateException(name() + " is running");
        }
        log.mark();
        wasReady = false;
        KcCommand command = KcCommand.of(home, "start", config.startOptions());
        process = Optional.of(
                command.start(config.jdkHome(), config.startEnvironment(), config.jvmOptions(), log.file()));
    }

    /**
     * Waits until /health/ready says 200.
     *
     * @throws RunException if the process ends or the bound is over first; the details are the lines of the log that
     *     say why
     */
    public void awaitReady(Duration bound) throws InterruptedException {
        boolean ready = Waits.until(() -> !isAlive() || isReady(), bound, READY_PAUSE_MS);
        failIfDead();
        if (!ready) {
            throw new RunException(
                    name() + " was not ready within " + bound.toSeconds() + " s.", StartFailure.reason(log.lines()));
        }
    }

    /** Throws a {@link RunException} with the reason from the log if the process has ended by itself. */
    public void failIfDead() throws InterruptedException {
        if (isAlive()) {
            return;
        }
        Optional<Integer> status = process.isPresent() ? process.get().waitFor(Duration.ZERO) : Optional.empty();
        List<String> reason = StartFailure.reason(log.lines());
        String message = name() + " ended while it was starting (" + describe(status) + ")";
        throw reason.size() == 1
                ? new RunException(message + ": " + reason.get(0))
                : new RunException(message + ".", reason);
    }

    public boolean isAlive() {
        return process.map(ChildProcess::isAlive).orElse(false);
    }

    public boolean isReady() {
        boolean ready = status("/health/ready").orElse(0) == 200;
        wasReady |= ready;
        return ready;
    }

    /** The status of a GET on the management port; empty if there is no answer. */
    public OptionalInt status(String path) {
        return http.get(managementUrl(path))
                .map(r -> OptionalInt.of(r.status()))
                .orElse(OptionalInt.empty());
    }

    /** The answer of /health/ready; empty if there is no answer that can be read. */
    public Optional<Readiness> readiness() {
        return http.get(managementUrl("/health/ready")).flatMap(answer -> {
            try {
                return Optional.of(Readiness.of(answer.status(), answer.body()));
            } catch (JsonProcessingException e) {
                return Optional.empty();
            }
        });
    }

    /** The body of /metrics; empty if there is no answer. */
    public String metrics() {
        return patientHttp.get(managementUrl("/metrics")).map(Http.Answer::body).orElse("");
    }

    /**
     * SIGTERM, then SIGKILL when it takes longer than 5 min, or 2 s if the node was never ready.
     *
     * @return whether it stopped gracefully
     */
    public boolean stop() {
        requestStop();
        return finishStop();
    }

    /** Sends SIGTERM and does not wait, so that several nodes can stop together; {@link #finishStop} waits. */
    public void requestStop() {
        stopRequestedNs = System.nanoTime();
        process.ifPresent(ChildProcess::requestStop);
    }

    /** Waits for the end of a requested stop; its time counts from the request. */
    public boolean finishStop() {
        Duration bound = wasReady ? STOP_BOUND : STOP_BOUND_WHILE_STARTING;
        Duration left = bound.minusNanos(System.nanoTime() - stopRequestedNs);
        return process.map(p -> p.finishStop(left.isNegative() ? Duration.ZERO : left))
                .orElse(true);
    }

    /** SIGKILL. */
    public void kill() {
        process.ifPresent(ChildProcess::kill);
    }

    @Override
    public void close() {
        stop();
    }

    /** The process id of the node's JVM, for signals; empty if it is not running. */
    public Optional<Long> javaPid() {
        return process.filter(ChildProcess::isAlive).flatMap(ChildProcess::javaPid);
    }

    public Optional<ClusterView> view() {
        return ClusterLog.lastView(log.lines());
    }

    public NodeLog log() {
        return log;
    }

    public KeycloakHome home() {
        return home;
    }

    public String name() {
        return config.name();
    }

    public NodeConfig config() {
        return config;
    }

    /** Takes effect with the next start. */
    public void configure(NodeConfig newConfig) {
        config = newConfig;
    }

    public URI url(String path) {
        return URI.create("http://127.0.0.1:" + config.ports().http() + path);
    }

    public URI managementUrl(String path) {
        return URI.create("http://127.0.0.1:" + config.ports().management() + path);
    }

    static String describe(Optional<Integer> exitStatus) {
        return exitStatus
                .map(s -> s == 137 ? "killed, perhaps by the system because memory ran out" : "exit status " + s)
                .orElse("not started");
    }
}
