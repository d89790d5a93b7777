package io.evenkeel.certs;

/**
 * The interval at which files of keys and certificates are looked at.
 *
 * @param pollIntervalMs time between looks, at least 1
 * @param debounceMs how long a change must lie still before it is loaded, 0 or more; two files that belong together are
 *     to be written within it
 * @param retryIntervalMs time between attempts to load a change that could not be used, at least 1
 */
public record ReloadSettings(long pollIntervalMs, long debounceMs, long retryIntervalMs) {

    /** Looks every 5 s, loads what has lain still for 2 s, tries a bad change again every 60 s. */
    public static final ReloadSettings DEFAULT = new ReloadSettings(5_000, 2_000, 60_000);

    public ReloadSettings {
        requireAtLeast("pollIntervalMs", pollIntervalMs, 1);
        requireAtLeast("debounceMs", debounceMs, 0);
        requireAtLeast("retryIntervalMs", retryIntervalMs, 1);
    }

    private static void requireAtLeast(String name, long value, long limit) {
        if (value < limit) {
            throw new IllegalArgumentException(name + "=" + value + " must be >= " + limit);
        }
    }
}
