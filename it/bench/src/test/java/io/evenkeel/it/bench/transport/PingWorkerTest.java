package io.evenkeel.it.bench.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.it.member.RoundTrips;
import io.evenkeel.it.member.StackXml;
import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.Ports;
import io.evenkeel.it.node.RunException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real JVMs: they do what they are told, say so when they cannot, and end with their input. */
class PingWorkerTest {
    private static final Duration BOUND = Duration.ofMinutes(2);

    @TempDir
    private Path dir;

    private final Ports ports = new Ports(new SecureRandom());
    private final List<ChildJvm> workers = new ArrayList<>();

    private ChildJvm start(String name, int port, String hosts) throws InterruptedException {
        Path file = dir.resolve(name + ".xml");
        StackXml.evenkeel(Map.of("encryption", "none")).write(file, "127.0.0.1", port, hosts);
        ChildJvm worker = ChildJvm.start(
                List.of(),
                name,
                List.of("-Xmx256m", "-Djava.net.preferIPv4Stack=true"),
                PingWorker.class,
                name,
                file.toString());
        workers.add(worker);
        return worker.awaitReady();
    }

    @AfterEach
    void stop() {
        workers.forEach(ChildJvm::kill);
        workers.forEach(ChildJvm::close);
    }

    @Test
    void pingsSendsBulkAndSeesADeath() throws Exception {
        int one = ports.free();
        int two = ports.free();
        String hosts = "127.0.0.1[" + one + "],127.0.0.1[" + two + "]";
        ChildJvm a = start("a", one, hosts);
        ChildJvm b = start("b", two, hosts);
        a.tell("view", 2);
        a.answer("view", BOUND);
        a.tell("bulk", "b", 100_000, 2);
        a.tell("ping", "test", 50, 1000, 1000, "b");
        RoundTrips trips = RoundTrips.decode(a.answer("pinged-test", BOUND));
        assertThat(trips.timesNs().getTotalCount()).isEqualTo(50);
        assertThat(trips.unanswered()).isZero();
        a.tell("attribute", "getBytesSent");
        // More than a chunk came through, and each asked for the next one.
        assertThat(Long.parseLong(a.answer("attribute", BOUND).get(0))).isGreaterThan(300_000);
        b.tell("reach", 1);
        assertThat(b.answer("reached", BOUND)).hasSize(2);
        b.kill();
        a.tell("view", 1);
        a.answer("view", BOUND);
        a.tell("nonsense");
        assertThatThrownBy(() -> a.answer("nonsense", BOUND))
                .isInstanceOf(RunException.class)
                .hasMessageContaining("no such command: nonsense");
    }

    @Test
    void endsWithItsInput() throws Exception {
        int port = ports.free();
        ChildJvm alone = start("alone", port, "127.0.0.1[" + port + "]");
        alone.close();
        await().until(() -> !alone.handle().isAlive());
    }
}
