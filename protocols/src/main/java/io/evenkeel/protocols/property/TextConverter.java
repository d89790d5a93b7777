package io.evenkeel.protocols.property;

import java.util.function.Function;
import org.jgroups.conf.PropertyConverter;
import org.jgroups.util.StackType;
import org.jspecify.annotations.Nullable;

/** Reads an attribute whose type has a text, from a stack's XML. */
public abstract class TextConverter implements PropertyConverter {
    private final Function<String, Object> reader;

    protected TextConverter(Function<String, Object> reader) {
        this.reader = reader;
    }

    @Override
    public final @Nullable Object convert(
            Object protocol,
            Class<?> fieldType,
            String property,
            String value,
            boolean checkScope,
            StackType ipVersion) {
        return value == null ? null : reader.apply(value);
    }

    @Override
    public final String toString(Object value) {
        return String.valueOf(value);
    }
}
