package io.evenkeel.protocols.pacing;

/** Messages and payload bytes of one direction, by kind of traffic. */
public final class TrafficCounter extends MessageCounter<Traffic> {
    public TrafficCounter() {
        super(Traffic.class);
    }

    /** Messages of all kinds of bulk. */
    public long bulkMessages() {
        long sum = 0;
        for (Traffic kind : Traffic.values()) {
            sum += kind.isBulk() ? messages(kind) : 0;
        }
        return sum;
    }

    /** Payload bytes of all kinds of bulk. */
    public long bulkBytes() {
        long sum = 0;
        for (Traffic kind : Traffic.values()) {
            sum += kind.isBulk() ? bytes(kind) : 0;
        }
        return sum;
    }
}
