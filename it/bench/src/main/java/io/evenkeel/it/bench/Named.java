package io.evenkeel.it.bench;

import java.util.List;
import java.util.stream.Collectors;

/** A choice that the command line knows by a name. */
public interface Named {
    /** The name for the command line and the tables. */
    String label();

    /**
     * The choice of that name.
     *
     * @param option whose value the name is
     * @throws IllegalArgumentException that lists the names
     */
    static <N extends Named> N of(List<N> choices, String option, String label) {
        return choices.stream()
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(option + "=" + label + " must be one of "
                        + choices.stream().map(Named::label).collect(Collectors.joining(", "))));
    }
}
