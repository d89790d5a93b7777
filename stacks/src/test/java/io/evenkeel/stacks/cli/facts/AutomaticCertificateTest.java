package io.evenkeel.stacks.cli.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.certs.Identity;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import io.evenkeel.certs.authority.KeyType;
import java.io.IOException;
import java.io.StringWriter;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.junit.jupiter.api.Test;

/**
 * Keycloak's automatic certificate, as Keycloak writes it into its database: PEM of Bouncy Castle without first and
 * last line.
 */
class AutomaticCertificateTest {
    private final Identity identity = issue();

    @Test
    void isReadWithAKeyOfEitherForm() throws Exception {
        Object pkcs1 = identity.key();
        Object pkcs8 = new JcaPKCS8Generator(identity.key(), null);
        assertThat(pem(pkcs1)).contains("BEGIN RSA PRIVATE KEY");
        assertThat(pem(pkcs8)).contains("BEGIN PRIVATE KEY");

        assertThat(HostKeys.identity(json(pkcs1))).isEqualTo(identity);
        assertThat(HostKeys.identity(json(pkcs8))).isEqualTo(identity);
    }

    @Test
    void whatIsNoneIsRefused() {
        assertThatThrownBy(() -> HostKeys.identity("{}")).isInstanceOfAny(Exception.class);
        assertThatThrownBy(() -> HostKeys.identity("nothing")).isInstanceOf(IOException.class);
    }

    private String json(Object key) throws IOException {
        return new ObjectMapper()
                .writeValueAsString(Map.of("crt", bare(identity.certificate()), "prvKey", bare(key), "alias", "x"));
    }

    private static String bare(Object object) throws IOException {
        return pem(object).replaceAll("-----[^-]*-----", "").replace("\n", "");
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }

    private static Identity issue() {
        SecureRandom random = new SecureRandom();
        Instant from = Instant.now().minus(1, ChronoUnit.HOURS);
        Instant to = from.plus(1, ChronoUnit.DAYS);
        Identity issued = CertificateAuthority.create("CN=ca", from, to, random)
                .issue(CertificateSpec.node("CN=jgroups", from, to), KeyType.RSA_2048, random);
        return new Identity(issued.key(), issued.chain().subList(0, 1));
    }
}
