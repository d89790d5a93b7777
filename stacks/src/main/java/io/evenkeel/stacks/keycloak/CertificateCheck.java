package io.evenkeel.stacks.keycloak;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.SelfHandshake;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLException;
import org.jboss.logging.Logger;

/**
 * Shakes hands with itself on a thread of its own, while Infinispan starts: a member joins sooner, as its first handshake
 * with a peer finds the JVM warm, and certificates that do not fit together are named before a peer turns them down.
 */
final class CertificateCheck {
    private static final Logger LOG = Logger.getLogger(CertificateCheck.class);

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
            LOG.warnf(
                    "This node's certificate is not accepted by its own trust store (%s): nodes with the same files will"
                            + " turn each other down. Check %s.",
                    e.getMessage(), tls.describe());
        } catch (GeneralSecurityException | CertificateMaterialException | RuntimeException e) {
            // The transport meets the same on its way and fails the start with it.
            LOG.debugf("No handshake with itself: %s", e.getMessage());
        }
    }
}
