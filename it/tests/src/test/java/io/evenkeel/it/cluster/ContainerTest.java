package io.evenkeel.it.cluster;

import static io.evenkeel.it.cluster.RealKeycloak.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.Caches;
import io.evenkeel.it.node.Database;
import io.evenkeel.it.node.KeycloakCluster;
import io.evenkeel.it.node.KeycloakNode;
import io.evenkeel.it.node.NodeConfig;
import io.evenkeel.it.node.Programs;
import io.evenkeel.it.oidc.OidcAnswer;
import io.evenkeel.it.oidc.OidcClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The container of docs/operate/containers.md, on two nodes in mount namespaces: a read-only root, {@code /tmp} that
 * is noexec, user 1000 in group 0 without a capability to gain. The second runs on a JDK 25 where one is named, by
 * {@code -Devenkeel.jdk25=HOME} or {@code JAVA_HOME_25}.
 */
@EnabledIfSystemProperty(named = "evenkeel.long", matches = "true", disabledReason = "-Devenkeel.long=true runs it")
class ContainerTest {
    @RegisterExtension
    private static final KeycloakSandbox KEYCLOAK = new KeycloakSandbox();

    private static final String TEMPORARY = "-Djava.io.tmpdir=/tmp";

    /**
     * Home and cache of the test lie in directories that no other user may enter; inside they are at the same places.
     */
    private static final String CONTAINER =
            """
            set -e
            home=$1 cache=$2 users_home=$3
            shift 3
            mount -t tmpfs -o mode=755 tmpfs /mnt
            mkdir /mnt/home /mnt/cache
            mount --bind "$home" /mnt/home
            mount --bind "$cache" /mnt/cache
            mount -t tmpfs -o mode=755 tmpfs "$users_home"
            mount -t tmpfs -o mode=1777,noexec tmpfs /tmp
            mkdir -p "$home" "$cache"
            mount --bind /mnt/home "$home"
            mount --bind /mnt/cache "$cache"
            umount /mnt/home /mnt/cache /mnt
            mount -o remount,bind,ro "$cache"
            mount -o remount,bind,ro "$home"
            mount -t tmpfs -o mode=770,uid=1000,gid=0 tmpfs "$home/data/tmp"
            mount -o remount,bind,ro /
            exec setpriv --reuid=1000 --regid=0 --clear-groups --no-new-privs "$@"
            """;

    private final OidcClient users = OidcClient.ofAdministrators();

    @Test
    void aClusterLivesInReadOnlyContainersOfAnOrdinaryUser() throws Exception {
        assumeTrue(Programs.areInstalled("unshare", "mount", "setpriv"), "unshare, mount and setpriv are not all here");
        assumeTrue("root".equals(System.getProperty("user.name")), "mount namespaces with another user need root");
        try (KeycloakCluster cluster = KEYCLOAK.cluster("container")) {
            Database database = KEYCLOAK.database("container");
            KeycloakNode plain = contained(cluster, "node-1", database, config -> config);
            KeycloakNode withNatives = contained(cluster, "node-2", database, ContainerTest::onJdk25);
            Path natives = withNatives.home().dir().resolve("data").resolve("tmp");
            withNatives.configure(withNatives.config().withJvmOption("-Dio.netty.native.workdir=" + natives));
            cluster.start();

            assertThat(status(plain, "Uid")).isEqualTo("1000");
            assertThat(status(plain, "Gid")).isEqualTo("0");
            assertThat(rootMount(plain)).contains("ro");
            assertThat(listening(plain))
                    .hasValueSatisfying(line -> assertThat(line).contains("encryption: TLSv1.3", "(JDK"));
            assertThat(listening(withNatives))
                    .hasValueSatisfying(line -> assertThat(line).contains("encryption: TLSv1.3", "(BoringSSL"));
            OidcAnswer login = users.logIn(plain, KEYCLOAK.admin());
            assertThat(login.status()).as(login.body()).isEqualTo(200);
            assertThat(users.refresh(withNatives, login.refreshToken()).status())
                    .isEqualTo(200);
            assertThat(RealKeycloak.ourErrors(plain)).isEmpty();
            assertThat(RealKeycloak.ourErrors(withNatives)).isEmpty();
            assertThat(plain.stop()).as("stopped by SIGTERM").isTrue();
            assertThat(withNatives.stop()).as("stopped by SIGTERM").isTrue();
        }
    }

    private KeycloakNode contained(
            KeycloakCluster cluster, String name, Database database, UnaryOperator<NodeConfig> change)
            throws IOException {
        KeycloakNode node =
                KEYCLOAK.add(cluster, name, database, config -> change.apply(config.withJvmOption(TEMPORARY)));
        Path home = node.home().dir();
        Files.createDirectories(home.resolve("data").resolve("tmp"));
        node.home()
                .runThrough(List.of(
                        "unshare",
                        "--mount",
                        "--propagation=private",
                        "sh",
                        "-c",
                        CONTAINER,
                        "container",
                        home.toString(),
                        Caches.ofUser().root().toString(),
                        System.getProperty("user.home")));
        return node;
    }

    private static NodeConfig onJdk25(NodeConfig config) {
        return Optional.ofNullable(System.getProperty("evenkeel.jdk25", System.getenv("JAVA_HOME_25")))
                .map(home -> config.withJdkHome(Path.of(home)))
                .orElse(config);
    }

    private static Optional<String> listening(KeycloakNode node) throws InterruptedException {
        return node.log().await(Pattern.compile("listening on .* encryption: "), BOUND);
    }

    /** The effective id, of a line of /proc/PID/status. */
    private static String status(KeycloakNode node, String name) throws IOException {
        return Files.readAllLines(proc(node).resolve("status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.split("\\s+", -1)[2])
                .findFirst()
                .orElseThrow();
    }

    /** The options of the mount of /, from /proc/PID/mounts. */
    private static List<String> rootMount(KeycloakNode node) throws IOException {
        return Files.readAllLines(proc(node).resolve("mounts")).stream()
                .map(line -> line.split(" ", -1))
                .filter(fields -> fields[1].equals("/"))
                .map(fields -> List.of(fields[3].split(",", -1)))
                .findFirst()
                .orElseThrow();
    }

    private static Path proc(KeycloakNode node) {
        return Path.of("/proc", node.javaPid().orElseThrow().toString());
    }
}
