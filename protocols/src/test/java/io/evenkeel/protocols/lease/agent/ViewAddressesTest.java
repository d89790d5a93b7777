package io.evenkeel.protocols.lease.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.JDBC_PING_LEASE;
import io.evenkeel.protocols.ids.ProtocolIds;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Header;
import org.jgroups.Message;
import org.jgroups.View;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.PingData;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ViewAddressesTest {
    private static final int MEMBERS = ViewAddresses.YOUNGEST + 2;
    private final List<Address> members =
            IntStream.range(0, MEMBERS).mapToObj(i -> new UUID(0, i)).collect(Collectors.toList());
    private final View view = View.create(members.get(0), 7, members.toArray(Address[]::new));
    private boolean understood = true;
    private final ViewAddresses addresses = new ViewAddresses(ViewAddressesTest::data, () -> understood);

    /** JGroups finds the header's class by its number. */
    @BeforeAll
    static void registerHeader() {
        assertThat(new JDBC_PING_LEASE().getName()).isNotNull();
    }

    private static PingData data(Address member) {
        int number = members(member);
        return number == 1 ? null : new PingData(member, true, "node-" + number, address(number));
    }

    private static int members(Address member) {
        return (int) ((UUID) member).getLeastSignificantBits();
    }

    private static IpAddress address(int number) {
        try {
            return new IpAddress("192.0.2.1", 7800 + number);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Message sent(byte type) {
        Message message =
                new BytesMessage(null).putHeader(ClassConfigurator.getProtocolId(GMS.class), new GMS.GmsHeader(type));
        addresses.attach(message, view);
        return message;
    }

    private static List<Integer> read(Message message) {
        List<Integer> numbers = new ArrayList<>();
        ViewAddresses.read(message, member -> {
            int number = members(member.getAddress());
            assertThat(member.getPhysicalAddr()).isEqualTo(address(number));
            assertThat(member.getLogicalName()).isEqualTo("node-" + number);
            numbers.add(number);
        });
        return numbers;
    }

    @Test
    void aJoinResponseBringsAllThatAreKnownAndAViewTheYoungest() {
        assertThat(read(sent(GMS.GmsHeader.JOIN_RSP))).hasSize(MEMBERS - 1).doesNotContain(1);
        assertThat(read(sent(GMS.GmsHeader.VIEW)))
                .hasSize(ViewAddresses.YOUNGEST)
                .contains(2, MEMBERS - 1)
                .doesNotContain(0);
    }

    @Test
    void nothingElseOfGmsBringsAnyNorDoesAMessageWithoutGms() {
        for (byte type : new byte[] {GMS.GmsHeader.JOIN_REQ, GMS.GmsHeader.VIEW_ACK, GMS.GmsHeader.MERGE_REQ}) {
            assertThat(sent(type).getNumHeaders()).isEqualTo(1);
        }
        Message plain = new BytesMessage(null);
        addresses.attach(plain, view);
        assertThat(plain.getNumHeaders()).isZero();
    }

    @Test
    void withoutAViewOrWithAReceiverOfAnEarlierVersionNothingIsAttached() {
        understood = false;
        assertThat(sent(GMS.GmsHeader.VIEW).getNumHeaders()).isEqualTo(1);
        understood = true;
        Message message = new BytesMessage(null)
                .putHeader(ClassConfigurator.getProtocolId(GMS.class), new GMS.GmsHeader(GMS.GmsHeader.VIEW));
        addresses.attach(message, null);
        assertThat(message.getNumHeaders()).isEqualTo(1);
    }

    @Test
    void theHeaderIsReadAsItWasWrittenAndKnowsItsSize() throws Exception {
        Header written = sent(GMS.GmsHeader.JOIN_RSP).getHeader(ProtocolIds.VIEW_ADDRESSES_HEADER_ID);
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(4096);
        written.writeTo(out);
        assertThat(written.serializedSize()).isEqualTo(out.position());

        Header read = ClassConfigurator.create(written.getMagicId());
        read.readFrom(new ByteArrayDataInputStream(out.buffer(), 0, out.position()));
        assertThat(read(new BytesMessage(null).putHeader(ProtocolIds.VIEW_ADDRESSES_HEADER_ID, read)))
                .hasSize(MEMBERS - 1);
    }
}
