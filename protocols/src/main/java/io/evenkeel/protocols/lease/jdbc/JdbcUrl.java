package io.evenkeel.protocols.lease.jdbc;

import io.evenkeel.protocols.property.TextConverter;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JDBC URL, which may carry a password. The text that JGroups prints of it (JMX, {@code probe.sh props}, Infinispan's
 * debug log) is toString(), and that shows only what no driver takes a secret from: everything up to the parameters if
 * there is neither a user info nor an assignment in it, else the driver's name alone.
 */
public final class JdbcUrl {
    private static final String HIDDEN = "(hidden)";
    private static final Pattern PARAMETERS = Pattern.compile("[?;]");
    private static final Pattern DRIVER = Pattern.compile("jdbc:[A-Za-z0-9_+.-]+:");

    /** Values of parameters whose name speaks of a secret: password, sslpassword, trustStorePassword, accessToken. */
    private static final Pattern SECRET_PARAMETER =
            Pattern.compile("(?i)(?:pass\\w*|pwd\\w*|\\w*secret\\w*|\\w*token\\w*)\\s*=\\s*([^&;,)\\s]+)");

    /** user:password@host, and Oracle's user/password@host. */
    private static final Pattern USER_INFO = Pattern.compile("[:/]([^:/@]+)@");

    private final String url;

    private JdbcUrl(String url) {
        this.url = Objects.requireNonNull(url, "url");
    }

    public static JdbcUrl of(String url) {
        return new JdbcUrl(url.trim());
    }

    /** The URL as a driver takes it. */
    public String reveal() {
        return url;
    }

    /** The texts that must not be in any message: the URL itself if it has anything to hide, and the secrets in it. */
    Set<String> secrets() {
        Set<String> secrets = new LinkedHashSet<>();
        if (!toString().equals(url)) {
            secrets.add(url);
        }
        for (Pattern pattern : new Pattern[] {SECRET_PARAMETER, USER_INFO}) {
            Matcher matcher = pattern.matcher(url);
            while (matcher.find()) {
                secrets.add(matcher.group(1));
            }
        }
        return secrets;
    }

    @Override
    public String toString() {
        Matcher parameters = PARAMETERS.matcher(url);
        String head = parameters.find() ? url.substring(0, parameters.end()) : url;
        if (url.indexOf('@') >= 0 || head.indexOf('=') >= 0) {
            Matcher driver = DRIVER.matcher(url);
            return driver.lookingAt() ? driver.group() + HIDDEN : HIDDEN;
        }
        return head.length() == url.length() ? url : head + HIDDEN;
    }

    /** Reads a URL from a stack's XML. */
    public static final class Converter extends TextConverter {
        public Converter() {
            super(JdbcUrl::of);
        }
    }
}
