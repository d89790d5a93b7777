package io.evenkeel.protocols.transport.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelloTest {
    private static final Endpoints ENDS = new Endpoints(
            hello("::1", 7800, 1).address(), hello("127.0.0.1", 65_535, 1).address());

    static Hello hello(String host, int port, long incarnation) {
        return hello("cluster", host, port, incarnation);
    }

    static Hello hello(String cluster, String host, int port, long incarnation) {
        try {
            return new Hello(
                    cluster,
                    new InetSocketAddress(InetAddress.getByName(host), port),
                    incarnation,
                    ByteBuffer.wrap(new byte[] {1, 2, 3}));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "255.255.255.255", "::1", "fe80::1:2:3"})
    void survivesTheWire(String host) {
        Hello sent = hello("Clüster", host, 65_535, Long.MIN_VALUE).asAttempt(Long.MAX_VALUE);
        assertThat(Hello.decode(ByteBuffer.wrap(sent.encode()))).isEqualTo(sent);
        for (Hello each :
                List.of(sent.asProbe(), sent.asLiveness(), sent.asLiveness().asking(-1), sent.over(ENDS))) {
            assertThat(Hello.decode(ByteBuffer.wrap(each.encode()))).isEqualTo(each);
        }
    }

    private static InetAddress zoned(String host, int zone) throws UnknownHostException {
        return Inet6Address.getByAddress(null, InetAddress.getByName(host).getAddress(), zone);
    }

    private static int zone(Hello hello) {
        return ((Inet6Address) hello.address().getAddress()).getScopeId();
    }

    @Test
    void linkLocalAddressesAreInTheZoneOfTheirLink() throws Exception {
        Hello heard = hello("fe80::1", 7800, 5);
        Hello here = heard.inZoneOf(zoned("fe80::2", 3));
        assertThat(zone(here)).isEqualTo(3);
        // Addresses are equal whatever their zone is.
        assertThat(here).isEqualTo(heard);
        // The sender's number means nothing here.
        assertThat(zone(here.inZoneOf(zoned("fe80::2", 4)))).isEqualTo(4);
        assertThat(zone(here.inZoneOf(hello("2001:db8::1", 1, 1).address().getAddress())))
                .isEqualTo(3);
        assertThat(zone(here.inZoneOf(InetAddress.getLoopbackAddress()))).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "169.254.1.1", "::1", "2001:db8::1"})
    void otherAddressesHaveNoZone(String host) throws Exception {
        Hello heard = hello(host, 7800, 5);
        assertThat(heard.inZoneOf(zoned("fe80::2", 3))).isSameAs(heard);
    }

    @Test
    void laterFieldsArePassedOver() {
        Hello sent = hello("::1", 1, 2);
        byte[] longer = Arrays.copyOf(sent.encode(), sent.encode().length + 7);
        assertThat(Hello.decode(ByteBuffer.wrap(longer))).isEqualTo(sent);
    }

    /** A version without liveness connections takes one for a probe, which it accepts and never sends anything over. */
    @Test
    void aLivenessConnectionIsAProbeToOtherVersions() {
        assertThat(hello("::1", 1, 2).asLiveness().encode()[5] & 1).isEqualTo(1);
        assertThat(hello("::1", 1, 2).asLiveness().carriesNothing()).isTrue();
        assertThat(hello("::1", 1, 2).asProbe().carriesNothing()).isTrue();
        assertThat(hello("::1", 1, 2).asAttempt(3).carriesNothing()).isFalse();
    }

    @Test
    void anExtensionThatIsCutShortIsPassedOver() {
        Hello plain = hello("::1", 1, 2);
        byte[] whole = plain.asking(7).encode();
        for (int length = plain.encode().length; length < whole.length; length++) {
            assertThat(Hello.decode(ByteBuffer.wrap(whole, 0, length))).isEqualTo(plain);
        }
    }

    @Test
    void theClockIsPassedOn() {
        Hello sent = hello("::1", 1, 2).of("1.2.3").at(1_700_000_000_123L);
        Hello heard = Hello.decode(ByteBuffer.wrap(sent.encode()));
        assertThat(heard).isEqualTo(sent);
        assertThat(heard.extensions().clockMs()).isEqualTo(1_700_000_000_123L);
        assertThat(Hello.decode(ByteBuffer.wrap(hello("::1", 1, 2).encode()))
                        .extensions()
                        .clockMs())
                .isZero();
    }

    @Test
    void unknownExtensionsArePassedOver() {
        byte[] known = hello("::1", 1, 2).asking(7).encode();
        byte[] longer = Arrays.copyOf(known, known.length + 4);
        longer[known.length] = (byte) 200;
        longer[known.length + 1] = 2;
        assertThat(Hello.decode(ByteBuffer.wrap(longer)))
                .isEqualTo(hello("::1", 1, 2).asking(7));
    }

    @Test
    void endsThatNoConnectionHasAreAViolation() {
        byte[] whole = hello("::1", 1, 2).over(ENDS).encode();
        int ends = hello("::1", 1, 2).encode().length + 2;
        whole[ends] = 5;
        assertThatThrownBy(() -> Hello.decode(ByteBuffer.wrap(whole))).isInstanceOf(ProtocolViolationException.class);
        whole[ends] = 120;
        assertThatThrownBy(() -> Hello.decode(ByteBuffer.wrap(whole))).isInstanceOf(ProtocolViolationException.class);
    }

    @Test
    void onlyADirectConnectionLooksTheSameFromBothEnds() throws Exception {
        InetSocketAddress a = hello("10.0.0.1", 40_000, 1).address();
        InetSocketAddress b = hello("10.0.0.2", 7800, 1).address();
        InetSocketAddress otherPort = hello("10.0.0.1", 40_001, 1).address();
        InetSocketAddress otherHost = hello("127.0.0.6", 40_000, 1).address();
        assertThat(new Endpoints(a, b).mirror(new Endpoints(b, a))).isTrue();
        assertThat(new Endpoints(a, b).mirror(new Endpoints(b, otherPort))).isFalse();
        assertThat(new Endpoints(a, b).mirror(new Endpoints(b, otherHost))).isFalse();
        assertThat(new Endpoints(a, b).mirror(new Endpoints(otherHost, a))).isFalse();
        assertThat(new Endpoints(new InetSocketAddress(zoned("fe80::1", 3), 1), b)
                        .mirror(new Endpoints(b, new InetSocketAddress(zoned("fe80::1", 4), 1))))
                .isTrue();
    }

    @Test
    void everyTruncationIsAViolation() {
        byte[] whole = hello("::1", 1, 2).encode();
        for (int length = 0; length < whole.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(whole, 0, length);
            assertThatThrownBy(() -> Hello.decode(cut)).isInstanceOf(ProtocolViolationException.class);
        }
    }

    @Test
    void otherMagicAndFormatAreNamed() {
        byte[] magic = hello("::1", 1, 2).encode();
        magic[0] = 0;
        assertThatThrownBy(() -> Hello.decode(ByteBuffer.wrap(magic))).hasMessageContaining("not a HELLO");
        byte[] version = hello("::1", 1, 2).encode();
        version[4] = 2;
        assertThatThrownBy(() -> Hello.decode(ByteBuffer.wrap(version)))
                .hasMessageContaining("format 2")
                .hasMessageContaining("format 1");
    }

    @Test
    void clusterNameIsBounded() {
        int limit = Hello.MAX_CLUSTER_BYTES;
        assertThat(hello("x".repeat(limit), "::1", 1, 2).clusterName()).hasSize(limit);
        assertThatThrownBy(() -> hello("x".repeat(limit + 1), "::1", 1, 2))
                .hasMessageContaining(limit + 1 + " bytes, allowed are " + limit);
    }

    @Test
    void memberIsBounded() {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        new Hello("c", address, 1, ByteBuffer.allocate(255));
        assertThatThrownBy(() -> new Hello("c", address, 1, ByteBuffer.allocate(256)))
                .hasMessageContaining("255");
    }

    @Test
    void garbageIsAViolationOrAHello() {
        long seed = System.nanoTime();
        System.out.println("HelloTest seed " + seed);
        Random random = new Random(seed);
        byte[] valid = hello("127.0.0.1", 7800, 42).encode();
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = valid.clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(Hello.decode(ByteBuffer.wrap(bytes, 0, random.nextInt(bytes.length + 1))))
                        .isNotNull();
            } catch (ProtocolViolationException expected) {
                assertThat(expected.getMessage()).as("seed %d", seed).isNotBlank();
            }
        }
    }
}
