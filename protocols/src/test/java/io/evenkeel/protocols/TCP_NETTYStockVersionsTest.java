package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.certs.Identity;
import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.transport.TestMembers;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.protocols.TCPPING;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members on TCP_NETTY and one on the TCP of each version of JGroups that Keycloak 26.7 may have, in another JVM. */
class TCP_NETTYStockVersionsTest {
    private static final int[] SIZES = {1, 1_000, 61_000, 700_000};
    private static final String PASSWORD = "test-only";

    private final TestMembers members = new TestMembers();

    @TempDir
    private Path files;

    @AfterEach
    void close() {
        members.close();
    }

    /** Takes what one member sends: a message to all comes from its own sender as well. */
    private record Inbox(Address from, List<String> received) implements Receiver {
        Inbox(Address from) {
            this(from, new CopyOnWriteArrayList<>());
        }

        @Override
        public void receive(Message message) {
            if (message.getSrc().equals(from)) {
                received.add(digest(message.getPayload()));
            }
        }
    }

    private static String digest(byte[] body) {
        return body.length + " bytes, " + Arrays.hashCode(body);
    }

    private JChannel ours(String name, boolean tls, int port, int... others) throws Exception {
        TCP_NETTY transport = (tls ? TestMembers.secure() : TestMembers.plain()).setStockPeers("accept");
        transport.setBindPort(port);
        List<InetSocketAddress> known = Arrays.stream(others)
                .mapToObj(other -> new InetSocketAddress(InetAddress.getLoopbackAddress(), other))
                .toList();
        return members.channel(
                name,
                transport,
                new TCPPING().setInitialHosts(known),
                List.of(new STOCK_FD_SOCK2().setBindAddress(InetAddress.getLoopbackAddress())));
    }

    private StockJvm stock(String version, boolean tls, int port, int other) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("versions", "" + port, "" + other));
        if (tls) {
            arguments.addAll(List.of(keyStore().toString(), PASSWORD));
        }
        return StockJvm.start(List.of(StockJvm.jgroups(version)), arguments.toArray(String[]::new));
    }

    private Path keyStore() throws Exception {
        Identity identity = TestMembers.CA.issue(TestMembers.spec("CN=stock"), new SecureRandom());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "key", identity.key(), PASSWORD.toCharArray(), identity.chain().toArray(Certificate[]::new));
        store.setCertificateEntry("ca", TestMembers.CA.certificate());
        Path file = files.resolve("stock.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    /** It joins a member of ours, then coordinates one that joins it. */
    @ParameterizedTest
    @CsvSource({
        "5.5.5.Final, true",
        "5.5.5.Final, false",
        "5.5.6.Final, true",
        "5.5.6.Final, false",
        "5.5.7.Final, true",
        "5.5.7.Final, false"
    })
    void aMemberOfEachVersionJoinsTalksCoordinatesAndLeaves(String version, boolean tls) throws Exception {
        int portOfA = TestPorts.free();
        int portOfStock = TestPorts.free();
        JChannel a = ours("A", tls, portOfA, portOfA).connect("versions");
        try (StockJvm stock = stock(version, tls, portOfStock, portOfA)) {
            stock.awaitView(2);
            TestMembers.awaitView(2, a);
            Address there = a.getView().getMembers().stream()
                    .filter(each -> !each.equals(a.getAddress()))
                    .findFirst()
                    .orElseThrow();
            talk(a, there);
            a.close();
            stock.awaitView(1);

            JChannel b = TestMembers.findingOthers(ours("B", tls, TestPorts.free(), portOfStock))
                    .connect("versions");
            JChannel c = TestMembers.findingOthers(ours("C", tls, TestPorts.free(), portOfStock))
                    .connect("versions");
            TestMembers.awaitView(3, b, c);
            assertThat(b.getView().getCoord()).isEqualTo(there);
            talk(b, there);
            talk(c, there);

            stock.leave();
            TestMembers.awaitView(2, b, c);
            stock.assertNothingUnreadable();
            for (JChannel each : List.of(b, c)) {
                assertThat(TestMembers.of(each).getSuspectsSent()).isZero();
                assertThat(TestMembers.of(each).getHandshakesRefused()).isZero();
                assertThat(TestMembers.of(each).getFramesUnreadable()).isZero();
            }
        }
    }

    /** Messages to it alone and messages to all come back. */
    private static void talk(JChannel from, Address there) throws Exception {
        Inbox inbox = new Inbox(there);
        from.setReceiver(inbox);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> expected = new ArrayList<>();
        for (int size : SIZES) {
            for (Address to : new Address[] {there, null}) {
                byte[] body = new byte[size];
                random.nextBytes(body);
                from.send(new BytesMessage(to, body));
                expected.add(digest(body));
            }
        }
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(inbox.received).as("seed %d", seed).containsAll(expected));
        from.setReceiver(null);
    }
}
