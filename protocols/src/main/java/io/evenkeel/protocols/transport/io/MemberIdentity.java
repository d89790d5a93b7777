package io.evenkeel.protocols.transport.io;

import io.evenkeel.certs.core.LogText;
import java.io.DataInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jgroups.Address;
import org.jgroups.stack.IpAddress;
import org.jgroups.util.ByteArrayDataInputStream;
import org.jgroups.util.ByteArrayDataOutputStream;
import org.jgroups.util.Util;

/**
 * The identity of a member in JGroups, as it says in its {@link io.evenkeel.protocols.transport.core.Hello}: both sides
 * of a connection know each other by address and name before the first message, so no view shows a bare UUID.
 *
 * @param name the logical name; empty if it has none, or one too long to fit beside the address
 */
public record MemberIdentity(Address address, String name) {
    /** A HELLO has room for 255 bytes, of which an address takes at most about 40. */
    private static final int MAX_NAME_BYTES = 200;

    /** The identity of a member on JGroups' TCP, which tells its physical address only. */
    static ByteBuffer at(IpAddress address) {
        try {
            return new MemberIdentity(address, "").encode();
        } catch (IOException e) {
            throw new IllegalStateException("an array takes it", e);
        }
    }

    public ByteBuffer encode() throws IOException {
        boolean fits = name != null && name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES;
        ByteArrayDataOutputStream out = new ByteArrayDataOutputStream();
        Util.writeAddress(address, out);
        out.writeUTF(fits ? name : "");
        return ByteBuffer.wrap(out.buffer(), 0, out.position());
    }

    /** Reads what a peer sent; empty if that is no identity. */
    public static Optional<MemberIdentity> decode(ByteBuffer encoded) {
        byte[] raw = new byte[encoded.remaining()];
        encoded.duplicate().get(raw);
        try {
            DataInput in = new ByteArrayDataInputStream(raw);
            Address address = Util.readAddress(in);
            return address == null
                    ? Optional.empty()
                    : Optional.of(new MemberIdentity(address, LogText.oneLine(in.readUTF())));
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            // Whatever JGroups throws at bytes of a stranger.
            return Optional.empty();
        }
    }
}
