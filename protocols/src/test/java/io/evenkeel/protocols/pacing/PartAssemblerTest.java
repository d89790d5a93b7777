package io.evenkeel.protocols.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jgroups.Address;
import org.jgroups.BytesMessage;
import org.jgroups.Message;
import org.jgroups.blocks.RequestCorrelator;
import org.jgroups.util.UUID;
import org.junit.jupiter.api.Test;

class PartAssemblerTest {
    private static final short ID = 1803;
    private static final short OTHER_ID = 15;
    private static final Address A = new UUID(1, 1);
    private static final Address B = new UUID(2, 2);
    private static final int PART_BYTES = 1_000;

    private final byte[] payload = new byte[10_500];
    private long nowNs;
    private final PartAssembler assembler = new PartAssembler(() -> nowNs);

    PartAssemblerTest() {
        new Random(1803).nextBytes(payload);
    }

    @Test
    void inWhateverOrderPartsComeTheMessageIsTheOldOne() {
        long seed = System.nanoTime();
        List<Message> parts = parts(7, payload, true);
        Collections.shuffle(parts, new Random(seed));
        Message whole = null;
        for (Message part : parts) {
            assertThat(whole).as("seed %d", seed).isNull();
            whole = add(A, part);
        }

        assertThat(whole.getArray()).as("seed %d", seed).isEqualTo(payload);
        assertThat(whole.getSrc()).isEqualTo(A);
        assertThat(whole.isFlagSet(Message.Flag.OOB)).isTrue();
        assertThat(whole.isFlagSet(Message.Flag.NO_FC)).isTrue();
        assertThat((Object) whole.getHeader(OTHER_ID)).isInstanceOf(RequestCorrelator.Header.class);
        assertThat((Object) whole.getHeader(ID)).isNull();
        assertThat(assembler.unfinished()).isZero();
    }

    @Test
    void theFlagThatPartsNeedIsTakenBack() {
        Message whole = null;
        for (Message part : parts(7, payload, false)) {
            whole = add(A, part);
        }

        assertThat(whole.isFlagSet(Message.Flag.NO_FC)).isFalse();
    }

    @Test
    void messagesAndSendersAreKeptApart() {
        List<Message> first = parts(1, payload, false);
        List<Message> second = parts(2, payload, false);
        for (int i = 0; i < first.size() - 1; i++) {
            add(A, first.get(i));
            add(A, second.get(i));
            add(B, first.get(i));
        }

        assertThat(assembler.unfinished()).isEqualTo(3);
        assertThat(add(A, first.get(first.size() - 1))).isNotNull();
        assertThat(add(B, first.get(first.size() - 1))).isNotNull();
        assertThat(add(A, second.get(first.size() - 1))).isNotNull();
        assertThat(assembler.unfinished()).isZero();
    }

    @Test
    void whatIsBegunGoesWithItsSender() {
        add(A, parts(1, payload, false).get(0));
        add(B, parts(1, payload, false).get(0));

        assembler.retain(List.of(B));
        assertThat(assembler.unfinished()).isEqualTo(1);
        assembler.clear();
        assertThat(assembler.unfinished()).isZero();
    }

    @Test
    void whatGetsNoPartAnyMoreIsDropped() {
        List<Message> parts = parts(1, payload, false);
        add(A, parts.get(0));
        nowNs += PartAssembler.ABANDONED_NS - 1;
        assembler.retain(List.of(A));
        assertThat(assembler.unfinished()).isEqualTo(1);
        add(A, parts.get(1));
        nowNs += PartAssembler.ABANDONED_NS - 1;
        assembler.retain(List.of(A));
        assertThat(assembler.unfinished()).isEqualTo(1);

        nowNs++;
        assembler.retain(List.of(A));

        assertThat(assembler.unfinished()).isZero();
    }

    @Test
    void aMessageInOnePartIsItselfAgain() {
        Message part = new BytesMessage(null, payload, 1, 10)
                .setFlag(Message.Flag.NO_FC)
                .putHeader(ID, PacingHeader.part(1, 0, 10, 7, false));

        Message whole = add(A, part);

        assertThat(whole.getArray()).isSameAs(payload);
        assertThat(whole.getOffset()).isEqualTo(1);
        assertThat(whole.getLength()).isEqualTo(10);
        assertThat(whole.getSrc()).isEqualTo(A);
        assertThat(whole.isFlagSet(Message.Flag.NO_FC)).isFalse();
        assertThat(whole.<PacingHeader>getHeader(ID)).isNull();
        assertThat(assembler.unfinished()).isZero();
    }

    @Test
    void aPartThatDoesNotFitIsRefused() {
        Message part = new BytesMessage(null, payload, 0, 10);

        assertThat(assembler.add(A, part, PacingHeader.part(1, 0, 10, 0, false), ID))
                .isNotNull();
        assertThatThrownBy(() -> assembler.add(A, part, PacingHeader.part(2, 1, 10, 0, false), ID))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10 bytes at 1 of 10");
        assertThatThrownBy(() -> assembler.add(A, part, PacingHeader.part(2, -1, 10, 0, false), ID))
                .isInstanceOf(IllegalArgumentException.class);
        int limit = PartAssembler.MAX_TOTAL_BYTES;
        assertThat(assembler.add(A, part, PacingHeader.part(3, 0, limit, 0, false), ID))
                .isNull();
        assertThatThrownBy(() -> assembler.add(A, part, PacingHeader.part(4, 0, limit + 1, 0, false), ID))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> assembler.add(A, part, PacingHeader.part(3, 0, 100, 0, false), ID))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("disagree");
    }

    private Message add(Address sender, Message part) {
        return assembler.add(sender, part, part.getHeader(ID), ID);
    }

    private static List<Message> parts(long number, byte[] payload, boolean noFlowControl) {
        List<Message> parts = new ArrayList<>();
        for (int from = 0; from < payload.length; from += PART_BYTES) {
            int length = Math.min(PART_BYTES, payload.length - from);
            Message part = new BytesMessage(null, payload, from, length).setFlag(Message.Flag.OOB, Message.Flag.NO_FC);
            if (from == 0) {
                part.putHeader(OTHER_ID, new RequestCorrelator.Header(RequestCorrelator.Header.REQ, 1, (short) 0));
            }
            parts.add(part.putHeader(ID, PacingHeader.part(number, from, payload.length, 0, noFlowControl)));
        }
        return parts;
    }
}
