package io.evenkeel.protocols;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jgroups.annotations.Component;
import org.jgroups.annotations.Property;
import org.jgroups.protocols.TP;
import org.jgroups.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of JGroups' TCP that mean nothing to TCP_NETTY, so that a stack starts in which only the transport's
 * element was changed. This is the one place that lists them; a test compares it with JGroups. Attributes without
 * effect are named in one line, and one that must not be ignored is refused, with what to set here.
 *
 * <p>Their values are not read, so all are texts.
 */
public abstract class StockTcpAttributes extends TP {
    private static final String IGNORED = "Of JGroups' TCP, ignored: ";
    private static final String REFUSED = "Of JGroups' TCP, refused unless 0: ";

    /** The remedies that a refusal names. */
    private static final Map<String, String> REMEDIES = Map.of(
            "max_length",
            "set max_frame_size, which bounds a frame on both sides",
            "client_bind_port",
            "remove it: one local port allows one connection to a peer, and while that is renewed or a probe asks,"
                    + " there are two; a firewall has to go by bind_port");

    @Property(description = IGNORED + "no sender ever waits for a peer", writable = false)
    protected @Nullable String non_blocking_sends;

    @Property(description = IGNORED + "max_queued_bytes bounds what waits for a peer", writable = false)
    protected @Nullable String max_send_queue;

    @Property(description = IGNORED + "no sender takes a lock", writable = false)
    protected @Nullable String use_lock_to_send;

    @Property(description = IGNORED + "frames are read into pooled buffers", writable = false)
    protected @Nullable String buffered_input_stream_size;

    @Property(description = IGNORED + "frames are written from pooled buffers", writable = false)
    protected @Nullable String buffered_output_stream_size;

    @Property(description = IGNORED + "handshake_timeout bounds the whole introduction", writable = false)
    protected @Nullable String peer_addr_read_timeout;

    @Property(description = IGNORED + "both sides always confirm a connection", writable = false)
    protected @Nullable String use_acks;

    @Property(
            description = IGNORED + "the address is the kernel's choice unless client_bind_addr is set",
            writable = false)
    protected @Nullable String defer_client_bind_addr;

    @Property(description = IGNORED + "connections to members stay, see non_member_grace for others", writable = false)
    protected @Nullable String reaper_interval;

    @Property(description = IGNORED + "connections to members stay, see non_member_grace for others", writable = false)
    protected @Nullable String conn_expire_time;

    @Property(
            description = IGNORED + "a member is suspected when its death is proved, see min_refusal_time",
            writable = false)
    protected @Nullable String enable_suspect_events;

    @Property(description = IGNORED + "each failure is one line, repeated at most once a minute", writable = false)
    protected @Nullable String log_details;

    @Property(description = IGNORED + "each failure is one line, repeated at most once a minute", writable = false)
    protected @Nullable String log_accept_error;

    @Property(description = REFUSED + "max_frame_size takes its place", writable = false)
    protected @Nullable String max_length;

    @Property(description = REFUSED + "a renewed connection needs a second port", writable = false)
    protected @Nullable String client_bind_port;

    @Component(name = "tls", description = "Attributes of JGroups' TCP for TLS")
    protected StockTls tls = new StockTls();

    /**
     * Checks that nothing is lost of what was asked for.
     *
     * @throws IllegalArgumentException if an attribute of JGroups' TCP is set that must not be ignored; one line
     */
    final void requireNothingLost() {
        for (Field field : declared()) {
            String remedy = REMEDIES.get(field.getName());
            Object value = Util.getField(field, this);
            if (remedy != null && value != null && !"0".equals(value)) {
                throw new IllegalArgumentException(
                        field.getName() + "=" + value + " of JGroups' TCP is not for TCP_NETTY; " + remedy);
            }
        }
        tls.requireNothingLost();
    }

    /** The attributes that are set and do nothing. */
    final List<String> ignored() {
        return Stream.concat(
                        declared().stream()
                                .filter(field -> !REMEDIES.containsKey(field.getName()))
                                .filter(field -> Util.getField(field, this) != null)
                                .map(Field::getName),
                        tls.ignored().stream())
                .sorted()
                .toList();
    }

    private static List<Field> declared() {
        return Stream.of(StockTcpAttributes.class.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(Property.class))
                .toList();
    }
}
