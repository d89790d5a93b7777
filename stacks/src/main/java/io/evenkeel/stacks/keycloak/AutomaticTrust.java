package io.evenkeel.stacks.keycloak;

import io.evenkeel.certs.ForwardingTrustManager;
import io.evenkeel.certs.TlsMaterial;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trust in what Keycloak's automatic certificates trust now, which has them reloaded beside a handshake that it
 * refuses.
 *
 * <p>Keycloak's own trust manager reads the database on the thread of the refused handshake. A few strangers would hold
 * up the handshakes of all members while the database does not answer.
 */
final class AutomaticTrust extends ForwardingTrustManager {
    private record Trust(List<X509Certificate> issuers, @Nullable X509ExtendedTrustManager manager) {}

    private final X509ExtendedTrustManager keycloaks;
    private final CoalescedTask reload;
    private volatile Trust current = new Trust(List.of(), null);

    /**
     * @param keycloaks reloads in place, and is asked for the certificates that it accepts only
     * @param reload reads the certificates from the database; may hang, and throw
     */
    AutomaticTrust(X509ExtendedTrustManager keycloaks, Runnable reload) {
        this.keycloaks = keycloaks;
        this.reload = new CoalescedTask("trust-reload", reload);
    }

    @Override
    protected X509ExtendedTrustManager delegate() {
        List<X509Certificate> issuers = List.of(getAcceptedIssuers());
        Trust trust = current;
        if (trust.manager() == null || !trust.issuers().equals(issuers)) {
            trust = new Trust(issuers, TlsMaterial.trustManager(issuers));
            current = trust;
        }
        return Objects.requireNonNull(trust.manager());
    }

    /** The peer may show a newer certificate than this node has read; the next handshake will tell. */
    @Override
    protected CertificateException refused(CertificateException why) {
        reload.request();
        return why;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return keycloaks.getAcceptedIssuers();
    }
}
