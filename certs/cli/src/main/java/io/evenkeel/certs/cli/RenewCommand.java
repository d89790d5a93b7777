package io.evenkeel.certs.cli;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code renew}. */
@Command(
        name = "renew",
        description = {
            "Issues nodes' certificates again, with the same names and a new key.",
            "Running nodes take the new files by themselves. A key that lies on its node alone stays. May be repeated."
        },
        footerHeading = "%nExample:%n",
        footer = {"  ${ROOT-COMMAND-NAME} renew", "  ${ROOT-COMMAND-NAME} renew node-1 --days 90"})
final class RenewCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private IssuanceOptions options;

    @Parameters(arity = "0..*", paramLabel = "NODE", description = "Names of the nodes; all without any.")
    private List<String> names = List.of();

    @Override
    public Integer call() throws Exception {
        options.directory().state();
        return options.directory().locked(this::renew);
    }

    private int renew(PkiDirectory directory) throws Exception {
        SecureRandom random = new SecureRandom();
        NodeIssuer issuer = new NodeIssuer(directory, directory.state(), options.caPassword(), random);
        List<NodeFiles> nodes = new ArrayList<>();
        for (String name : names.isEmpty() ? directory.nodes() : names) {
            nodes.add(directory.existing(name));
        }
        Output out = new Output(spec);
        for (NodeFiles node : nodes) {
            X509Certificate fresh =
                    issuer.renew(node, options.days(), new NodeFiles.StorePasswords(options.storePassword(), random));
            out.line(node.name() + ": " + node.directory() + ", valid until "
                    + fresh.getNotAfter().toInstant());
        }
        return ExitCode.OK;
    }
}
