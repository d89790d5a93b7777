package io.evenkeel.protocols.pacing;

import static org.assertj.core.api.Assertions.assertThat;

import org.jgroups.BytesMessage;
import org.jgroups.CompositeMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Header;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.pbcast.STATE;
import org.jgroups.protocols.pbcast.STATE_SOCK;
import org.jgroups.protocols.pbcast.STATE_TRANSFER;
import org.jgroups.protocols.pbcast.StreamingStateTransfer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JGroupsStateClassifierTest {
    private static final short STATE_TRANSFER_ID = ClassConfigurator.getProtocolId(STATE_TRANSFER.class);
    private static final short STATE_ID = ClassConfigurator.getProtocolId(STATE.class);

    private final JGroupsStateClassifier classifier = new JGroupsStateClassifier();

    @ParameterizedTest
    @ValueSource(bytes = {STATE_TRANSFER.StateHeader.STATE_RSP, STATE_TRANSFER.StateHeader.STATE_EX})
    void whatTheProviderOfAWholeStateSendsIsBulk(byte type) {
        Message message = with(STATE_TRANSFER_ID, new STATE_TRANSFER.StateHeader(type));

        assertThat(classifier.classify(message)).isEqualTo(Traffic.JGROUPS_STATE);
    }

    @ParameterizedTest
    @ValueSource(
            bytes = {
                StreamingStateTransfer.StateHeader.STATE_RSP,
                StreamingStateTransfer.StateHeader.STATE_PART,
                StreamingStateTransfer.StateHeader.STATE_EOF,
                StreamingStateTransfer.StateHeader.STATE_EX
            })
    void whatTheProviderOfAStreamSendsIsBulkUpToItsEndMark(byte type) {
        Message message = with(STATE_ID, new StreamingStateTransfer.StateHeader(type));

        assertThat(classifier.classify(message)).isEqualTo(Traffic.JGROUPS_STATE);
    }

    @Test
    void theRequestIsForeground() {
        assertThat(classifier.classify(
                        with(STATE_TRANSFER_ID, new STATE_TRANSFER.StateHeader(STATE_TRANSFER.StateHeader.STATE_REQ))))
                .isEqualTo(Traffic.FOREGROUND);
        assertThat(classifier.classify(with(
                        STATE_ID,
                        new StreamingStateTransfer.StateHeader(StreamingStateTransfer.StateHeader.STATE_REQ))))
                .isEqualTo(Traffic.FOREGROUND);
    }

    @Test
    void stateSockIsForegroundAsItsStateIsNotInTheStack() {
        Message message = with(
                ClassConfigurator.getProtocolId(STATE_SOCK.class),
                new StreamingStateTransfer.StateHeader(StreamingStateTransfer.StateHeader.STATE_RSP));

        assertThat(classifier.classify(message)).isEqualTo(Traffic.FOREGROUND);
    }

    @Test
    void theHeaderOfAnotherProtocolIsForeground() {
        Header part = new StreamingStateTransfer.StateHeader(StreamingStateTransfer.StateHeader.STATE_PART);

        assertThat(classifier.classify(with((short) (STATE_ID - 1), part))).isEqualTo(Traffic.FOREGROUND);
        assertThat(classifier.classify(with(STATE_TRANSFER_ID, part))).isEqualTo(Traffic.FOREGROUND);
    }

    @Test
    void messagesWithoutHeadersOrArraysAreForeground() {
        assertThat(classifier.classify(new BytesMessage(null, new byte[100]))).isEqualTo(Traffic.FOREGROUND);
        assertThat(classifier.classify(new BytesMessage(null))).isEqualTo(Traffic.FOREGROUND);
        assertThat(classifier.classify(new EmptyMessage())).isEqualTo(Traffic.FOREGROUND);
        assertThat(classifier.classify(new ObjectMessage(null, "text"))).isEqualTo(Traffic.FOREGROUND);
        assertThat(classifier.classify(new CompositeMessage(null))).isEqualTo(Traffic.FOREGROUND);
    }

    private static Message with(short id, Header header) {
        return new BytesMessage(null, new byte[10]).putHeader(id, header);
    }
}
