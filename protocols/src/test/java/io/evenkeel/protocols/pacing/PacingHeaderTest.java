package io.evenkeel.protocols.pacing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.stream.Stream;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PacingHeaderTest {

    static Stream<PacingHeader> headers() {
        return Stream.of(
                PacingHeader.probe(0),
                PacingHeader.probe(Long.MAX_VALUE),
                PacingHeader.answer(1L << 40),
                PacingHeader.part(7, 0, 1, 0, false),
                PacingHeader.part(1L << 41, 1 << 20, PartAssembler.MAX_TOTAL_BYTES, 1L << 42, true));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void comesOutOfTheWireAsItWentInAndAsLongAsItSaid(PacingHeader header) throws IOException {
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream(100);
        header.writeTo(out);
        PacingHeader read = (PacingHeader) header.create().get();
        read.readFrom(new ByteArrayDataInputStream(out.buffer(), 0, out.position()));

        assertThat(out.position()).isEqualTo(header.serializedSize());
        assertThat(read).usingRecursiveComparison().isEqualTo(header);
    }

    @Test
    void aTypeOfAnotherVersionIsRefused() {
        byte[] unknown = {4, 1};

        assertThatThrownBy(() -> new PacingHeader().readFrom(new ByteArrayDataInputStream(unknown)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unknown type 4");
    }
}
