package io.evenkeel.certs.cli;

import io.evenkeel.certs.Identity;
import io.evenkeel.certs.authority.CertificateSpec.AlternativeName;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code issue}. */
@Command(
        name = "issue",
        description = "Makes the key and certificate of each node, as key store and as PEM, and its trust in the CA.",
        footerHeading = "%nExample:%n",
        footer = {
            "  ${ROOT-COMMAND-NAME} issue node-1 node-2",
            "  ${ROOT-COMMAND-NAME} issue node-1 --san dns:node-1.kc.example --san ip:10.0.0.1"
        })
final class IssueCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private IssuanceOptions options;

    @Mixin
    private KeyTypeOption key;

    @Parameters(
            arity = "1..*",
            paramLabel = "NODE",
            description = "Names of the nodes; each is a DNS name in its certificate.")
    private List<String> names;

    @Option(
            names = "--san",
            paramLabel = "NAME",
            description = "A further name in the certificates: dns:HOST, ip:ADDRESS or uri:URI; may be repeated.")
    private List<String> alternativeNames = List.of();

    @Option(
            names = "--store-type",
            paramLabel = "TYPE",
            defaultValue = "PKCS12",
            description = "Type of key store and trust store: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private StoreType storeType;

    @Option(names = "--force", description = "Replaces a node's key and certificate that are there.")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        for (String name : names) {
            PkiDirectory.checkedName("node", name);
        }
        List<AlternativeName> common =
                alternativeNames.stream().map(AlternativeNames::parse).toList();
        PkiDirectory directory = options.directory();
        // Before the directory is made for the lock.
        directory.state();
        return directory.locked(locked -> issue(locked, common));
    }

    private int issue(PkiDirectory directory, List<AlternativeName> common) throws Exception {
        // All are refused before the first is written.
        for (String name : names) {
            NodeFiles node = directory.node(name);
            if (node.exists() && !force) {
                throw CommandException.exists(
                        node.certificateFile(), "run renew " + name + ", or replace it with --force");
            }
        }
        for (String name : names) {
            issue(directory, directory.node(name), common);
        }
        Output out = new Output(spec);
        out.blank();
        out.options(directory.state(), directory.node(names.get(0)));
        if (names.size() > 1) {
            out.line("For the other nodes, the same with their names.");
        }
        return ExitCode.OK;
    }

    private void issue(PkiDirectory directory, NodeFiles node, List<AlternativeName> common) throws Exception {
        SecureRandom random = new SecureRandom();
        ClusterState state = directory.state();
        NodeIssuer issuer = new NodeIssuer(directory, state, options.caPassword(), random);
        List<AlternativeName> all = new ArrayList<>();
        all.add(AlternativeNames.parse("dns:" + node.name()));
        all.addAll(common);
        Identity identity = issuer.issue(
                node, issuer.spec(node.name(), all, Validity.ofDays(options.days(), Instant.now())), key.type());
        NodeFiles.StorePasswords passwords = new NodeFiles.StorePasswords(options.storePassword(), random);
        boolean fresh = !node.exists();
        node.writeTrust(storeType, NodeIssuer.trusted(directory, state), passwords);
        node.writeIdentity(storeType, identity, passwords);
        if (state.rotation() != null && fresh) {
            state.rotation().joined(node.name());
            directory.save(state);
        }
        new Output(spec)
                .line(node.name() + ": " + node.directory() + ", valid until "
                        + identity.certificate().getNotAfter().toInstant() + ", "
                        + String.join(
                                ", ",
                                AlternativeNames.of(identity.certificate()).stream()
                                        .map(AlternativeNames::text)
                                        .toList()));
    }
}
