package io.evenkeel.it.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The start of one node. Immutable; the {@code with} methods give changed copies.
 *
 * @param name of the node in the cluster
 * @param stack for {@code --cache-stack}; null leaves the option out
 * @param options of {@code kc.sh start} beyond those that every node gets; one that every node gets is replaced
 * @param environment beyond what every node gets
 * @param jvmOptions beyond kc.sh's own, without blanks inside
 * @param heap for JAVA_OPTS_KC_HEAP
 * @param logLevel for KC_LOG_LEVEL
 */
public record NodeConfig(
        String name,
        String stack,
        NodePorts ports,
        Database database,
        Credentials admin,
        List<String> options,
        Map<String, String> environment,
        List<String> jvmOptions,
        String heap,
        String logLevel,
        Path jdkHome) {
    public static final String DEFAULT_HEAP = "-Xms64m -Xmx512m";

    public NodeConfig {
        options = List.copyOf(options);
        environment = Map.copyOf(environment);
        jvmOptions = List.copyOf(jvmOptions);
    }

    public static NodeConfig of(String name, String stack, NodePorts ports, Database database, Credentials admin) {
        Path jdkHome = Path.of(System.getProperty("java.home"));
        return new NodeConfig(
                name, stack, ports, database, admin, List.of(), Map.of(), List.of(), DEFAULT_HEAP, "INFO", jdkHome);
    }

    public NodeConfig withOption(String option) {
        List<String> more = new ArrayList<>(options);
        more.add(option);
        return new NodeConfig(
                name, stack, ports, database, admin, more, environment, jvmOptions, heap, logLevel, jdkHome);
    }

    public NodeConfig withEnvironment(String variable, String value) {
        Map<String, String> more = new LinkedHashMap<>(environment);
        more.put(variable, value);
        return new NodeConfig(name, stack, ports, database, admin, options, more, jvmOptions, heap, logLevel, jdkHome);
    }

    public NodeConfig withJvmOption(String option) {
        return withJvmOptions(List.of(option));
    }

    public NodeConfig withJvmOptions(List<String> added) {
        List<String> more = new ArrayList<>(jvmOptions);
        more.addAll(added);
        return new NodeConfig(name, stack, ports, database, admin, options, environment, more, heap, logLevel, jdkHome);
    }

    public NodeConfig withStack(String newStack) {
        return new NodeConfig(
                name, newStack, ports, database, admin, options, environment, jvmOptions, heap, logLevel, jdkHome);
    }

    /** For a node that lives for a minute. */
    public NodeConfig withShortRun() {
        return withJvmOptions(ShortRun.JVM_OPTIONS);
    }

    public NodeConfig withHeap(String newHeap) {
        return new NodeConfig(
                name, stack, ports, database, admin, options, environment, jvmOptions, newHeap, logLevel, jdkHome);
    }

    public NodeConfig withLogLevel(String newLogLevel) {
        return new NodeConfig(
                name, stack, ports, database, admin, options, environment, jvmOptions, heap, newLogLevel, jdkHome);
    }

    public NodeConfig withJdkHome(Path newJdkHome) {
        return new NodeConfig(
                name, stack, ports, database, admin, options, environment, jvmOptions, heap, logLevel, newJdkHome);
    }

    /** The options for {@code kc.sh start}; no secret is among them. */
    List<String> startOptions() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("--db-url", database.jdbcUrl());
        all.put("--db-username", database.owner().user());
        all.put("--http-enabled", "true");
        all.put("--hostname-strict", "false");
        all.put("--http-host", "127.0.0.1");
        all.put("--http-port", Integer.toString(ports.http()));
        all.put("--http-management-port", Integer.toString(ports.management()));
        all.put("--cache-embedded-network-bind-address", "127.0.0.1");
        all.put("--cache-embedded-network-bind-port", Integer.toString(ports.jgroups()));
        all.put("--spi-cache-embedded--default--node-name", name);
        if (stack != null) {
            all.put("--cache-stack", stack);
        }
        for (String option : options) {
            String[] parts = option.split("=", 2);
            all.put(parts[0], parts.length == 2 ? parts[1] : null);
        }
        List<String> arguments = new ArrayList<>(List.of("--optimized"));
        all.forEach((option, value) -> arguments.add(value == null ? option : option + "=" + value));
        return arguments;
    }

    Map<String, String> startEnvironment() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("KC_DB_PASSWORD", database.owner().password());
        all.put("KC_BOOTSTRAP_ADMIN_USERNAME", admin.user());
        all.put("KC_BOOTSTRAP_ADMIN_PASSWORD", admin.password());
        all.put("KC_LOG_LEVEL", logLevel);
        all.put("JAVA_OPTS_KC_HEAP", heap);
        all.putAll(environment);
        return all;
    }
}
