package io.evenkeel.certs.cli;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.Certificates;
import io.evenkeel.certs.Identity;
import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.CertificateSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rotate-ca}: {@link CaRotation} decides, this writes the files and asks the nodes. */
@Command(
        name = "rotate-ca",
        description = {
            "Exchanges the cluster's CA while the cluster runs, one of three steps each time that it is run.",
            "All nodes trust old and new; all get certificates of the new one; the old one is dropped. A step is"
                    + " refused until",
            "every node is known to run with the files of the step before. May be interrupted anywhere and run again."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  ${ROOT-COMMAND-NAME} rotate-ca",
            "  ${ROOT-COMMAND-NAME} rotate-ca --at node-1=10.0.0.1:7800 --at node-2=10.0.0.2:7800",
            "  ${ROOT-COMMAND-NAME} rotate-ca --deployed node-1 --deployed node-2"
        })
final class RotateCaCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private IssuanceOptions options;

    @Mixin
    private KeyTypeOption key;

    @Option(
            names = "--ca-days",
            paramLabel = "DAYS",
            defaultValue = "3650",
            description = "How long the new CA is valid (default: ${DEFAULT-VALUE}).")
    private int caDays;

    @Option(
            names = "--at",
            paramLabel = "NODE=HOST:PORT",
            description =
                    "Asks a running node on its port of the cluster whether it has this step's files; may be repeated.")
    private Map<String, String> endpoints = new LinkedHashMap<>();

    @Option(
            names = "--deployed",
            paramLabel = "NODE",
            description = "Takes your word that a node runs with this step's files; may be repeated.")
    private List<String> deployed = List.of();

    @Option(names = "--forget", paramLabel = "NODE", description = "A node that exists no more; may be repeated.")
    private List<String> forgotten = List.of();

    @Option(names = "--status", description = "Tells where the exchange stands, and changes nothing.")
    private boolean status;

    @Option(
            names = "--abort",
            description = "Gives the exchange up, as long as no node has a certificate of the new CA.")
    private boolean abort;

    private final SecureRandom random = new SecureRandom();

    @Override
    public Integer call() throws Exception {
        Validity.checkDays("--ca-days", caDays);
        ClusterState state = options.directory().state();
        if (status) {
            new Output(spec).line(described(state));
            return ExitCode.OK;
        }
        return options.directory().locked(this::rotate);
    }

    private static String described(ClusterState state) {
        CaRotation rotation = state.rotation();
        return rotation == null
                ? "no exchange of the CA is under way; CA " + state.authority() + " is in use"
                : "CA " + state.authority() + " to CA " + (state.authority() + 1) + ", step " + step(rotation.phase())
                        + "; not known to run with this step's files: "
                        + (rotation.missing().isEmpty() ? "no node" : String.join(", ", rotation.missing()));
    }

    private static String step(CaRotation.Phase phase) {
        return switch (phase) {
            case TRUST_BOTH -> "1 of 3, trust in both";
            case REISSUE -> "2 of 3, certificates of the new one";
            case DROP_OLD -> "3 of 3, the old one dropped";
        };
    }

    private int rotate(PkiDirectory directory) throws Exception {
        ClusterState state = directory.state();
        CaRotation rotation = state.rotation();
        if (abort) {
            return abort(directory, state);
        }
        if (rotation == null) {
            if (!deployed.isEmpty() || !endpoints.isEmpty() || !forgotten.isEmpty()) {
                throw new CommandException("no exchange of the CA is under way; begin one with rotate-ca alone");
            }
            return begin(directory, state);
        }
        forgotten.forEach(rotation::left);
        Set<String> written = write(directory, state);
        for (String node : named()) {
            confirm(directory, state, node, written);
        }
        directory.save(state);
        if (rotation.phase() != CaRotation.Phase.DROP_OLD && !rotation.advance()) {
            return waiting(directory, state);
        }
        directory.save(state);
        return enter(directory, state);
    }

    private Set<String> named() {
        Set<String> named = new TreeSet<>(endpoints.keySet());
        named.addAll(deployed);
        return named;
    }

    private int begin(PkiDirectory directory, ClusterState state) throws Exception {
        List<String> nodes = directory.nodes();
        if (nodes.isEmpty()) {
            throw new CommandException(directory.root() + ": has no nodes; make another CA with init-ca --force");
        }
        int next = state.authority() + 1;
        // What an interrupted beginning left is made again: nobody trusts it yet.
        Files.deleteIfExists(directory.authorityDirectory(next).resolve("ca.password"));
        CertificateAuthority authority =
                InitCaCommand.create(state.cluster(), next, key.type(), Validity.ofDays(caDays, Instant.now()), random);
        directory.writeAuthority(next, authority, options.caPassword(), random);
        ClusterState begun = state.withRotation(CaRotation.begin(nodes));
        directory.save(begun);
        return enter(directory, begun);
    }

    private int enter(PkiDirectory directory, ClusterState state) throws Exception {
        write(directory, state);
        Output out = new Output(spec);
        CaRotation rotation = state.ongoing();
        if (rotation.phase() == CaRotation.Phase.DROP_OLD) {
            directory.save(state.withAuthority(state.authority() + 1));
            out.line("The exchange is done: CA " + (state.authority() + 1) + " is in use, and "
                    + "no node's files name CA " + state.authority() + " any more.");
            out.line("Deploy the files in " + directory.root().resolve("nodes")
                    + " once more: until then a node still trusts the old CA.");
            return ExitCode.OK;
        }
        directory.save(state);
        out.line("Step " + step(rotation.phase()) + ": written for " + String.join(", ", rotation.nodes()) + ".");
        out.line("Deploy the files in " + directory.root().resolve("nodes")
                + "; running nodes take them by themselves. Then:");
        out.line("  " + spec.root().name() + " rotate-ca" + out.directoryOption(directory)
                + String.join(
                        "",
                        rotation.missing().stream()
                                .map(node -> " --at " + node + "=HOST:PORT")
                                .toList()));
        return ExitCode.OK;
    }

    private int waiting(PkiDirectory directory, ClusterState state) throws CommandException {
        String next = state.ongoing().phase() == CaRotation.Phase.TRUST_BOTH
                ? "to give others certificates of the new CA would cut it off"
                : "to drop the old CA would cut it off";
        List<String> missing = List.copyOf(state.ongoing().missing());
        throw new CommandException(
                ExitCode.WAITING,
                "waits for " + String.join(", ", missing) + ": not known to run with this step's files, and " + next
                        + "; deploy " + directory.node(missing.get(0)).directory() + " there, then run again with --at "
                        + missing.get(0) + "=HOST:PORT, --deployed or --forget",
                null);
    }

    /** Makes each node's files what this phase wants; returns the nodes whose files were something else. */
    private Set<String> write(PkiDirectory directory, ClusterState state)
            throws IOException, CommandException, CertificateMaterialException {
        Set<String> written = new HashSet<>();
        List<X509Certificate> trusted = NodeIssuer.trusted(directory, state);
        CaRotation.Wanted wanted = state.ongoing().wanted();
        @Nullable NodeIssuer issuer = null;
        for (String name : state.ongoing().nodes()) {
            NodeFiles node = directory.existing(name);
            NodeFiles.StorePasswords passwords = new NodeFiles.StorePasswords(options.storePassword(), random);
            if (!node.trusted().equals(trusted)) {
                node.writeTrustAgain(trusted, passwords);
                written.add(name);
            }
            X509Certificate ca = directory.authorityCertificate(state.issuingAuthority());
            if (wanted.issuedByNew() && !node.isIssuedBy(ca)) {
                issuer = issuer == null ? new NodeIssuer(directory, state, options.caPassword(), random) : issuer;
                issuer.renew(node, options.days(), passwords);
                written.add(name);
            }
        }
        written.forEach(state.ongoing()::written);
        directory.save(state);
        return written;
    }

    private void confirm(PkiDirectory directory, ClusterState state, String node, Set<String> written)
            throws IOException, CommandException, GeneralSecurityException, CertificateMaterialException {
        if (!state.ongoing().nodes().contains(node)) {
            throw new CommandException(node + ": is no node of this exchange; these are: "
                    + String.join(", ", state.ongoing().nodes()));
        }
        if (!endpoints.containsKey(node)) {
            if (written.contains(node)) {
                throw new CommandException(
                        ExitCode.WAITING,
                        node + ": its files were written only now, after an interruption; deploy "
                                + directory.node(node).directory() + " and say so again",
                        null);
            }
            state.ongoing().confirm(node);
            return;
        }
        Endpoint endpoint = Endpoint.parse(endpoints.get(node));
        X509Certificate next = directory.authorityCertificate(state.authority() + 1);
        if (state.ongoing().phase() == CaRotation.Phase.TRUST_BOTH) {
            requireTrust(directory, state, node, endpoint);
        } else if (!Certificates.leadTo(endpoint.ask(null).chain(), List.of(next))) {
            throw new CommandException(
                    ExitCode.WAITING,
                    node + ": " + endpoint + " still shows a certificate that the new CA did not sign; deploy "
                            + directory.node(node).directory() + " there",
                    null);
        }
        state.ongoing().confirm(node);
    }

    /** Shows the node a certificate of the new CA, with the names of its own, for an hour. */
    private void requireTrust(PkiDirectory directory, ClusterState state, String node, Endpoint endpoint)
            throws IOException, CommandException, GeneralSecurityException, CertificateMaterialException {
        CertificateAuthority next = directory.authority(state.authority() + 1, options.caPassword());
        X509Certificate own = directory.node(node).chain().get(0);
        Instant now = Instant.now();
        CertificateSpec probe = CertificateSpec.node(
                        own.getSubjectX500Principal().getName(), now.minusSeconds(600), now.plusSeconds(3600))
                .withNames(AlternativeNames.of(own));
        Identity identity = next.issue(probe, random);
        Endpoint.Answer answer = endpoint.ask(TlsMaterial.of(identity, List.of(next.certificate())));
        switch (answer.outcome()) {
            case ACCEPTED -> {}
            case REFUSED ->
                throw new CommandException(
                        ExitCode.WAITING,
                        node + ": " + endpoint + " does not trust the new CA yet (" + answer.refusal() + "); deploy "
                                + directory.node(node).directory() + " there",
                        null);
            case SILENT ->
                throw new CommandException(
                        ExitCode.WAITING,
                        node + ": " + endpoint + " neither accepted nor refused the new CA, as nodes without TCP_NETTY"
                                + " do; see its log, and say --deployed " + node,
                        null);
        }
    }

    private int abort(PkiDirectory directory, ClusterState state) throws Exception {
        CaRotation rotation = state.rotation();
        if (rotation == null || !rotation.mayBeAborted()) {
            throw new CommandException(
                    rotation == null
                            ? "no exchange of the CA is under way"
                            : "nodes have certificates of the new CA already; go on to the end, then exchange it"
                                    + " again");
        }
        List<X509Certificate> old = List.of(directory.authorityCertificate(state.authority()));
        List<String> nodes = new ArrayList<>(rotation.nodes());
        for (String node : nodes) {
            directory
                    .existing(node)
                    .writeTrustAgain(old, new NodeFiles.StorePasswords(options.storePassword(), random));
        }
        // Last: an interrupted abort is an exchange that can be aborted again.
        directory.save(state.withRotation(null));
        new Output(spec).line("Given up; CA " + state.authority() + " stays. Deploy the files once more.");
        return ExitCode.OK;
    }
}
