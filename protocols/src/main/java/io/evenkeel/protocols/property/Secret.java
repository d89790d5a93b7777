package io.evenkeel.protocols.property;

import java.lang.reflect.Field;
import java.util.Objects;
import org.jgroups.util.Util;

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

    /**
     * The value to set an attribute to: a secret for a text where the attribute is one, else the value itself.
     *
     * @param protocol the class that has the attribute, or inherits it
     */
    public static Object ofText(Class<?> protocol, String attribute, Object value) {
        Field field = value instanceof String ? Util.getField(protocol, attribute) : null;
        return field != null && field.getType() == Secret.class ? of((String) value) : value;
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
    public static final class Converter extends TextConverter {
        public Converter() {
            super(Secret::of);
        }
    }
}
