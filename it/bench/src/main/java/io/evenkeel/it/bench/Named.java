package io.evenkeel.it.bench;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A constant that the command line knows by a name. */
public interface Named {
    /** The name for the command line and the tables. */
    String label();

    /**
     * The constant of that name.
     *
     * @param option whose value the name is
     * @throws IllegalArgumentException that lists the names
     */
    static <E extends Enum<E> & Named> E of(Class<E> type, String option, String label) {
        return Stream.of(type.getEnumConstants())
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(option + "=" + label + " must be one of "
                        + Stream.of(type.getEnumConstants()).map(Named::label).collect(Collectors.joining(", "))));
    }
}
