package io.evenkeel.protocols.transport.core;

/** The form of what goes over a connection. */
public enum Framing {
    /** HELLO and frames with a type, see {@link FrameType}. */
    OWN,
    /** Those of JGroups' TCP, see {@link StockGreeting} and {@link StockFrame}. */
    STOCK
}
