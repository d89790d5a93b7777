package io.evenkeel.certs.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

    @ParameterizedTest
    @CsvSource({
        "a.b,a.b,true",
        "a.b,a.bc,false",
        "*.b,a.b,true",
        "*.b,.b,true",
        "*.b,a.a.b,false",
        "**.b,a.a.b,true",
        "*,a.b,false",
        "**,a.b,true",
        "n-*,n-,true",
        "n-*x,n-1x,true",
        "n-*x,n-1,false"
    })
    void starsStopAtTheSeparator(String pattern, String text, boolean fits) {
        assertThat(Glob.within('.', pattern).matches(text)).isEqualTo(fits);
    }

    @Test
    void agreesWithRegularExpressions() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int hits = 0;
        for (int i = 0; i < 20_000; i++) {
            String pattern = text(random, "ab.*", 6);
            String name = text(random, "ab.", 7);
            String regex = pattern.replace(".", "\\.")
                    .replace("**", "\u0001")
                    .replace("*", "[^.]*")
                    .replace("\u0001", ".*");
            boolean expected = Pattern.matches(regex, name);
            hits += expected ? 1 : 0;
            assertThat(Glob.within('.', pattern).matches(name))
                    .as("seed %d: %s on %s", seed, pattern, name)
                    .isEqualTo(expected);
        }
        assertThat(hits).as("seed %d: too few hits to say anything", seed).isGreaterThan(100);
    }

    private static String text(Random random, String alphabet, int maxLength) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(maxLength + 1);
        for (int i = 0; i < length; i++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
