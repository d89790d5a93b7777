package io.evenkeel.protocols.pacing;

import io.evenkeel.protocols.pacing.core.Pressure;
import org.jgroups.Message;

/**
 * {@link Pressure} on the wire: the payload of an answer. A header has no length of its own, so that an older member
 * could not skip what a newer one adds to it; a payload of an answer it never looks at.
 *
 * <table>
 * <caption>Bytes</caption>
 * <tr><td>0</td><td>the share of its time that bulk may use of the sender, in percent, from 1 to 99</td></tr>
 * <tr><td>1</td><td>what is short, a sum of 1 for processors, 2 for the quota, 4 for the heap</td></tr>
 * <tr><td>2...</td><td>for later versions; not read</td></tr>
 * </table>
 *
 * <p>An answer without a payload, as older members send it and those that have enough of everything, and one that does
 * not make sense tell that nothing is short.
 */
final class PressurePayload {
    private static final int LENGTH = 2;

    private PressurePayload() {}

    static byte[] of(Pressure pressure) {
        return new byte[] {(byte) pressure.sharePercent(), (byte) Pressure.Shortage.bits(pressure.shortages())};
    }

    /** Never fails, whatever came. */
    static Pressure read(Message answer) {
        if (!answer.hasArray() || answer.getLength() < LENGTH) {
            return Pressure.NONE;
        }
        byte[] payload = answer.getArray();
        int share = payload[answer.getOffset()];
        return share <= 0 || share >= Pressure.NONE.sharePercent()
                ? Pressure.NONE
                : new Pressure(share, Pressure.Shortage.of(payload[answer.getOffset() + 1]));
    }
}
