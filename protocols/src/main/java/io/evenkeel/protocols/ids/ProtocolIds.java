package io.evenkeel.protocols.ids;

/**
 * All protocol ids and header magic numbers of the pack, in one place.
 *
 * <p>JGroups writes a protocol's id and a header's magic number on the wire, so two numbers that meet in one stack must
 * differ. Taken by others and avoided here: protocols 512-1023, 1025, 1026, 2017; magic numbers 1050, 2000-2007,
 * 3000-3007, 4000. Protocols are numbered from 1801, headers from 1811. Never reuse a number.
 *
 * <p>Each class registers itself in its static initialiser, as JGroups asks for the id in the constructor.
 */
public final class ProtocolIds {
    public static final short JDBC_PING_LEASE_ID = 1801;
    public static final short TCP_NETTY_ID = 1802;
    public static final short STATE_FC_ID = 1803;
    public static final short VIEW_ORDER_DOWN_ID = 1804;
    public static final short VIEW_ORDER_UP_ID = 1805;

    /** Magic number of STATE_FC's header. */
    public static final short PACE_HEADER_MAGIC = 1811;

    /** Magic number of JDBC_PING_LEASE's header. */
    public static final short ATTESTATION_HEADER_MAGIC = 1812;

    /** Magic number of the header with which JDBC_PING_LEASE adds addresses to messages of GMS. */
    public static final short VIEW_ADDRESSES_HEADER_MAGIC = 1813;

    /**
     * Place of that header in a message. No protocol's id: at JDBC_PING_LEASE's own, JGroups expects headers of
     * discovery.
     */
    public static final short VIEW_ADDRESSES_HEADER_ID = 1806;

    private ProtocolIds() {}
}
