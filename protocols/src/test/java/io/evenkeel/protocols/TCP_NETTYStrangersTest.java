package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.TestPorts;
import io.evenkeel.protocols.transport.ClientHello;
import io.evenkeel.protocols.transport.LineLog;
import io.evenkeel.protocols.transport.RoundTrips;
import io.evenkeel.protocols.transport.Strangers;
import io.evenkeel.protocols.transport.TestMembers;
import io.evenkeel.protocols.transport.core.Refusal.Reason;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jgroups.JChannel;
import org.jgroups.PhysicalAddress;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.TP;
import org.jgroups.protocols.pbcast.GMS;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * 10,000 connections of strangers, made again as soon as they are closed, while a member with a fixed list of hosts
 * joins: it joins, and founds no cluster of its own; those that are members notice nothing; what the strangers cost is
 * bounded.
 */
class TCP_NETTYStrangersTest {
    private static final int STRANGERS = Integer.getInteger("evenkeel.strangers", 10_000);
    /** Of all kinds together. */
    private static final int WARNINGS_PER_MINUTE = 60;

    private static final long MEMORY_BYTES = 64L << 20;

    private final TestMembers members = new TestMembers();
    private JChannel a;
    private JChannel b;
    private RoundTrips trips;
    private String quietTrips;
    private long quietMs;

