package io.evenkeel.certs.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code crl}. */
@Command(
        name = "crl",
        description =
                "Writes the list of revoked certificates anew (DER), before the one that nodes have gets too old.",
        footerHeading = "%nExample:%n",
        footer = {"  ${ROOT-COMMAND-NAME} crl --days 7"})
final class CrlCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private AuthorityOptions options;

    @Option(
            names = "--days",
            paramLabel = "DAYS",
            defaultValue = "30",
            description = "After how many days nodes refuse to go by this list (default: ${DEFAULT-VALUE}).")
    private int days;

    @Override
    public Integer call() throws Exception {
        Validity.checkDays("--days", days);
        options.directory().state();
        return options.directory().locked(directory -> {
            Path list = RevocationList.write(directory, options.caPassword(), days);
            ClusterState state = directory.state();
            Output out = new Output(spec);
            out.line(list + ", number " + state.crlNumber());
            out.line(RevokeCommand.publish(state));
            return ExitCode.OK;
        });
    }
}
