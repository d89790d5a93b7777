package io.evenkeel.stacks.keycloak;

import io.evenkeel.protocols.version.SupportedVersions;
import io.evenkeel.stacks.EvenkeelStack;
import io.evenkeel.stacks.Placeholder;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** System properties of the pack: those that begin with {@code evenkeel.}, as no other does. */
final class OwnSystemProperties {
    private static final String PREFIX = "evenkeel.";

    private OwnSystemProperties() {}

    /** All that the pack reads. */
    static Set<String> all() {
        Set<String> all = EvenkeelStack.ALL.stream()
                .flatMap(stack -> Placeholder.of(stack).stream())
                .flatMap(placeholder -> placeholder.names().stream())
                .filter(name -> name.startsWith(PREFIX))
                .collect(Collectors.toCollection(TreeSet::new));
        all.add(SupportedVersions.ALLOW_PROPERTY);
        return all;
    }

    /** @throws IllegalArgumentException naming one that begins so and is none, and those that there are */
    static void requireKnown(Collection<String> names) {
        Set<String> known = all();
        for (String name : new TreeSet<>(names)) {
            if (name.startsWith(PREFIX) && !known.contains(name)) {
                throw KeycloakOption.refusal(
                        "the system property " + name + " is not one of Evenkeel's, which are " + known);
            }
        }
    }
}
