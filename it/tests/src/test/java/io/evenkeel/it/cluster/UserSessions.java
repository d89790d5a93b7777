package io.evenkeel.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.oidc.OidcAnswer;
import io.evenkeel.it.oidc.OidcClient;

/** Sessions of one user on real nodes; a node that refuses to make or to refresh one fails the test. */
final class UserSessions {
    private static final int OK = 200;

    private final OidcClient client = OidcClient.ofAdministrators();
    private final Credentials user;

    UserSessions(Credentials user) {
        this.user = user;
    }

    OidcAnswer logIn(KeycloakNode node) {
        return granted(node, client.logIn(node, user));
    }

    OidcAnswer refresh(KeycloakNode node, OidcAnswer session) {
        return granted(node, client.refresh(node, session.refreshToken()));
    }

    private static OidcAnswer granted(KeycloakNode node, OidcAnswer answer) {
        assertThat(answer.status()).as("%s: %s", node.name(), answer.body()).isEqualTo(OK);
        return answer;
    }
}
