package io.evenkeel.protocols.property;

import java.util.Objects;
import org.jgroups.conf.PropertyConverter;
import org.jgroups.util.StackType;

/**
 * The value of an attribute that nobody may read. JGroups prints the fields of attributes in its protocol specification
 * (JMX, {@code probe.sh props}), whether they are exposed as managed attributes or not; what it prints is toString().
 */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = Objects.requireNonNull(value, "value");
    }

    public static Secret of(String value) {
        return new Secret(value);
    }

    /** A copy, which the caller may wipe. */
    public char[] reveal() {
        return value.toCharArray();
    }

    @Override
    public String toString() {
        return "(hidden)";
    }

    /** Reads a secret from a stack's XML. */
    public static final class Converter implements PropertyConverter {
        @Override
        public Object convert(
                Object protocol,
                Class<?> fieldType,
                String property,
                String value,
                boolean checkScope,
                StackType ipVersion) {
            return value == null ? null : Secret.of(value);
        }

        @Override
        public String toString(Object value) {
            return String.valueOf(value);
        }
    }
}
