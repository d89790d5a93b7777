package io.evenkeel.certs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The printed completion in real shells. */
class CompletionTest {
    @TempDir
    Path directory;

    private Cli cli;
    private Path script;

    @BeforeEach
    void print() throws Exception {
        cli = new Cli(directory);
        script = Files.writeString(
                cli.file("completion"), Cli.inJvm("completion").ok().out());
    }

    /** As bash calls it at a Tab: the words so far are in COMP_WORDS, the last one is to be completed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|init-ca issue csr sign renew revoke crl rotate-ca inspect verify completion",
                "ro|rotate-ca",
                "issue --s|--san --store-type",
                "issue node-1 --store-type ''|PKCS12 JKS BCFKS",
                "issue --key p|p256 p384",
                "rotate-ca --d|--days --deployed --dir",
                "revoke --reason k|keyCompromise",
                "verify --trust-p|--trust-password-file"
            })
    void bash(String words, String completions) throws Exception {
        assumeTrue(Cli.isInstalled("bash", "--version"), "bash is not installed");
        // compopt works within a completion of an interactive shell only.
        String call =
                """
                source %s
                compopt() { :; }
                COMP_WORDS=(evenkeel-certs %s)
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                COMP_LINE="${COMP_WORDS[*]}"
                COMP_POINT=${#COMP_LINE}
                $(complete -p evenkeel-certs | sed 's/.* -F \\([^ ]*\\).*/\\1/')
                echo "${COMPREPLY[*]}"
                """
                        .formatted(script, words.isEmpty() ? "''" : words);
        Cli.Result result = cli.process(List.of("bash", "--norc", "-c", call)).ok();
        assertThat(result.err()).isEmpty();
        assertThat(List.of(result.out().strip().split(" "))).containsExactlyInAnyOrder(completions.split(" "));
    }

    /** An interactive zsh in a terminal of zsh's own making, at which Tab is pressed. */
    @Test
    void zsh() throws Exception {
        assumeTrue(
                Cli.isInstalled("zsh", "-f", "-c", "zmodload zsh/zpty"), "zsh with its module zpty is not installed");
        Path typing = Files.writeString(
                cli.file("typing"),
                """
                zmodload zsh/zpty
                zpty terminal zsh -f -i
                zpty -w terminal "source $1; print LOA''DED"
                zpty -r terminal seen '*LOADED*'
                zpty -w -n terminal $'evenkeel-certs iss\\t'
                zpty -r terminal seen '*evenkeel-certs issue *'
                zpty -w -n terminal $'node-1 --store-type BC\\t'
                zpty -r terminal seen '*BCFKS *'
                zpty -w -n terminal $'--pass\\tf\\t'
                zpty -r terminal seen '*--password-file *'
                zpty -d terminal
                print completed
                """);
        Cli.Result result = cli.process(List.of("env", "TERM=dumb", "zsh", "-f", typing.toString(), script.toString()))
                .ok();
        assertThat(result.out()).as(result.err()).contains("completed");
    }
}
