package io.evenkeel.certs.cli;

import io.evenkeel.certs.authority.AtomicFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept about a cluster beside its keys and certificates, in one file, so that it changes at once.
 *
 * @param cluster the cluster's name, as it stands in certificates
 * @param authority number of the CA's directory
 * @param crlUrl put into new certificates; null for none
 * @param crlNumber of the last list of revoked certificates; 0 before the first
 * @param rotation the exchange of the CA that is under way; null if there is none
 */
record ClusterState(
        String cluster, int authority, @Nullable String crlUrl, long crlNumber, @Nullable CaRotation rotation) {

    private static final String CLUSTER = "cluster";
    private static final String AUTHORITY = "authority";
    private static final String CRL_URL = "crl-url";
    private static final String CRL_NUMBER = "crl-number";
    private static final String PHASE = "rotation.phase";
    private static final String NODES = "rotation.nodes";
    private static final String CONFIRMED = "rotation.confirmed";

    static ClusterState read(Path file) throws IOException, CommandException {
        Properties found = new Properties();
        try {
            found.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
            return of(found);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new CommandException(
                    ExitCode.FAILED, file + ": is damaged (" + e.getMessage() + "); restore it from a backup", e);
        }
    }

    private static ClusterState of(Properties found) {
        String phase = found.getProperty(PHASE);
        CaRotation rotation = phase == null
                ? null
                : CaRotation.of(
                        CaRotation.Phase.valueOf(phase.toUpperCase(Locale.ROOT)),
                        list(found.getProperty(NODES, "")),
                        list(found.getProperty(CONFIRMED, "")));
        return new ClusterState(
                found.getProperty(CLUSTER).trim(),
                Integer.parseInt(found.getProperty(AUTHORITY).trim()),
                found.getProperty(CRL_URL),
                Long.parseLong(found.getProperty(CRL_NUMBER, "0").trim()),
                rotation);
    }

    private static List<String> list(String text) {
        return text.isBlank() ? List.of() : List.of(text.trim().split(","));
    }

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# Kept by evenkeel-certs; " + CRL_URL + " may be edited.");
        lines.add(CLUSTER + "=" + cluster);
        lines.add(AUTHORITY + "=" + authority);
        lines.add(CRL_NUMBER + "=" + crlNumber);
        if (crlUrl != null) {
            lines.add(CRL_URL + "=" + crlUrl);
        }
        if (rotation != null) {
            lines.add(PHASE + "=" + rotation.phase().name().toLowerCase(Locale.ROOT));
            lines.add(NODES + "=" + String.join(",", rotation.nodes()));
            lines.add(CONFIRMED + "=" + String.join(",", rotation.confirmed()));
        }
        AtomicFile.write(
                file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8), AtomicFile.Access.ALL);
    }

    ClusterState withRotation(@Nullable CaRotation next) {
        return new ClusterState(cluster, authority, crlUrl, crlNumber, next);
    }

    ClusterState withAuthority(int next) {
        return new ClusterState(cluster, next, crlUrl, crlNumber, null);
    }

    ClusterState withCrlNumber(long next) {
        return new ClusterState(cluster, authority, crlUrl, next, rotation);
    }

    /** The exchange of the CA, where one is known to be under way. */
    CaRotation ongoing() {
        return Objects.requireNonNull(rotation, "no exchange of the CA is under way");
    }

    /** Number of the CA that issues now: while it is exchanged, the old or the new one. */
    int issuingAuthority() {
        return rotation != null && rotation.wanted().issuedByNew() ? authority + 1 : authority;
    }

    /** The name in every node's certificate of this cluster: a SPIFFE ID whose trust domain is the cluster. */
    String uriOf(String node) {
        return "spiffe://" + cluster + "/node/" + node;
    }

    /** The pattern that lets this cluster's nodes in, and nobody else that the CA may sign for. */
    String authorizedPeers() {
        return "uri:" + uriOf("*");
    }
}
