package io.evenkeel.protocols.transport.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jgroups.Address;
import org.jgroups.util.ExtendedUUID;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.Test;

class MemberIdentityTest {
    private static final Address ADDRESS = new UUID(1, 2);

    @Test
    void comesOutAsItWentIn() throws IOException {
        assertThat(roundTrip(ADDRESS, "node-1 (ä)")).isEqualTo(new MemberIdentity(ADDRESS, "node-1 (ä)"));
        Address withFlags = new ExtendedUUID(3, 4).put("site", new byte[] {5, 6});
        assertThat(roundTrip(withFlags, "x").address()).isEqualTo(withFlags);
    }

    @Test
    void aNameThatHasNoRoomIsLeftOut() throws IOException {
        assertThat(roundTrip(ADDRESS, "n".repeat(200)).name()).hasSize(200);
        assertThat(roundTrip(ADDRESS, "n".repeat(201)).name()).isEmpty();
        assertThat(roundTrip(ADDRESS, null).name()).isEmpty();
    }

    @Test
    void theLargestOneFitsIntoAHello() throws IOException {
        assertThat(new MemberIdentity(ADDRESS, "n".repeat(200)).encode().remaining())
                .isLessThanOrEqualTo(255);
    }

    @Test
    void whatIsNoIdentityIsNone() throws IOException {
        assertThat(MemberIdentity.decode(ByteBuffer.wrap(new byte[] {127, 1, 2, 3})))
                .isEmpty();
        assertThat(MemberIdentity.decode(ByteBuffer.allocate(0))).isEmpty();
        ByteBuffer cut = new MemberIdentity(ADDRESS, "node-1").encode();
        cut.limit(cut.limit() - 1);
        assertThat(MemberIdentity.decode(cut)).isEmpty();
    }

    private static MemberIdentity roundTrip(Address address, String name) throws IOException {
        return MemberIdentity.decode(new MemberIdentity(address, name).encode()).orElseThrow();
    }
}
