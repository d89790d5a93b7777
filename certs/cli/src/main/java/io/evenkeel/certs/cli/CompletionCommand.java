package io.evenkeel.certs.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code completion}. */
@Command(
        name = "completion",
        description =
                "Prints what lets bash and zsh complete commands and options of a script or alias evenkeel-certs.",
        footerHeading = "%nExample:%n",
        footer = {"  alias evenkeel-certs='java -jar evenkeel-certs.jar'", "  source <(${ROOT-COMMAND-NAME} completion)"
        })
final class CompletionCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        CommandLine root = spec.root().commandLine();
        root.getOut().print(AutoComplete.bash("evenkeel-certs", root));
        root.getOut().flush();
    }
}
