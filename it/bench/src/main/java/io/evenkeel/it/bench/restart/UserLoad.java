package io.evenkeel.it.bench.restart;

import io.evenkeel.it.member.Pace;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.oidc.OidcAnswer;
import io.evenkeel.it.oidc.OidcClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Users at a steady rate, whatever became of the requests before: one in twenty logs in, the others refresh and
 * introspect by turns. A user's session is on other nodes as often as not on the one that is asked. Times count from
 * when the request ought to have started.
 */
final class UserLoad implements AutoCloseable {
    private static final int LOGIN_EVERY = 20;
    private static final int USERS_AT_WORK = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration DRAIN_BOUND = Duration.ofSeconds(40);
    private static final long JOIN_BOUND_MS = 5000;

    private final OidcClient client;
    private final TestRealm realm;
    private final List<KeycloakNode> nodes;
    private final Balancer balancer;
    private final Tokens tokens;
    private final LoginGate logins = new LoginGate();
    private final RandomGenerator random;
    private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "users");
    private final double ratePerS;
    private volatile boolean stopped;
    private volatile Optional<Exception> failure = Optional.empty();

    UserLoad(TestRealm realm, List<KeycloakNode> nodes, double ratePerS, RandomGenerator random) {
        this.realm = realm;
        this.client = OidcClient.confidential(realm.name(), TestRealm.LOAD_CLIENT, realm.clientSecret())
                .answeredWithin(PATIENCE);
        this.nodes = List.copyOf(nodes);
        this.balancer = new Balancer(nodes);
        this.tokens = new Tokens(USERS_AT_WORK, random);
        this.ratePerS = ratePerS;
        this.random = random;
        thread.setDaemon(true);
    }

    /** Logs the first users in, one after the other, and begins. */
    void start() {
        for (int i = 0; i < USERS_AT_WORK; i++) {
            KeycloakNode node = balancer.pick();
            OidcAnswer login = client.logIn(node, user());
            balancer.ended(node);
            if (!login.isOk()) {
                throw new RunException(
                        "Cannot log in on " + node.name() + " (" + login.status() + "): " + login.body());
            }
            tokens.put(login);
        }
        thread.start();
    }

    /** From now on the node gets no request; returns when it has answered its last. */
    void takeOut(KeycloakNode node) throws InterruptedException {
        balancer.takeOut(node, DRAIN_BOUND);
    }

    void putIn(KeycloakNode node) {
        balancer.putIn(node);
    }

    /** While it is shut there is no login, so that sessions can be counted; the load refreshes instead. */
    LoginGate logins() {
        return logins;
    }

    /** The attempts that have ended so far. */
    List<Sample> samples() {
        failure.ifPresent(e -> {
            throw new RunException("The load has ended early: " + e, e);
        });
        return List.copyOf(samples);
    }

    /** Throws if a request has failed so far. */
    void requireNoFailure() {
        samples().stream().filter(Sample::failed).findFirst().ifPresent(sample -> {
            throw new RunException("The load does not work on " + sample.node() + ": " + sample.failure());
        });
    }

    private void run() {
        try {
            Pace.run(ratePerS, started -> !stopped, this::request);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            failure = Optional.of(e);
        }
    }

    private void request(long intendedNs) {
        KeycloakNode node = balancer.pick();
        int turn = random.nextInt(LOGIN_EVERY);
        if (turn == 0 && logins.enter()) {
            CompletableFuture<OidcAnswer> answer = client.logInLater(node, user());
            answer.whenComplete((a, e) -> logins.leave(e == null && a.isOk()));
            record(intendedNs, node, "login", keep(answer), OidcAnswer::isOk);
        } else if (turn % 2 == 0) {
            record(
                    intendedNs,
                    node,
                    "refresh",
                    keep(client.refreshLater(node, tokens.any().refreshToken())),
                    OidcAnswer::isOk);
        } else {
            record(
                    intendedNs,
                    node,
                    "introspection",
                    client.introspectLater(node, tokens.any().accessToken()),
                    OidcAnswer::active);
        }
    }

    private CompletableFuture<OidcAnswer> keep(CompletableFuture<OidcAnswer> answer) {
        return answer.whenComplete((a, e) -> {
            if (e == null && a.isOk()) {
                tokens.put(a);
            }
        });
    }

    private void record(
            long intendedNs,
            KeycloakNode node,
            String kind,
            CompletableFuture<OidcAnswer> answer,
            Predicate<OidcAnswer> good) {
        answer.whenComplete((a, e) -> {
            long latencyNs = System.nanoTime() - intendedNs;
            String reason = e != null ? kind + ": " + e : good.test(a) ? null : describe(kind, a);
            samples.add(new Sample(intendedNs, latencyNs, node.name(), reason));
            // Last: a thread that waits for the node's last answer reads the samples next.
            balancer.ended(node);
        });
    }

    private static String describe(String kind, OidcAnswer answer) {
        return kind + ": " + answer.status() + " "
                + answer.body().lines().findFirst().orElse("");
    }

    private Credentials user() {
        return realm.user(random.nextInt(TestRealm.USERS));
    }

    /** Starts no more requests and waits for the answers to those under way: one that hangs must not go uncounted. */
    void stop() throws InterruptedException {
        stopped = true;
        thread.join(JOIN_BOUND_MS);
        for (KeycloakNode node : nodes) {
            takeOut(node);
        }
    }

    @Override
    public void close() {
        stopped = true;
        thread.interrupt();
    }
}
