package io.evenkeel.stacks.keycloak;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.keycloak.Config;

/** Reads the pack's own options of Keycloak, {@code --spi-cache-embedded--default--*}, and refuses their wrong values by name. */
final class KeycloakOption {

    private static final String PREFIX = "--spi-cache-embedded--default--";

    private KeycloakOption() {}

    /**
     * Reads an option.
     *
     * @param key in Keycloak's spelling, {@code stateFcCap} for {@code state-fc-cap}
     * @param parser throws an IllegalArgumentException if it cannot read the value
     * @param must what the value must be, for the refusal
     * @return nothing if the option is not set
     * @throws IllegalArgumentException naming the option, its value and what it must be
     */
    static <T> Optional<T> read(Config.Scope config, String key, Function<String, T> parser, String must) {
        String text = config.get(key);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(text.strip()));
        } catch (IllegalArgumentException e) {
            throw refused(key, text, must, e);
        }
    }

    static IllegalArgumentException refused(String key, String text, String must, Exception cause) {
        return new IllegalArgumentException(PREFIX + optionName(key) + "=" + text + " must " + must, cause);
    }

    private static String optionName(String key) {
        return key.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
