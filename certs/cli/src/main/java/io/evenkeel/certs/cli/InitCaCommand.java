package io.evenkeel.certs.cli;

import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.KeyType;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code init-ca}. */
@Command(
        name = "init-ca",
        description =
                "Makes the CA of a cluster: an encrypted key and a self-signed certificate that signs nodes only.",
        footerHeading = "%nExample:%n",
        footer = {"  ${ROOT-COMMAND-NAME} init-ca --cluster keycloak-prod"})
final class InitCaCommand implements Callable<Integer> {
    /** A trust domain of SPIFFE, which takes no capital letters. */
    private static final Pattern CLUSTER = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

    @Spec
    private CommandSpec spec;

    @Mixin
    private AuthorityOptions options;

    @Mixin
    private KeyTypeOption key;

    @Option(
            names = "--cluster",
            paramLabel = "NAME",
            defaultValue = "keycloak",
            description = "Name of the cluster, which all its certificates bear (default: ${DEFAULT-VALUE}).")
    private String cluster;

    @Option(
            names = "--days",
            paramLabel = "DAYS",
            defaultValue = "3650",
            description = "How long the CA is valid (default: ${DEFAULT-VALUE}).")
    private int days;

    @Option(
            names = "--crl-url",
            paramLabel = "URL",
            description = "Where nodes will find the list of revoked certificates; goes into every certificate.")
    private String crlUrl;

    @Option(names = "--force", description = "Replaces a CA that is there: what it has issued must be issued again.")
    private boolean force;

    @Override
    public Integer call() throws Exception {
        if (!CLUSTER.matcher(cluster).matches()) {
            throw new UsageException("--cluster=" + cluster
                    + " must be 1 to 63 small letters, digits, dots, dashes and underscores, a letter or digit first");
        }
        return options.directory().locked(this::init);
    }

    private int init(PkiDirectory directory) throws Exception {
        // A number of its own keeps the files of the one before.
        int number = 1;
        if (directory.exists()) {
            if (!force) {
                throw CommandException.exists(
                        directory.authorityCertificateFile(directory.state().authority()),
                        "give another --dir, exchange it with rotate-ca, or replace it with --force");
            }
            number = directory.state().authority() + 1;
        }
        SecureRandom random = new SecureRandom();
        Validity validity = Validity.ofDays(days, Instant.now());
        CertificateAuthority authority = create(cluster, number, key.type(), validity, random);
        directory.writeAuthority(number, authority, options.caPassword(), random);
        directory.save(new ClusterState(cluster, number, crlUrl, 0, null));
        Output out = new Output(spec);
        out.line("CA of the cluster '" + cluster + "', valid until "
                + authority.certificate().getNotAfter().toInstant() + ":");
        out.line("  " + directory.authorityCertificateFile(number));
        out.line("  " + directory.authorityDirectory(number).resolve("ca.key") + " (encrypted; keep it off the nodes)");
        out.blank();
        out.line("Next: " + spec.root().name() + " issue node-1 node-2" + out.directoryOption(directory));
        return ExitCode.OK;
    }

    static CertificateAuthority create(
            String cluster, int number, KeyType key, Validity validity, SecureRandom random) {
        // Two CAs of one name would be told apart by their keys alone.
        String subject = "CN=" + cluster + " cluster CA " + number;
        return CertificateAuthority.createForMembers(subject, key, validity.notBefore(), validity.notAfter(), random);
    }
}
