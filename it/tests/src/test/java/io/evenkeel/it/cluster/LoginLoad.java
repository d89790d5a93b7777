package io.evenkeel.it.cluster;

import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.oidc.OidcAnswer;
import io.evenkeel.it.oidc.OidcClient;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A user who logs in on one node and refreshes on the next, several times a second, until this is closed. */
final class LoginLoad implements AutoCloseable {
    /** Without it the load is all that a slow machine does. */
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final OidcClient users = OidcClient.ofAdministrators();
    private final List<KeycloakNode> nodes;
    private final Credentials user;
    private final AtomicInteger requests = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Thread thread = new Thread(this::run, "login-load");
    private volatile boolean closed;

    LoginLoad(List<KeycloakNode> nodes, Credentials user) {
        this.nodes = List.copyOf(nodes);
        this.user = user;
        thread.start();
    }

    int requests() {
        return requests.get();
    }

    /** Requests that were answered by anything but 200, or not at all. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    private void run() {
        for (int turn = 0; !closed; turn++) {
            KeycloakNode one = nodes.get(turn % nodes.size());
            KeycloakNode other = nodes.get((turn + 1) % nodes.size());
            try {
                OidcAnswer login = count(one, users.logIn(one, user));
                count(other, users.refresh(other, login.refreshToken()));
            } catch (RuntimeException e) {
                failures.add(one.name() + ": " + e);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private OidcAnswer count(KeycloakNode node, OidcAnswer answer) {
        requests.incrementAndGet();
        if (!answer.isOk()) {
            failures.add(node.name() + ": " + answer.status() + " " + answer.body());
        }
        return answer;
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
