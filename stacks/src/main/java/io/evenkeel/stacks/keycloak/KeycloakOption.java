package io.evenkeel.stacks.keycloak;

import io.evenkeel.stacks.log.StackMessages;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/**
 * Reads the pack's own options of Keycloak, {@code --spi-cache-embedded--default--*}, and refuses their wrong values by
 * name.
 */
final class KeycloakOption {

    static final String PREFIX = "--spi-cache-embedded--default--";

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
        return Optional.ofNullable(config.get(key)).map(text -> parse(key, text, parser, must));
    }

    /** Parses the value of an option that is set; as {@link #read}. */
    static <T> T parse(String key, String text, Function<String, T> parser, String must) {
        try {
            return parser.apply(text.strip());
        } catch (IllegalArgumentException e) {
            throw refused(key, text, must, e);
        }
    }

    /** A parser of flags that takes nothing else for false. */
    static Boolean trueOrFalse(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    /**
     * Refuses what looks like one of the pack's options and is none: Keycloak tells nobody of an option that nobody
     * reads.
     *
     * @param ours as Keycloak is told of them
     * @throws IllegalArgumentException naming the option, and those that there are
     */
    // Keycloak has no other way to list what is set.
    @SuppressWarnings("deprecation")
    static void requireKnown(Config.Scope config, List<ProviderConfigProperty> ours) {
        Set<String> known = new TreeSet<>();
        Set<String> beginnings = new HashSet<>();
        for (ProviderConfigProperty property : ours) {
            String name = optionName(property.getName());
            known.add(name);
            beginnings.add(name.substring(0, name.indexOf('-') + 1));
        }
        for (String property : config.getPropertyNames()) {
            String name = property.substring(property.lastIndexOf("--") + (property.contains("--") ? 2 : 0));
            if (beginnings.contains(name.substring(0, name.indexOf('-') + 1)) && !known.contains(name)) {
                throw refusal(PREFIX + name + " is not an option of Evenkeel, which has " + known);
            }
        }
    }

    static IllegalArgumentException refused(String key, String text, String must, @Nullable Exception cause) {
        IllegalArgumentException refusal = refusal(PREFIX + optionName(key) + "=" + text + " must " + must);
        refusal.initCause(cause);
        return refusal;
    }

    /** Ends the start. */
    static IllegalArgumentException refusal(String line) {
        return new IllegalArgumentException(StackMessages.OPTIONS_REFUSED.text(line));
    }

    /** Describes an option to Keycloak. */
    static void describe(ProviderConfigurationBuilder all, String key, String type, String help) {
        all.property().name(key).type(type).helpText(help).add();
    }

    /** The name that a user types, without its prefix. */
    static String optionName(String key) {
        return key.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