    /**
     * Two members that know each other, and two that have joined and left.
     *
     * @param joiners makes the transports of those that join later
     */
    private void twoMembers(Callable<TCP_NETTY> transports, Callable<TP> joiners) throws Exception {
        a = members.channel("A", transports.call(), new TCPPING()).connect("strangers");
        b = join("B", transports.call());
        TestMembers.awaitView(2, a, b);
        trips = new RoundTrips(b, a);
        trips.figures();
        quietTrips = trips.figures();
        // The first one loads classes.
        join("warm", joiners.call()).close();
        JChannel quiet = members.channel("quiet", joiners.call(), pinging());
        long from = System.nanoTime();
        quiet.connect("strangers");
        quietMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from);
        quiet.close();
        TestMembers.awaitView(2, a, b);
    }

    @AfterEach
    void close() {
        members.close();
    }

    private TCPPING pinging() {
        return pinging(TestMembers.of(a).localPhysicalAddress());
    }

    private static TCPPING pinging(PhysicalAddress host) {
        TCPPING discovery = new TCPPING();
        discovery.setInitialHosts2(List.of(host));
        discovery.setPortRange(0);
        return discovery;
    }

    private JChannel join(String name, TP transport) throws Exception {
        JChannel joiner = members.channel(name, transport, pinging());
        GMS gms = joiner.getProtocolStack().findProtocol(GMS.class);
        gms.setJoinTimeout(2_000);
        return joiner.connect("strangers");
    }

    private InetSocketAddress target() {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), TestMembers.of(a).getBoundPort());
    }

    private static long heapAfterGc() {
        ManagementFactory.getMemoryMXBean().gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static long directBytes() {
        return PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
    }

    @ParameterizedTest
    @CsvSource({"1, idle", "10, idle", "100, idle", "1, dripping", "10, dripping", "100, dripping", "100, hello"})
    void aJoinerJoinsAllTheSame(int hosts, String kind) throws Exception {
        twoMembers(TestMembers::secure, TestMembers::secure);
        joinAmongStrangers(hosts, kind, TestMembers.secure());
    }

    /** JGroups' TCP joins members that take it, which is one more way in for strangers. */
    @ParameterizedTest
    @CsvSource({"10, idle", "100, dripping", "100, hello"})
    void aStockJoinerJoinsAllTheSame(int hosts, String kind) throws Exception {
        Callable<TP> stock = () -> {
            TP transport = TestMembers.stock(TestMembers.material());
            // With a list of hosts it takes no port of the kernel's choice.
            transport.setBindPort(TestPorts.free());
            return transport;
        };
        twoMembers(() -> TestMembers.secure().setStockPeers("accept"), stock);
        joinAmongStrangers(hosts, kind, stock.call());
    }

    private void joinAmongStrangers(int hosts, String kind, TP transportOfJoiner) throws Exception {
        TCP_NETTY transport = TestMembers.of(a);
        long startNs = System.nanoTime();
        long heapBytes = heapAfterGc();
        long reconnects = transport.getReconnects();
        byte[] said = kind.equals("idle") ? new byte[0] : ClientHello.of(TestMembers.material());
        try (Strangers strangers = new Strangers(target(), hosts, STRANGERS, said, kind.equals("dripping"))) {
            Awaitility.await().until(() -> strangers.opened() >= STRANGERS);
            long from = System.nanoTime();
            JChannel joiner = join("late", transportOfJoiner);
            long joinMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from);
            String floodTrips = trips.figures();
            // On a busy machine it may have heard of the others too late, and merges with them.
            TestMembers.awaitView(3, a, b, joiner);
            assertThat(transport.getPendingHandshakes()).isLessThanOrEqualTo(2 * transport.max_pending_handshakes);
            long heldBytes = heapAfterGc() - heapBytes;
            long direct = directBytes();
            System.out.printf(
                    "| %d, %s | %d | %d | %s | %s | %d | %d | %d | %d |%n",
                    hosts,
                    kind,
                    quietMs,
                    joinMs,
                    quietTrips,
                    floodTrips,
                    strangers.opened(),
                    transport.transportStats().refused(Reason.TOO_MANY_PENDING).sum(),
                    heldBytes >> 10,
                    direct >> 10);
            assertThat(heldBytes).as("heap of members and strangers").isLessThan(MEMORY_BYTES);
            assertThat(direct).as("bytes in Netty's buffers").isLessThan(MEMORY_BYTES);
            joiner.close();
        }
        TestMembers.awaitView(2, a, b);
        assertThat(transport.getReconnects() - reconnects).isLessThanOrEqualTo(1);
        assertThat(transport.getSuspectsSent()).isZero();
        assertThat(LineLog.of(transport))
                .filteredOn(line -> line.startsWith("WARN") && line.contains("TOO_MANY_PENDING"))
                .isNotEmpty()
                .allSatisfy(line ->
                        assertThat(line).contains("128 connections", "127.1.0.", Reason.TOO_MANY_PENDING.remedy()));
        long minutes = 1 + Duration.ofNanos(System.nanoTime() - startNs).toMinutes();
        assertThat(LineLog.of(transport))
                .filteredOn(line -> line.startsWith("WARN"))
                .hasSizeLessThanOrEqualTo((int) (WARNINGS_PER_MINUTE * (1 + minutes)));
    }

    /** A peer that turns a joiner away for as long as strangers hold its places, and takes it then. */
    @Test
    void aJoinerThatWasTurnedAwayAsksAgain() throws Exception {
        try (OverloadedPeer overloaded = new OverloadedPeer(4)) {
            TCP_NETTY transport = TestMembers.secure();
            transport.setExternalAddr(overloaded.address().getIpAddress());
            transport.setExternalPort(overloaded.address().getPort());
            JChannel first = members.channel("first", transport, new TCPPING()).connect("overloaded");
            overloaded.relayTo(transport.getBoundPort());

            JChannel joiner = members.channel("late", TestMembers.secure(), pinging(overloaded.address()));
            GMS gms = joiner.getProtocolStack().findProtocol(GMS.class);
            gms.setJoinTimeout(10_000);
            joiner.connect("overloaded");
            assertThat(joiner.getView().getMembers()).containsExactly(first.getAddress(), joiner.getAddress());
            assertThat(LineLog.of(TestMembers.of(joiner)))
                    .filteredOn(line -> line.startsWith("WARN no connection to " + overloaded.address()))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains("CLOSED_EARLY", "closes them", Reason.CLOSED_EARLY.remedy())
                            .doesNotContain("port check"));
        }
    }
}
