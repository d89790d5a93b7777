package io.evenkeel.certs;

import static io.evenkeel.certs.Fixture.RANDOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.authority.KeyType;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityKeyManagerTest {

    private final Instant now = Instant.now();

    @ParameterizedTest
    @CsvSource({
        "EC_P256, EC, true",
        "EC_P256, EC_RSA, true",
        "EC_P256, RSA, false",
        "EC_P256, EC/secp256r1, true",
        "EC_P256, EC/secp384r1, false",
        "EC_P256, EC/brainpoolP256r1tls13, false",
        "EC_P256, EC/no-such-curve, false",
        "RSA_2048, RSA, true",
        "RSA_2048, EC/secp256r1, false",
        "RSA_2048, EC, false"
    })
    void presentsItsIdentityForTheKeyTypesThatEnginesOfTheJdkAndOfBouncyCastleAskFor(
            KeyType own, String asked, boolean presented) {
        Identity identity = Fixture.authority("CA", now).issue(Fixture.node("member", now), own, RANDOM);
        IdentityKeyManager keys = new IdentityKeyManager("member", identity);

        assertThat(keys.chooseEngineServerAlias(asked, null, null)).isEqualTo(presented ? "member" : null);
        assertThat(keys.chooseEngineClientAlias(new String[] {asked}, null, null))
                .isEqualTo(presented ? "member" : null);
    }
}
