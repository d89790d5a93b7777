package io.evenkeel.protocols.version;

import io.evenkeel.protocols.log.GeneralMessages;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/** Properties files on the class path of the pack. */
final class VersionResource {

    private VersionResource() {}

    /** The first of that name. */
    static Optional<Properties> onClassPath(String name) {
        return read(name, VersionResource.class.getClassLoader().getResourceAsStream(name));
    }

    /** One that lies beside this class. */
    static Properties required(String name) {
        return read(name, VersionResource.class.getResourceAsStream(name))
                .orElseThrow(() -> new IllegalStateException(GeneralMessages.JAR_DAMAGED.text(name)));
    }

    private static Optional<Properties> read(String name, InputStream resource) {
        if (resource == null) {
            return Optional.empty();
        }
        try (resource) {
            Properties properties = new Properties();
            properties.load(resource);
            return Optional.of(properties);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
