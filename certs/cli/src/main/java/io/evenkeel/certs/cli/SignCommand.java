package io.evenkeel.certs.cli;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.FileContents;
import io.evenkeel.certs.authority.CertificateRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sign}. */
@Command(
        name = "sign",
        description = {
            "Certifies the key in a request that a node made with csr, openssl or keytool.",
            "The names in the request are taken over; see them first with inspect."
        },
        footerHeading = "%nExample:%n",
        footer = {"  ${ROOT-COMMAND-NAME} sign node-1 tls.csr"})
final class SignCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private AuthorityOptions options;

    @Mixin
    private DaysOption days;

    @Parameters(index = "0", paramLabel = "NODE", description = "Name of the node that the request is of.")
    private String name;

    @Parameters(index = "1", paramLabel = "REQUEST", description = "File with the request (PKCS #10, PEM).")
    private Path request;

    @Option(names = "--force", description = "Replaces a certificate of the node that is there.")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        PkiDirectory.checkedName("node", name);
        CertificateRequest asked = read();
        options.directory().state();
        return options.directory().locked(directory -> sign(directory, asked));
    }

    private CertificateRequest read() throws CertificateMaterialException, CommandException {
        byte[] content = FileContents.read(List.of(request)).of(request.toString(), request);
        try {
            return CertificateRequest.parse(content);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED, request + ": " + e.getMessage() + "; make it anew with csr on the node", e);
        }
    }

    private int sign(PkiDirectory directory, CertificateRequest asked) throws Exception {
        NodeFiles node = directory.node(name);
        if (node.exists() && !force) {
            throw CommandException.exists(node.certificateFile(), "run renew " + name + ", or replace it with --force");
        }
        if (node.hasKey()) {
            throw new CommandException(node.keyFile() + ": the node's key lies here, and the request is for another;"
                    + " remove " + node.directory() + " first");
        }
        ClusterState state = directory.state();
        NodeIssuer issuer = new NodeIssuer(directory, state, options.caPassword(), new SecureRandom());
        boolean fresh = !node.exists();
        List<X509Certificate> chain = issuer.certify(
                node, issuer.spec(name, asked.names(), Validity.ofDays(days.days(), Instant.now())), asked.key());
        node.writePemTrust(NodeIssuer.trusted(directory, state));
        node.writeChain(chain);
        if (state.rotation() != null && fresh) {
            state.rotation().joined(name);
            directory.save(state);
        }
        Output out = new Output(spec);
        out.line(name + ": " + node.directory() + ", valid until "
                + chain.get(0).getNotAfter().toInstant());
        out.line("Copy tls.crt and ca.crt to the node, beside its tls.key; with paths as they are there:");
        out.blank();
        out.options(state, node);
        return ExitCode.OK;
    }
}
