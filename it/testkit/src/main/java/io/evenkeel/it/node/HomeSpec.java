package io.evenkeel.it.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The contents of a Keycloak home before it is built.
 *
 * @param providers jars for providers/
 * @param conf files for conf/, by the name that they get there (cache-ispn.xml, a stack file)
 * @param buildOptions options of {@code kc.sh build} beyond those that every home gets
 */
public record HomeSpec(List<Path> providers, Map<String, Path> conf, List<String> buildOptions) {
    public static final HomeSpec STOCK = new HomeSpec(List.of(), Map.of(), List.of());

    private static final List<String> COMMON_BUILD_OPTIONS =
            List.of("--db=postgres", "--health-enabled=true", "--metrics-enabled=true");

    public HomeSpec {
        providers = List.copyOf(providers);
        conf = Map.copyOf(conf);
        buildOptions = List.copyOf(buildOptions);
    }

    public HomeSpec withProvider(Path jar) {
        List<Path> more = new ArrayList<>(providers);
        more.add(jar);
        return new HomeSpec(more, conf, buildOptions);
    }

    public HomeSpec withConf(String name, Path file) {
        Map<String, Path> more = new TreeMap<>(conf);
        more.put(name, file);
        return new HomeSpec(providers, more, buildOptions);
    }

    public HomeSpec withBuildOption(String option) {
        List<String> more = new ArrayList<>(buildOptions);
        more.add(option);
        return new HomeSpec(providers, conf, more);
    }

    List<String> allBuildOptions() {
        List<String> all = new ArrayList<>(COMMON_BUILD_OPTIONS);
        all.addAll(buildOptions);
        return all;
    }

    /**
     * A name for the result of the build: equal for equal inputs. conf/ is read when a node starts and is not part of
     * it.
     */
    String buildKey(String keycloakVersion, String javaVersion) throws IOException {
        MessageDigest digest = sha256();
        List<String> parts = new ArrayList<>(List.of(keycloakVersion, javaVersion));
        parts.addAll(allBuildOptions());
        for (Path jar : providers) {
            parts.add(jar.getFileName().toString());
            parts.add(HexFormat.of().formatHex(sha256().digest(Files.readAllBytes(jar))));
        }
        parts.forEach(part -> digest.update((part + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest()).substring(0, 32);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
