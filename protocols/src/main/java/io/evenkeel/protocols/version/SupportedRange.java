package io.evenkeel.protocols.version;

/**
 * The supported versions of one component.
 *
 * @param component its name
 * @param from the first supported version
 * @param below the first version that is not supported any more
 */
public record SupportedRange(String component, String from, String below) {

    /** True if a version is supported; one that does not begin with a number is not. */
    public boolean contains(String version) {
        return VersionNumber.parse(version)
                .filter(found -> found.compareTo(number(from)) >= 0 && found.compareTo(number(below)) < 0)
                .isPresent();
    }

    private static VersionNumber number(String bound) {
        return VersionNumber.parse(bound)
                .orElseThrow(() -> new IllegalArgumentException("'" + bound + "' is no version"));
    }

    @Override
    public String toString() {
        return component + " from " + from + " and below " + below;
    }
}
