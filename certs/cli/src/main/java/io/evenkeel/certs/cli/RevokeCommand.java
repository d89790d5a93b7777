package io.evenkeel.certs.cli;

import io.evenkeel.certs.authority.CertificateAuthority.Revocation;
import java.nio.file.Path;
import java.time.Instant;
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

/** {@code revoke}. */
@Command(
        name = "revoke",
        description =
                "Revokes all certificates that a node was issued, or one by its serial number, and writes the list.",
        footerHeading = "%nExample:%n",
        footer = {
            "  ${ROOT-COMMAND-NAME} revoke node-1 --reason keyCompromise",
            "  ${ROOT-COMMAND-NAME} revoke --serial 5f3a9c"
        })
final class RevokeCommand implements Callable<Integer> {

    /** Codes of RFC 5280, section 5.3.1. */
    enum Reason {
        unspecified(0),
        keyCompromise(1),
        superseded(4),
        cessationOfOperation(5);

        private final int code;

        Reason(int code) {
            this.code = code;
        }
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private AuthorityOptions options;

    @Parameters(arity = "0..1", paramLabel = "NODE", description = "Name of the node.")
    private String name;

    @Option(
            names = "--serial",
            paramLabel = "HEX",
            description = "Serial number of one certificate, as inspect shows it.")
    private String serial;

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            defaultValue = "unspecified",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Reason reason;

    @Override
    public Integer call() throws Exception {
        if ((name == null) == (serial == null)) {
            throw new ParameterException(spec.commandLine(), "Give a node, or --serial");
        }
        options.directory().state();
        return options.directory().locked(this::revoke);
    }

    private int revoke(PkiDirectory directory) throws Exception {
        List<IssuedIndex.Issued> all = new ArrayList<>();
        List<Revocation> revoked = new ArrayList<>();
        boolean known = false;
        for (IssuedIndex.Issued each : directory.index().read()) {
            boolean meant = name == null
                    ? each.serial().equalsIgnoreCase(serial)
                    : each.node().equals(name);
            known |= meant;
            if (meant && each.revokedAt() == null) {
                IssuedIndex.Issued now = each.revoked(Instant.now(), reason.code);
                revoked.add(now.revocation());
                all.add(now);
            } else {
                all.add(each);
            }
        }
        if (!known) {
            throw new CommandException((name == null ? "serial " + serial : name)
                    + ": no certificate was issued for it here; see issued.tsv for those that were");
        }
        directory.index().write(all);
        Path list = RevocationList.write(directory, options.caPassword(), 30);
        Output out = new Output(spec);
        revoked.forEach(each -> out.line("revoked " + each.serial().toString(16)));
        out.line(list.toString());
        out.line(publish(directory.state()));
        return ExitCode.OK;
    }

    /** The event that gives a list its effect. */
    static String publish(ClusterState state) {
        return state.crlUrl() == null
                ? "No certificate says where the list lies (init-ca --crl-url): nodes find it only if they are told"
                        + " otherwise."
                : "Publish it at " + state.crlUrl() + "; nodes started with -Dcom.sun.net.ssl.checkRevocation=true and"
                        + " -Dcom.sun.security.enableCRLDP=true go by it.";
    }
}
