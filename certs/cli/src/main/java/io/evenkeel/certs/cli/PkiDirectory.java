package io.evenkeel.certs.cli;

import io.evenkeel.certs.CertificateMaterialException;
import io.evenkeel.certs.Identity;
import io.evenkeel.certs.StoreFile;
import io.evenkeel.certs.authority.AtomicFile;
import io.evenkeel.certs.authority.CertificateAuthority;
import io.evenkeel.certs.authority.MaterialWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A cluster's certificates on an operator's disk: {@code cluster.properties}, {@code issued.tsv}, {@code ca-1} with the
 * CA, {@code nodes/NODE} with each node's files.
 */
final class PkiDirectory {
    /** Goes into file names, certificates and patterns; a comma separates names in the state. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    private final Path root;

    PkiDirectory(Path root) {
        this.root = root;
    }

    Path root() {
        return root;
    }

    /** The work of a command that writes. */
    interface Work {
        int run(PkiDirectory directory) throws Exception;
    }

    /** Does something while no other command writes here. */
    int locked(Work work) throws Exception {
        Files.createDirectories(root);
        try (FileChannel channel =
                FileChannel.open(root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // Ends with the channel, and with the process.
            if (channel.tryLock() == null) {
                throw new CommandException(root + ": another command is at work here; wait until it has ended");
            }
            sweep();
            return work.run(this);
        }
    }

    private void sweep() throws IOException {
        try (Stream<Path> all = Files.walk(root, 2)) {
            for (Path each : all.filter(Files::isDirectory).toList()) {
                AtomicFile.sweep(each);
            }
        }
    }

    boolean exists() {
        return Files.exists(stateFile());
    }

    ClusterState state() throws IOException, CommandException {
        if (!exists()) {
            throw new CommandException(
                    root + ": has no CA of a cluster; run init-ca first, or name its directory by --dir");
        }
        return ClusterState.read(stateFile());
    }

    void save(ClusterState state) throws IOException {
        state.write(stateFile());
    }

    private Path stateFile() {
        return root.resolve("cluster.properties");
    }

    IssuedIndex index() {
        return new IssuedIndex(root.resolve("issued.tsv"));
    }

    Path authorityDirectory(int number) {
        return root.resolve("ca-" + number);
    }

    Path authorityCertificateFile(int number) {
        return authorityDirectory(number).resolve("ca.crt");
    }

    X509Certificate authorityCertificate(int number) throws CertificateMaterialException {
        return CertificateFile.read(authorityCertificateFile(number)).get(0);
    }

    /** Writes a CA's key, encrypted, and its certificate. */
    void writeAuthority(int number, CertificateAuthority authority, PasswordSource source, SecureRandom random)
            throws IOException, CommandException {
        Path directory = authorityDirectory(number);
        Files.createDirectories(directory);
        char[] password = Passwords.given(source, directory.resolve("ca.password"), random);
        try {
            MaterialWriter.writePem(
                    directory.resolve("ca.key"), authority.identity().key(), password, random);
            MaterialWriter.writePem(directory.resolve("ca.crt"), List.of(authority.certificate()));
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    /** Opens a CA's key; by the password that lies beside it unless another source is given. */
    CertificateAuthority authority(int number, PasswordSource source)
            throws IOException, CommandException, CertificateMaterialException {
        Path directory = authorityDirectory(number);
        Path kept = directory.resolve("ca.password");
        char[] given = source.read();
        if (given == null && !Files.exists(kept)) {
            throw new CommandException(directory.resolve("ca.key")
                    + ": its password is not beside it; give it by --ca-password-file or --ca-password-env");
        }
        char[] password = given == null ? PasswordSource.read(kept) : given;
        try {
            StoreFile file = StoreFile.pem(directory.resolve("ca.crt"), directory.resolve("ca.key"), password);
            return CertificateAuthority.of(Identity.read(file, Instant.now()));
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    NodeFiles node(String name) {
        return new NodeFiles(name, root.resolve("nodes").resolve(name));
    }

    /** A node that was issued a certificate. */
    NodeFiles existing(String name) throws CommandException {
        NodeFiles node = node(checkedName("node", name));
        if (!node.exists()) {
            throw new CommandException(node.directory() + ": has no certificate; run issue " + name + " first");
        }
        return node;
    }

    /** Every node that was issued a certificate, in the order of their names. */
    List<String> nodes() throws IOException {
        Path all = root.resolve("nodes");
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        try (Stream<Path> found = Files.list(all)) {
            found.map(path -> path.getFileName().toString())
                    .filter(name -> NAME.matcher(name).matches() && node(name).exists())
                    .sorted()
                    .forEach(names::add);
        }
        return names;
    }

    /** Refuses names that cannot be a file's, or part of a certificate's URI. */
    static String checkedName(String role, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new UsageException(role + " name '" + name
                    + "' must be 1 to 63 letters, digits, dots, dashes and underscores, a letter or digit first");
        }
        return name;
    }
}
