package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.protocols.transport.LoudLeakDetector;
import io.evenkeel.protocols.transport.TransportTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Choices that are made at the start of a JVM: NIO in the place of epoll, IPv6, the JDK's checks of revocation, Netty's
 * detector of leaks, another JDK.
 *
 * <p>The last one needs {@code -Devenkeel.jdk25=<home of a JDK 25>} or the environment's {@code JAVA_HOME_25}. All
 * tests of the module on it: {@code ./mvnw -pl protocols -am test -Djvm=<home of a JDK 25>/bin/java}
 */
@Execution(ExecutionMode.CONCURRENT)
class TCP_NETTYOtherJvmTest {
    private static final String IPV4 = "-Djava.net.preferIPv4Stack=true";

    @Test
    void nioWhereEpollIsNotToBeHad() throws Exception {
        String said = OtherJvm.run(
                OtherJvm.java(),
                List.of(IPV4, "-Dio.netty.transport.noNative=true"),
                TransportTest.class,
                TCP_NETTYClusterTest.class,
                TCP_NETTYContractTest.class);
        assertThat(said)
                .contains("(nio), encryption", "WARN there is no epoll here", "TCP_USER_TIMEOUT")
                .doesNotContain("(epoll)");
    }

    @Test
    void nothingBlocksAnEventLoop() throws Exception {
        List<String> options = List.of(
                IPV4, "-XX:+AllowRedefinitionToAddDeleteMethods", "-D" + OtherJvm.BLOCKING_IS_A_FAILURE + "=true");
        String said = OtherJvm.run(
                OtherJvm.java(), options, TCP_NETTYClusterTest.class, TCP_NETTYReloadTest.class, TransportTest.class);
        assertThat(said).doesNotContain("BLOCKED in");
    }

    @Test
    void membersOnIpv6() throws Exception {
        List<String> options =
                List.of("-Djava.net.preferIPv4Stack=false", "-D" + TransportContract.ADDRESS_PROPERTY + "=::1");
        OtherJvm.run(OtherJvm.java(), options, TCP_NETTYContractTest.class, TCPContractTest.class);
    }

    @Test
    void membersAtLinkLocalAddresses() throws Exception {
        List<String> options = List.of("-Djava.net.preferIPv4Stack=false");
        OtherJvm.run(OtherJvm.java(), options, TCP_NETTYLinkLocalTest.class);
    }

    @Test
    void revocationByTheSettingsOfTheJdk() throws Exception {
        List<String> options =
                List.of(IPV4, "-Dcom.sun.net.ssl.checkRevocation=true", "-Dcom.sun.security.enableCRLDP=true");
        OtherJvm.run(OtherJvm.java(), options, TCP_NETTYRevocationTest.class);
    }

    @Test
    void buffersAreReleased() throws Exception {
        List<String> options = List.of(
                IPV4,
                "-Dio.netty.leakDetection.level=paranoid",
                // Else each access leaves a stack trace.
                "-Dio.netty.leakDetection.acquireAndReleaseOnly=true",
                "-Dio.netty.customResourceLeakDetector=" + LoudLeakDetector.class.getName());
        String said = OtherJvm.run(
                OtherJvm.java(),
                options,
                TransportTest.class,
                TCP_NETTYRefusedPeersBoringSslTest.class,
                TCP_NETTYRefusedPeersTest.class,
                TCP_NETTYFrameLimitTest.class,
                TCP_NETTYFloodTest.class);
        assertThat(said).doesNotContain(LoudLeakDetector.LEAK);
    }

    @Test
    void jdk25() throws Exception {
        Optional<String> home = Optional.ofNullable(System.getProperty("evenkeel.jdk25"))
                .or(() -> Optional.ofNullable(System.getenv("JAVA_HOME_25")));
        assumeTrue(home.isPresent(), "neither -Devenkeel.jdk25 nor JAVA_HOME_25 is set");
        String said = OtherJvm.run(
                Path.of(home.orElseThrow(), "bin", "java"),
                // Netty 4.1 itself works on sun.misc.Unsafe, of which JDK 24 and later warn unless told not to.
                List.of(IPV4, "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"),
                TransportTest.class,
                TCP_NETTYClusterTest.class,
                TCP_NETTYProviderTest.class,
                TCP_NETTYContractTest.class);
        assertThat(said).contains("(epoll), encryption", "BoringSSL").doesNotContain("WARNING");
    }
}
