package io.evenkeel.stacks.infinispan;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.protocols.pacing.Traffic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.infinispan.commons.marshall.ProtoStreamTypeIds;
import org.infinispan.protostream.ProtobufUtil;
import org.infinispan.protostream.TagWriter;
import org.infinispan.protostream.WrappedMessage;
import org.infinispan.protostream.impl.TagWriterImpl;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.CompositeMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.NioMessage;
import org.jgroups.ObjectMessage;
import org.jgroups.blocks.RequestCorrelator;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.stack.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushedStateClassifierTest {
    private static final short CORRELATOR_ID = ClassConfigurator.getProtocolId(RequestCorrelator.class);
    private static final int ID = ProtoStreamTypeIds.STATE_RESPONSE_COMMAND;
    /** Two bytes of tag, two of id, two of tag. */
    private static final int PREFIX_BYTES = 6;

    private final PushedStateClassifier classifier = new PushedStateClassifier();

    @Test
    void aRequestWithAStateResponseCommandIsBulk() throws IOException {
        assertThat(classify(command(ID))).isEqualTo(Traffic.INFINISPAN_PUSHED);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                ID - 1,
                ID + 2,
                ID - 128,
                ID + 128,
                ID & 0x7F,
                ID << 7,
                ProtoStreamTypeIds.CLUSTERED_GET_COMMAND,
                ProtoStreamTypeIds.IRAC_STATE_RESPONSE_COMMAND,
                0,
                Integer.MAX_VALUE
            })
    void anyOtherCommandIsForeground(int typeId) throws IOException {
        assertThat(classify(command(typeId))).isEqualTo(Traffic.FOREGROUND);
    }

    @Test
    void theLengthDecidesNotTheArray() throws IOException {
        byte[] array = command(ID);

        for (int length = 0; length < PREFIX_BYTES; length++) {
            assertThat(classifier.classify(request(new BytesMessage(null, array, 0, length))))
                    .as("length %d", length)
                    .isEqualTo(Traffic.FOREGROUND);
        }
        assertThat(classifier.classify(request(new BytesMessage(null, array, 0, PREFIX_BYTES))))
                .isEqualTo(Traffic.INFINISPAN_PUSHED);
        assertThat(classify(Arrays.copyOf(array, PREFIX_BYTES - 1))).isEqualTo(Traffic.FOREGROUND);
        assertThat(classify(Arrays.copyOf(array, PREFIX_BYTES))).isEqualTo(Traffic.INFINISPAN_PUSHED);
        assertThat(classify(new byte[0])).isEqualTo(Traffic.FOREGROUND);
    }

    @Test
    void theOffsetDecidesWhereThePayloadBegins() throws IOException {
        byte[] command = command(ID);
        int offset = 3;
        byte[] array = new byte[offset + command.length];
        System.arraycopy(command, 0, array, offset, command.length);

        assertThat(classifier.classify(request(new BytesMessage(null, array, offset, command.length))))
                .isEqualTo(Traffic.INFINISPAN_PUSHED);
        assertThat(classifier.classify(request(new BytesMessage(null, array, offset - 1, command.length))))
                .isEqualTo(Traffic.FOREGROUND);
        assertThat(classifier.classify(request(new BytesMessage(null, array, offset + 1, command.length - 1))))
                .isEqualTo(Traffic.FOREGROUND);
        assertThat(classifier.classify(
                        request(new BytesMessage(null, array, array.length - PREFIX_BYTES + 1, PREFIX_BYTES - 1))))
                .isEqualTo(Traffic.FOREGROUND);
    }

    @Test
    void everyByteOfThePrefixCounts() throws IOException {
        for (int i = 0; i < PREFIX_BYTES; i++) {
            byte[] array = command(ID);
            array[i] ^= 1;
            assertThat(classify(array)).as("byte %d changed", i).isEqualTo(Traffic.FOREGROUND);
        }
    }

    @Test
    void onlyRequestsAreBulk() throws IOException {
        byte[] array = command(ID);

        assertThat(classifier.classify(new BytesMessage(null, array))).isEqualTo(Traffic.FOREGROUND);
        assertThat(classifier.classify(with(RequestCorrelator.Header.RSP, new BytesMessage(null, array))))
                .isEqualTo(Traffic.FOREGROUND);
        assertThat(classifier.classify(with(RequestCorrelator.Header.EXC_RSP, new BytesMessage(null, array))))
                .isEqualTo(Traffic.FOREGROUND);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {ProtoStreamTypeIds.STATE_TRANSFER_START_COMMAND, ProtoStreamTypeIds.STATE_TRANSFER_CANCEL_COMMAND})
    void theBeginningAndTheEndOfATransferAreHandledAsIts(int typeId) throws IOException {
        byte[] start = command(typeId);

        assertThat(classify(start)).isEqualTo(Traffic.STATE_CONTROL);
        assertThat(classifier.classifyReceived(request(new BytesMessage(null, start))))
                .isEqualTo(Traffic.STATE_CONTROL);
        assertThat(classifier.classify(new BytesMessage(null, start))).isEqualTo(Traffic.FOREGROUND);
    }

    @Test
    void theAnswerToAChunkMakesTheDonorWorkOnTheNextOnce() throws IOException {
        Address joiner = new IpAddress(7801);
        Address other = new IpAddress(7802);
        classifier.classify(request(new BytesMessage(joiner, command(ID))));

        assertThat(classifier.classifyReceived(answerFrom(other))).isEqualTo(Traffic.FOREGROUND);
        assertThat(classifier.classifyReceived(answerFrom(joiner))).isEqualTo(Traffic.STATE_CONTROL);
        assertThat(classifier.classifyReceived(answerFrom(joiner))).isEqualTo(Traffic.FOREGROUND);
    }

    @Test
    void theAnswerToAnythingElseIsForeground() throws IOException {
        Address joiner = new IpAddress(7801);
        classifier.classify(request(new BytesMessage(joiner, command(ID - 1))));
        classifier.classifyReceived(request(new BytesMessage(null, command(ID)).setSrc(joiner)));

        assertThat(classifier.classifyReceived(answerFrom(joiner))).isEqualTo(Traffic.FOREGROUND);
    }

    private static Message answerFrom(Address joiner) {
        return with(RequestCorrelator.Header.RSP, new BytesMessage(null, new byte[1]).setSrc(joiner));
    }

    @Test
    void aChunkInAByteBufferOnTheHeapIsBulk() throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(command(ID));

        assertThat(classifier.classify(request(new NioMessage(null, buffer)))).isEqualTo(Traffic.INFINISPAN_PUSHED);
    }

    @Test
    void messagesWithoutAPayloadOrAnArrayAreForeground() {
        assertThat(classifier.classify(request(new BytesMessage(null)))).isEqualTo(Traffic.FOREGROUND);
        assertThat(classifier.classify(request(new EmptyMessage()))).isEqualTo(Traffic.FOREGROUND);
        assertThat(classifier.classify(request(new ObjectMessage(null, "text"))))
                .isEqualTo(Traffic.FOREGROUND);
        assertThat(classifier.classify(request(new CompositeMessage(null)))).isEqualTo(Traffic.FOREGROUND);
        assertThat(classifier.classify(request(new NioMessage(null, ByteBuffer.allocateDirect(100)))))
                .isEqualTo(Traffic.FOREGROUND);
    }

    private Traffic classify(byte[] array) {
        return classifier.classify(request(new BytesMessage(null, array)));
    }

    private static Message request(Message message) {
        return with(RequestCorrelator.Header.REQ, message);
    }

    private static Message with(byte type, Message message) {
        return message.putHeader(CORRELATOR_ID, new RequestCorrelator.Header(type, 1, (short) 0));
    }

    /** The bytes that protostream itself writes for a wrapped message of the type, with a body of 20 bytes. */
    private static byte[] command(int typeId) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TagWriter writer = TagWriterImpl.newInstance(ProtobufUtil.newSerializationContext(), bytes);
        writer.writeUInt32(WrappedMessage.WRAPPED_TYPE_ID, typeId);
        writer.writeBytes(WrappedMessage.WRAPPED_MESSAGE, new byte[20]);
        writer.flush();
        return bytes.toByteArray();
    }
}
