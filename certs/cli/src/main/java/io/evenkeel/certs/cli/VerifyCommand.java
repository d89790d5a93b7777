package io.evenkeel.certs.cli;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.core.LogText;
import io.evenkeel.certs.core.PeerPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code verify}. */
@Command(
        name = "verify",
        description = {
            "Tells whether nodes would accept each other, and if not, why.",
            "It judges each against each with the code of TCP_NETTY. Without arguments, all nodes of the cluster."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  ${ROOT-COMMAND-NAME} verify",
            "  ${ROOT-COMMAND-NAME} verify node-1 /mnt/secret-of-node-2",
            "  ${ROOT-COMMAND-NAME} verify node-1 node-2.example:7800",
            "  ${ROOT-COMMAND-NAME} verify --key-store keys.p12 --trust-store trust.p12 --password-file secret"
        })
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private PkiOption pki;

    @Mixin
    private StorePasswordOption password;

    @Parameters(
            arity = "0..*",
            paramLabel = "NODE|DIR|HOST:PORT",
            description =
                    "Names of nodes, directories with a node's files or with a mounted TLS secret, running nodes.")
    private List<String> targets = List.of();

    @Option(
            names = "--key-store",
            paramLabel = "FILE",
            description = "A key store, or PEM with the certificates, of one more node.")
    private Path keyStore;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description = "PEM with the key, if --key-store is PEM without it.")
    private Path keyFile;

    @Option(
            names = "--trust-store",
            paramLabel = "FILE",
            description = "The trust store, or PEM, that belongs to --key-store.")
    private Path trustStore;

    @Option(
            names = "--trust-password-file",
            paramLabel = "FILE",
            description = "File with the password of --trust-store, if it is another than that of --key-store.")
    private Path trustPassword;

    @Option(
            names = "--authorized-peers",
            paramLabel = "PATTERNS",
            description = "Patterns as in authorized_peers of TCP_NETTY. Default: any peer that is trusted.")
    private String authorizedPeers;

    @Override
    public Integer call() throws Exception {
        PeerPolicy policy = policy();
        List<Party> parties = new ArrayList<>();
        List<Endpoint> endpoints = new ArrayList<>();
        if ((keyStore == null) != (trustStore == null)) {
            throw new ParameterException(spec.commandLine(), "--key-store and --trust-store need each other");
        }
        if (keyStore != null) {
            parties.add(given());
        }
        for (String target :
                targets.isEmpty() && keyStore == null ? pki.directory().nodes() : targets) {
            if (!Files.exists(Path.of(target)) && Endpoint.is(target)) {
                endpoints.add(Endpoint.parse(target));
            } else {
                parties.add(party(target));
            }
        }
        if (parties.isEmpty()) {
            throw new CommandException(
                    endpoints.isEmpty()
                            ? pki.directory().root() + ": has no nodes; run issue first, or name what to verify"
                            : "a running node is verified against a node's files; name these, too");
        }
        Findings found = judge(parties, endpoints, policy);
        Output out = new Output(spec);
        found.refusals().forEach(refusal -> out.line(LogText.oneLine(refusal)));
        found.notes().forEach(note -> out.line("note: " + LogText.oneLine(note)));
        if (found.refusals().isEmpty()) {
            int count = parties.size() + endpoints.size();
            out.line(
                    count == 1 ? "accepted by nodes that trust what it trusts" : "all " + count + " accept each other");
        }
        return found.refusals().isEmpty() ? ExitCode.OK : ExitCode.REFUSED;
    }

    /**
     * The result of judging each against each.
     *
     * @param refusals why one would refuse the other
     * @param notes what could not be judged from here
     */
    private record Findings(List<String> refusals, List<String> notes) {}

    private PeerPolicy policy() {
        try {
            return PeerPolicy.parse("--authorized-peers", authorizedPeers);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static Findings judge(List<Party> parties, List<Endpoint> endpoints, PeerPolicy policy)
            throws GeneralSecurityException, IOException, CommandException {
        Findings found = new Findings(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < parties.size(); i++) {
            Party party = parties.get(i);
            if (!party.fitsBoringSsl() && parties.stream().anyMatch(Party::mayRunBoringSsl)) {
                found.notes()
                        .add(party.name() + "'s key is neither EC nor RSA, and members on BoringSSL refuse it; set"
                                + " tls_provider=jdk on all members, or issue keys of one kind");
            }
            for (int j = i; j < parties.size(); j++) {
                found.refusals().addAll(party.refusals(parties.get(j), policy));
            }
            for (Endpoint endpoint : endpoints) {
                Endpoint.Answer answer = endpoint.ask(party.material());
                found.refusals().addAll(party.refusals(endpoint.toString(), answer.chain(), policy));
                switch (answer.outcome()) {
                    case ACCEPTED -> {}
                    case REFUSED -> found.refusals().add(party.name() + ": " + answer.refusal());
                    case SILENT ->
                        found.notes()
                                .add(endpoint + " has not refused " + party.name() + " and said nothing either, as"
                                        + " nodes without TCP_NETTY do; its log has the last word");
                }
            }
        }
        return found;
    }

    private Party given() throws IOException, CommandException, CertificateMaterialException {
        PasswordSource keys = password.source();
        PasswordSource trust = trustPassword == null ? keys : new PasswordSource(trustPassword, null);
        StoreFile store =
                keyFile == null ? StoreFiles.of(keyStore, keys) : StoreFile.pem(keyStore, keyFile, keys.read());
        return Party.read(keyStore.toString(), store, StoreFiles.of(trustStore, trust));
    }

    private Party party(String target) throws IOException, CommandException, CertificateMaterialException {
        if (Files.isDirectory(Path.of(target))) {
            return Party.of(target, Path.of(target));
        }
        NodeFiles node = pki.directory().existing(target);
        return Party.of(target, node.directory());
    }
}
