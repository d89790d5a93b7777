package io.evenkeel.certs.cli;

import io.evenkeel.certs.core.LogText;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** {@code inspect}. */
@Command(
        name = "inspect",
        description = {
            "Shows the certificates in a file, or those that a node shows on its port, and what is wrong with them.",
            "Key stores, trust stores and PEM. Of the problems, it tells the first for which a member would refuse"
                    + " them."
        },
        footerHeading = "%nExample:%n",
        footer = {
            "  ${ROOT-COMMAND-NAME} inspect pki/nodes/node-1/keystore.p12",
            "  ${ROOT-COMMAND-NAME} inspect node-1.example:7800 --json"
        })
final class InspectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private StorePasswordOption password;

    @Parameters(paramLabel = "FILE|HOST:PORT", description = "What to look at.")
    private String target;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Inspection found = inspect();
        Output out = new Output(spec);
        if (json) {
            out.line(Json.of(found.json()));
        } else {
            found.lines().forEach(line -> out.line(LogText.oneLine(line)));
        }
        return found.problems().isEmpty() ? ExitCode.OK : ExitCode.REFUSED;
    }

    private Inspection inspect() throws Exception {
        Path file = Path.of(target);
        if (!Files.exists(file) && Endpoint.is(target)) {
            List<X509Certificate> chain = Endpoint.parse(target).ask(null).chain();
            return Inspection.ofWire(target, chain, Instant.now());
        }
        return Inspection.ofFile(file, StoreFiles.password(file, password.source()), Instant.now());
    }
}
