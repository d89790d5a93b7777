package io.evenkeel.certs.cli;

import io.evenkeel.certs.authority.AtomicFile;
import io.evenkeel.certs.authority.CertificateRequest;
import io.evenkeel.certs.authority.CertificateSpec.AlternativeName;
import io.evenkeel.certs.authority.MaterialWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code csr}. */
@Command(
        name = "csr",
        description = "On a node: makes a key that never leaves it, and the request with which the CA can certify it.",
        footerHeading = "%nExample:%n",
        footer = {
            "  ${ROOT-COMMAND-NAME} csr node-1 --out /tls",
            "  (copy /tls/tls.csr to the CA, run sign node-1 tls.csr there, copy tls.crt and ca.crt back to /tls)"
        })
final class CsrCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private KeyTypeOption key;

    @Parameters(paramLabel = "NODE", description = "Name of the node; a DNS name in its certificate.")
    private String name;

    @Option(
            names = "--san",
            paramLabel = "NAME",
            description = "A further name to ask for: dns:HOST, ip:ADDRESS or uri:URI; may be repeated.")
    private List<String> alternativeNames = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "Where tls.key and tls.csr go (default: the current directory).")
    private Path directory;

    @Option(names = "--force", description = "Replaces a key that is there.")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        PkiDirectory.checkedName("node", name);
        List<AlternativeName> names = new ArrayList<>();
        names.add(AlternativeNames.parse("dns:" + name));
        alternativeNames.forEach(text -> names.add(AlternativeNames.parse(text)));
        Path keyFile = directory.resolve("tls.key");
        if (Files.exists(keyFile) && !force) {
            throw CommandException.exists(keyFile, "give another --out, or replace it with --force");
        }
        SecureRandom random = new SecureRandom();
        KeyPair pair = key.type().generate(random);
        Path request = directory.resolve("tls.csr");
        Files.createDirectories(directory);
        MaterialWriter.writePem(keyFile, pair.getPrivate());
        AtomicFile.write(
                request,
                CertificateRequest.create("CN=" + name, names, pair, random).getBytes(StandardCharsets.US_ASCII),
                AtomicFile.Access.ALL);
        Output out = new Output(spec);
        out.line("key: " + keyFile);
        out.line("request: " + request);
        out.blank();
        out.line("Next, where the CA is: " + spec.root().name() + " sign " + name + " tls.csr");
        return ExitCode.OK;
    }
}
