package io.evenkeel.protocols;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jgroups.annotations.Component;
import org.jgroups.annotations.ManagedAttribute;
import org.jgroups.annotations.ManagedOperation;
import org.jgroups.annotations.Property;
import org.jgroups.conf.AttributeType;
import org.jgroups.stack.Protocol;
import org.jgroups.util.Util;

/** Tables of a protocol's own attributes, from the annotations and the defaults of a new instance. */
final class Reference {
    private static final String OWN = "io.evenkeel.";

    private final StringBuilder text = new StringBuilder();

    Reference(String command) {
        text.append("# Reference\n\n")
                .append("What the pack's protocols add to JGroups' own attributes. Made from the annotations; do not"
                        + " edit,")
                .append(" run\n`")
                .append(command)
                .append("`\n\nA stack's XML takes times with a unit (`3s`, `500ms`) and sizes too (`16m`); bare"
                        + " numbers are")
                .append(" milliseconds and bytes.\n");
    }

    Reference protocol(Protocol protocol, String title) throws IllegalArgumentException {
        text.append("\n## ")
                .append(protocol.getName())
                .append("\n\n")
                .append(title)
                .append('\n');
        List<Class<?>> classes = classes(protocol);
        table("Attributes of the stack's XML", "Name | Type | Default | Meaning", properties(protocol, classes));
        table("Statistics (JMX, probe.sh; numbers also as metrics)", "Name | Type | Meaning", statistics(classes));
        table("Operations (JMX, probe.sh)", "Name | Meaning", operations(classes));
        return this;
    }

    String text() {
        return text.toString();
    }

    private void table(String title, String header, Map<String, String> rows) {
        if (rows.isEmpty()) {
            return;
        }
        text.append("\n### ").append(title).append("\n\n| ").append(header).append(" |\n");
        text.append("|---".repeat(header.split("\\|").length)).append("|\n");
        rows.values().forEach(row -> text.append("| ").append(row).append(" |\n"));
    }

    private static List<Class<?>> classes(Protocol protocol) {
        List<Class<?>> classes = new ArrayList<>();
        for (Class<?> at = protocol.getClass(); at != null; at = at.getSuperclass()) {
            if (at.getName().startsWith(OWN)) {
                classes.add(at);
                classes.addAll(List.of(at.getInterfaces()));
            }
        }
        return classes;
    }

    private static Map<String, String> properties(Protocol protocol, List<Class<?>> classes) {
        Map<String, String> rows = new TreeMap<>();
        for (Class<?> each : classes) {
            addProperties(rows, "", each, protocol);
            for (Field field : each.getDeclaredFields()) {
                Component component = field.getAnnotation(Component.class);
                if (component != null) {
                    addProperties(rows, component.name() + ".", field.getType(), Util.getField(field, protocol));
                }
            }
        }
        return rows;
    }

    private static void addProperties(Map<String, String> rows, String prefix, Class<?> type, Object owner) {
        for (Field field : type.getDeclaredFields()) {
            Property property = field.getAnnotation(Property.class);
            if (property != null) {
                String name = prefix + (property.name().isEmpty() ? field.getName() : property.name());
                Object value = Util.getField(field, owner);
                rows.put(
                        name,
                        row(
                                "`" + name + "`",
                                type(field.getType(), property.type()),
                                value == null ? "" : "`" + withUnit(value, property.type()) + "`",
                                property.description() + (property.writable() ? "; can be changed at run time" : "")));
            }
        }
    }

    private static Map<String, String> statistics(List<Class<?>> classes) {
        Map<String, String> rows = new TreeMap<>();
        for (Class<?> each : classes) {
            for (Method method : each.getDeclaredMethods()) {
                ManagedAttribute attribute = method.getAnnotation(ManagedAttribute.class);
                if (attribute != null && !Modifier.isAbstract(method.getModifiers()) && !method.isBridge()) {
                    String name = attribute.name().isEmpty()
                            ? Util.methodNameToAttributeName(method.getName())
                            : attribute.name();
                    rows.putIfAbsent(
                            name,
                            row(
                                    "`" + name + "`",
                                    type(method.getReturnType(), attribute.type()),
                                    attribute.description()));
                }
            }
            for (Field field : each.getDeclaredFields()) {
                ManagedAttribute attribute = field.getAnnotation(ManagedAttribute.class);
                if (attribute != null && !field.isAnnotationPresent(Property.class)) {
                    rows.putIfAbsent(
                            field.getName(),
                            row(
                                    "`" + field.getName() + "`",
                                    type(field.getType(), attribute.type()),
                                    attribute.description()));
                }
            }
        }
        return rows;
    }

    private static Map<String, String> operations(List<Class<?>> classes) {
        Map<String, String> rows = new TreeMap<>();
        for (Class<?> each : classes) {
            for (Method method : each.getDeclaredMethods()) {
                ManagedOperation operation = method.getAnnotation(ManagedOperation.class);
                if (operation != null && !method.isBridge()) {
                    rows.put(method.getName(), row("`" + method.getName() + "`", operation.description()));
                }
            }
        }
        return rows;
    }

    private static String row(String... cells) {
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cells[i].replace("|", "\\|").replace("<", "&lt;").replaceAll("\\s+", " ");
        }
        return String.join(" | ", cells);
    }

    private static String type(Class<?> type, AttributeType unit) {
        String name =
                switch (type.getSimpleName()) {
                    case "String" -> "text";
                    case "Secret", "JdbcUrl" -> "text, hidden";
                    case "InetAddress" -> "address";
                    default -> type.getSimpleName();
                };
        return switch (unit) {
            case TIME -> "time, ms";
            case BYTES -> "bytes";
            default -> name;
        };
    }

    private static String withUnit(Object value, AttributeType unit) {
        return unit == AttributeType.TIME && value instanceof Number ? value + " ms" : String.valueOf(value);
    }
}
