package io.evenkeel.it.launcher;

import io.evenkeel.it.node.ClusterTable;
import io.evenkeel.it.node.Credentials;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakDistribution;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.NodePorts;
import io.evenkeel.it.node.Ports;
import io.evenkeel.it.node.RunException;
import io.evenkeel.it.node.Sandbox;
import io.evenkeel.it.node.Waits;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./evenkeel up}. */
@Command(
        name = "up",
        description = "Runs a cluster of real Keycloak nodes on an embedded PostgreSQL until Ctrl-C.",
        sortOptions = false)
final class UpCommand implements Callable<Integer> {
    static final int MAX_NODES = 8;
    /** The transport says at DEBUG which protocol and cipher each connection has; the table shows it. */
    private static final String LOG_LEVEL = "INFO,io.evenkeel.protocols.TCP_NETTY:DEBUG";

    private static final int LOWEST_BASE_PORT = 1024;
    private static final int HIGHEST_BASE_PORT = 65_500;
    private static final Duration UNTIL_CTRL_C = Duration.ofDays(3650);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many nodes, 1 to " + MAX_NODES + " (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--stack",
            paramLabel = "NAME",
            defaultValue = "evenkeel-jdbc",
            description = "The JGroups stack, one of Evenkeel's or of Keycloak's, such as jdbc-ping"
                    + " (default: ${DEFAULT-VALUE}).")
    private String stack;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Stops after that time, such as 30s or 2m, counted from when the cluster is ready.")
    private Duration bound;

    @Option(
            names = "--keycloak-version",
            paramLabel = "VERSION",
            defaultValue = "26.7.3",
            description = "Keycloak's version (default: ${DEFAULT-VALUE}).")
    private String keycloakVersion;

    @Option(
            names = "--base-port",
            paramLabel = "PORT",
            description = "Node i (from 1) takes PORT+3(i-1) for HTTP and the next two for management and JGroups"
                    + " (default: free ports).")
    private Integer basePort;

    @Override
    public Integer call() throws InterruptedException {
        validate();
        // Early, so that a port in use costs no time; again later, when they are really taken.
        ports(new Ports(new SecureRandom()));
        try (ConsoleProgress progress = new ConsoleProgress(spec.commandLine().getErr());
                Sandbox sandbox = Sandbox.open(Launcher.projectRoot(), keycloakVersion, progress)) {
            List<NodePorts> ports = ports(sandbox.ports());
            Database database = sandbox.postgres().createDatabase("keycloak");
            Credentials admin = Credentials.generate("admin");
            try (KeycloakCluster cluster = sandbox.newCluster("cluster", sandbox.specFor(stack))) {
                for (int i = 0; i < nodes; i++) {
                    cluster.add(NodeConfig.of("node" + (i + 1), stack, ports.get(i), database, admin)
                            .withLogLevel(LOG_LEVEL));
                }
                cluster.start();
                progress.step("Ready");
                progress.idle();
                show(cluster, admin, sandbox);
                watch(cluster);
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private void validate() {
        refuseUnless(nodes >= 1 && nodes <= MAX_NODES, "--nodes=" + nodes + " must be from 1 to " + MAX_NODES);
        refuseUnless(
                stack.matches("[A-Za-z0-9][A-Za-z0-9._-]*"),
                "--stack=" + stack + " must be a name of letters, digits, dots, dashes and underscores");
        refuseUnless(
                basePort == null || (basePort >= LOWEST_BASE_PORT && basePort <= HIGHEST_BASE_PORT),
                "--base-port=" + basePort + " must be from " + LOWEST_BASE_PORT + " to " + HIGHEST_BASE_PORT);
        try {
            KeycloakDistribution.checkVersion(keycloakVersion);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--" + e.getMessage(), e);
        }
    }

    private void refuseUnless(boolean valid, String message) {
        if (!valid) {
            throw new CommandLine.ParameterException(spec.commandLine(), message);
        }
    }

    private List<NodePorts> ports(Ports free) {
        List<NodePorts> ports = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            ports.add(basePort == null ? free.freeForNode() : free.countedForNode(basePort, i));
        }
        return ports;
    }

    private void show(KeycloakCluster cluster, Credentials admin, Sandbox sandbox) {
        PrintWriter out = spec.commandLine().getOut();
        out.println();
        ClusterTable.lines(cluster).forEach(out::println);
        out.println();
        out.println("Log in:  " + cluster.node(0).url("/admin/") + "  user " + admin.user() + "  password "
                + admin.password());
        out.println("Logs:    " + sandbox.dir().resolve("cluster") + "/node*/node.log");
        out.println(bound == null ? "Ctrl-C stops everything." : "Everything stops after " + bound.toSeconds() + " s.");
        out.println();
        out.flush();
    }

    /** Until the time is over or the last node has gone. A node that someone kills is no reason to stop the others. */
    private void watch(KeycloakCluster cluster) throws InterruptedException {
        List<KeycloakNode> watched = new ArrayList<>(cluster.nodes());
        Waits.until(
                () -> {
                    watched.removeIf(this::ended);
                    return watched.isEmpty();
                },
                bound == null ? UNTIL_CTRL_C : bound);
        if (watched.isEmpty()) {
            throw new RunException("All nodes have ended by themselves.");
        }
    }

    private boolean ended(KeycloakNode node) {
        if (!node.isAlive()) {
            spec.commandLine().getErr().println(node.name() + " has ended by itself.");
        }
        return !node.isAlive();
    }
}
