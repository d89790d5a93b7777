package io.evenkeel.stacks.keycloak;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.SelfHandshake;
import io.evenkeel.stacks.log.StackMessages;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;
import org.jgroups.logging.Log;
import org.jgroups.logging.LogFactory;

/**
 * Shakes hands with itself on a thread of its own, while Infinispan starts: a member joins sooner, as its first
 * handshake with a peer finds the JVM warm, and certificates that do not fit together are named before a peer turns
 * them down.
 */
final class CertificateCheck {
    private static final Log LOG = LogFactory.getLog(CertificateCheck.class);

    private CertificateCheck() {}

    static void startInBackground(ClusterTls tls) {
        Thread thread = new Thread(() -> check(tls), "evenkeel-certificate-check");
        thread.setDaemon(true);
        thread.start();
    }

    private static void check(ClusterTls tls) {
        try {
            var material = tls.material();
            if (material.isPresent()) {
                SelfHandshake.run(material.get());
            }
        } catch (SSLException e) {
            StackMessages.OWN_TRUST_REFUSES.to(LOG, e.getMessage(), tls.describe());
        } catch (GeneralSecurityException | CertificateMaterialException | RuntimeException e) {
            // The transport meets the same on its way and fails the start with it.
            LOG.debug("No handshake with itself: %s", e.getMessage());
        }
    }
}
