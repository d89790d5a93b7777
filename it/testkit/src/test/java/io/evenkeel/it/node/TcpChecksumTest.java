package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class TcpChecksumTest {
    /** From 10.0.0.1 to 10.0.0.2, with three bytes of data: 0xff00, 0x0100 in words. */
    private static final String TYPE_AND_IP = "0800" + "4500002b000040004006" + "0000" + "0a000001" + "0a000002";

    private static final String TCP = "1e781e79" + "00000001" + "00000002" + "50100100";

    private static ByteBuffer completed(String hex) {
        ByteBuffer frame = ByteBuffer.wrap(HexFormat.of().parseHex(hex));
        TcpChecksum.complete(frame, 0);
        return frame;
    }

    @Test
    void isTheComplementOfTheSumOfAllWords() {
        ByteBuffer frame = completed(TYPE_AND_IP + TCP + "abcd" + "0000" + "ff0001");
        // Of 0a00 0001 0a00 0002, 0006 0017, 1e78 1e79 0000 0001 0000 0002 5010 0100, ff00 0100.
        assertThat(Short.toUnsignedInt(frame.getShort(2 + 20 + 16))).isEqualTo(0x5dda);
    }

    @Test
    void leavesAloneWhatIsNotTcp() {
        String udp = TYPE_AND_IP.replace("4006", "4011") + TCP + "abcd" + "0000" + "ff0001";
        assertThat(completed(udp).array()).isEqualTo(HexFormat.of().parseHex(udp));
    }

    @Test
    void leavesAloneWhatIsCutOff() {
        String cut = TYPE_AND_IP + TCP + "abcd" + "0000" + "ff00";
        assertThat(completed(cut).array()).isEqualTo(HexFormat.of().parseHex(cut));
    }
}
