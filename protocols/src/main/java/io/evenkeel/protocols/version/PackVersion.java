package io.evenkeel.protocols.version;

import java.util.Properties;

/**
 * The identity of the pack as its build wrote it down.
 *
 * @param version as Maven has it
 * @param commit the abbreviated commit, with {@code -dirty} behind it if files were changed; {@code unknown} for a
 *     build without git
 */
public record PackVersion(String version, String commit) {
    private static final PackVersion CURRENT = of(VersionResource.required("pack.properties"));

    private static PackVersion of(Properties build) {
        return new PackVersion(build.getProperty("version"), build.getProperty("commit"));
    }

    /** The one that runs here. */
    public static PackVersion current() {
        return CURRENT;
    }

    @Override
    public String toString() {
        return version + " (commit " + commit + ")";
    }
}
