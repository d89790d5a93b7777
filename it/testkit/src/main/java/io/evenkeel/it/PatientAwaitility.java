package io.evenkeel.it;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * A longer wait of Awaitility's in every JVM that runs tests. Its own ten seconds are not enough on a machine with a
 * fraction of a processor, and a test that waits for a condition must not fail because it was slow.
 */
public final class PatientAwaitility implements LauncherSessionListener {
    /** A test that waits in vain fails after it. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(LIMIT);
    }
}
