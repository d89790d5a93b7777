package io.evenkeel.it.bench.restart.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/** Creates sessions as a login does, without the HTTP and the password: many in one transaction, on a few threads. */
final class SessionFiller {
    private static final int BATCH = 250;
    private static final int THREADS = 2;

    private final KeycloakSessionFactory factory;
    private final String realmId;
    private final String clientId;
    private final int users;

    SessionFiller(KeycloakSessionFactory factory, RealmModel realm, String clientId, int users) {
        this.factory = factory;
        this.realmId = realm.getId();
        this.clientId = clientId;
        this.users = users;
    }

    /** Returns when all have been created; throws if one could not be. */
    void fill(int count) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                runs.add(threads.submit(() -> fillBatches(next, count)));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot create sessions", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private void fillBatches(AtomicInteger next, int count) {
        for (int from = next.getAndAdd(BATCH); from < count; from = next.getAndAdd(BATCH)) {
            int first = from;
            int end = Math.min(from + BATCH, count);
            KeycloakModelUtils.runJobInTransaction(factory, session -> fillBatch(session, first, end));
        }
    }

    private void fillBatch(KeycloakSession session, int first, int end) {
        RealmModel realm = session.realms().getRealm(realmId);
        session.getContext().setRealm(realm);
        ClientModel client = realm.getClientByClientId(clientId);
        for (int i = first; i < end; i++) {
            create(session, realm, client, "user-" + i % users);
        }
    }

    private static void create(KeycloakSession session, RealmModel realm, ClientModel client, String userName) {
        UserModel user = session.users().getUserByUsername(realm, userName);
        // Without an id, so that Keycloak makes one that this node owns, as it does when users log in.
        UserSessionModel userSession = session.sessions()
                .createUserSession(
                        null,
                        realm,
                        user,
                        userName,
                        "192.0.2.1",
                        "openid-connect",
                        false,
                        null,
                        null,
                        UserSessionModel.SessionPersistenceState.PERSISTENT);
        userSession.setState(UserSessionModel.State.LOGGED_IN);
        AuthenticatedClientSessionModel clientSession =
                session.sessions().createClientSession(realm, client, userSession);
        clientSession.setProtocol("openid-connect");
        clientSession.setRedirectUri("http://app.example/callback");
        clientSession.setNote("scope", "openid profile email");
        clientSession.setNote("iss", "http://keycloak.example/realms/" + realm.getName());
    }
}
