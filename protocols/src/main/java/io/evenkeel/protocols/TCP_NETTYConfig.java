package io.evenkeel.protocols;

import io.evenkeel.certs.TlsMaterial;
import io.evenkeel.certs.core.PeerPolicy;
import io.evenkeel.protocols.property.Secret;
import io.evenkeel.protocols.transport.config.Binding;
import io.evenkeel.protocols.transport.config.SocketOptions;
import io.evenkeel.protocols.transport.config.TransportConfig;
import io.evenkeel.protocols.transport.core.Backoff;
import io.evenkeel.protocols.transport.core.PeerLifecycle;
import io.evenkeel.protocols.transport.tls.TlsAttributes;
import io.evenkeel.protocols.transport.tls.TlsSettings;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jgroups.Global;
import org.jgroups.annotations.LocalAddress;
import org.jgroups.annotations.Property;
import org.jgroups.conf.AttributeType;
import org.jgroups.stack.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of {@link TCP_NETTY}. Those that mean the same are named as in JGroups' TCP; all are read at the start
 * and checked then.
 */
public abstract class TCP_NETTYConfig extends StockTcpAttributes {
    private static final String FORMER = "Former name of ";
    private static final long DEFAULT_RELOAD_INTERVAL_MS = 5000;
    private static final long DEFAULT_RELOAD_DEBOUNCE_MS = 2000;
    private static final long DEFAULT_TRUST_CHECK_INTERVAL_MS = 20_000;
    private static final long DEFAULT_RENEWAL_GRACE_MS = 3_600_000;

    @Property(description = "tls, or none to send everything in clear, which warns at every start", writable = false)
    protected String encryption = "tls";

    @Property(
            description = "File with the private key, where tls.keystore_type is PEM and tls.keystore_path holds the "
                    + "certificates only: PKCS #8 (encrypted too, opened by tls.keystore_password), PKCS #1 or SEC 1",
            writable = false)
    protected @Nullable String keystore_key_path;

    @Property(
            description =
                    "Who may take part of those that the CA vouches for: patterns separated by semicolons, one of "
                            + "which a peer's certificate must fit, such as dns:*.kc.example, ip:10.1.0.0/16, "
                            + "uri:spiffe://example/ns/kc/* or dn:CN=node-*,O=Example; everybody if not set. This "
                            + "member's own certificate must fit too",
            writable = false)
    protected @Nullable String authorized_peers;

    @Property(
            description = "Whether the address that a peer says it has must be among the IP addresses in its "
                    + "certificate, so that no member can speak for another; Keycloak's automatic"
                    + " certificates have none",
            writable = false)
    protected boolean bind_identity_to_address;

    @Property(
            description = "Whose TLS runs: jdk, openssl (BoringSSL, whose natives for Linux x86_64 and aarch64"
                    + " come with Evenkeel), or auto (also if not set) for BoringSSL where it loads and can"
                    + " do what is asked for, else the JDK's. In FIPS mode it is the JDK's, by the JVM's"
                    + " first provider for TLS, and openssl is refused",
            writable = false)
    protected @Nullable String tls_provider;

    @Property(
            description = "Groups for the key exchange, separated by commas, such as x25519,secp256r1; the provider's "
                    + "choice if not set. Needs BoringSSL: the JDK's are set by -Djdk.tls.namedGroups",
            writable = false)
    protected @Nullable String tls_named_groups;

    @Property(
            description = "How often to look whether keys or trust have changed, in files or in injected managers; new "
                    + "connections use what is new, others are renewed in turn, an invalid update is rejected",
            type = AttributeType.TIME,
            writable = false)
    protected long reload_interval = DEFAULT_RELOAD_INTERVAL_MS;

    @Property(
            description = "How long changed files must lie still before they are read",
            type = AttributeType.TIME,
            writable = false)
    protected long reload_debounce = DEFAULT_RELOAD_DEBOUNCE_MS;

    @Property(
            description =
                    "How often the certificates of peers with open connections are judged again (validity, trust, "
                            + "revocation), a quarter more or less, and some 10 s after a change of keys or trust; "
                            + "the connection of a peer whose certificate is revoked, or found bad twice, 15 s apart, "
                            + "ends and the peer is suspected",
            type = AttributeType.TIME,
            writable = false)
    protected long trust_check_interval = DEFAULT_TRUST_CHECK_INTERVAL_MS;

    @Property(
            description =
                    "How long after its end a peer's certificate is good enough for a connection that is open, since "
                            + "a renewal may be late; 0: not at all. New connections need a valid one",
            type = AttributeType.TIME,
            writable = false)
    protected long renewal_grace = DEFAULT_RENEWAL_GRACE_MS;

    @Property(
            description = "Size of the receive buffer of a socket; 0: the kernel's choice",
            type = AttributeType.BYTES,
            writable = false)
    protected int recv_buf_size;

    @Property(
            description = "Size of the send buffer of a socket; 0: the kernel's choice",
            type = AttributeType.BYTES,
            writable = false)
    protected int send_buf_size;

    @Property(
            description = "How long to wait for a peer's host to answer a connection attempt; nobody waits meanwhile",
            type = AttributeType.TIME,
            writable = false)
    protected int sock_conn_timeout = 2000;

    @Property(description = "Whether to send small packets at once; flushes are batched already", writable = false)
    protected boolean tcp_nodelay = true;

    @Property(description = "SO_LINGER in seconds; -1: the kernel's default", writable = false)
    protected int linger = -1;

    @LocalAddress
    @Property(
            name = "client_bind_addr",
            description = "Local address of outgoing connections; the kernel's choice if not set. GLOBAL, SITE_LOCAL, "
                    + "LINK_LOCAL and NON_LOOPBACK are recognised too",
            systemProperty = Global.TCP_CLIENT_BIND_ADDR,
            writable = false)
    protected @Nullable InetAddress client_bind_addr;

    @Property(
            description = "The largest frame (one message or bundle) sent or taken from a member",
            type = AttributeType.BYTES,
            writable = false)
    protected int max_frame_size = 16 * 1024 * 1024;

    @Property(
            description = "How much may wait for one peer; above it messages to that peer are dropped, counted and "
                    + "retransmitted, and nobody blocks",
            type = AttributeType.BYTES,
            writable = false)
    protected long max_queued_bytes = 16 * 1024 * 1024;

    @Property(
            description = "How long a connection may take from the first byte until both sides know each other",
            type = AttributeType.TIME,
            writable = false)
    protected int handshake_timeout = 5000;

    @Property(
            description =
                    "How many incoming connections may be in their handshake at once; when there are more, the remote "
                            + "host that holds most (of IPv6: the network of 64 bits) loses its oldest one",
            type = AttributeType.SCALAR,
            writable = false)
    protected int max_pending_handshakes = 128;

    @Property(
            description =
                    "An idle connection to a host that is not a member is closed after two to three such intervals",
            type = AttributeType.TIME,
            writable = false)
    protected long non_member_grace = 20_000;

    @Property(
            description = "How long to wait, when leaving, until a peer has read everything and closed its side",
            type = AttributeType.TIME,
            writable = false)
    protected int goodbye_timeout = 1000;

    @Property(
            description =
                    "A connection is given up when the peer's host has not answered for so long, or when the peer has "
                            + "paused and read nothing for so long while data waits for it; a new one takes its"
                            + " place. Less "
                            + "than the timeout of FD_ALL3, so that a lost connection costs no living member its place",
            type = AttributeType.TIME,
            writable = false)
    protected int dead_connection_timeout = 15_000;

    @Property(
            description =
                    "For how long, in milliseconds, the port of a member must refuse all new connections, three at the "
                            + "least, before the member is suspected, if its idle liveness connection ended as that"
                            + " of a "
                            + "dead process does; the time that a killed process stays in the view",
            type = AttributeType.TIME,
            writable = false)
    protected long min_refusal_time = 80;

    @Property(
            description =
                    "The same, in milliseconds, if refusals are the only evidence, as when a firewall rejects, a proxy "
                            + "between the members restarts, or several hosts are lost at once; a network that rejects "
                            + "connections for longer excludes living members",
            type = AttributeType.TIME,
            writable = false)
    protected long patient_refusal_time = 2500;

    @Property(
            description = "The wait after a first failed connection attempt; doubles, half of it is random",
            type = AttributeType.TIME,
            writable = false)
    protected long reconnect_backoff_min = 20;

    @Property(
            description = "The longest wait between two connection attempts to one peer",
            type = AttributeType.TIME,
            writable = false)
    protected long reconnect_backoff_max = 1000;

    @Property(
            description = "Whether members on JGroups' own TCP take part: refuse, or accept while a cluster"
                    + " moves between the two, with TLS and certificates as for all others. Who speaks"
                    + " Evenkeel's framing is never spoken to in the other",
            writable = false)
    protected String stock_peers = "refuse";

    @Property(
            description = "Threads of its own that do all input and output; 0: those that all channels in the JVM "
                    + "share, one per processor, from 2 to 4",
            type = AttributeType.SCALAR,
            writable = false)
    protected int event_loop_threads;

    @Property(description = FORMER + "tls.keystore_path", writable = false)
    protected @Nullable String keystore_path;

    @Property(description = FORMER + "tls.keystore_type", writable = false)
    protected @Nullable String keystore_type;

    @Property(
            description = FORMER + "tls.keystore_password",
            converter = Secret.Converter.class,
            exposeAsManagedAttribute = false,
            writable = false)
    protected @Nullable Secret keystore_password;

    @Property(description = FORMER + "tls.truststore_path", writable = false)
    protected @Nullable String truststore_path;

    @Property(description = FORMER + "tls.truststore_type", writable = false)
    protected @Nullable String truststore_type;

    @Property(
            description = FORMER + "tls.truststore_password",
            converter = Secret.Converter.class,
            exposeAsManagedAttribute = false,
            writable = false)
    protected @Nullable Secret truststore_password;

    @Property(description = FORMER + "tls.protocols", writable = false)
    protected @Nullable String tls_protocols;

    @Property(description = FORMER + "tls.cipher_suites", writable = false)
    protected @Nullable String tls_ciphers;

    final TlsAttributes tlsAttributes() {
        StockTls options = tls.orFormer(this);
        return new TlsAttributes(
                encryption,
                options.keystore_path,
                keystore_key_path,
                options.keystore_type,
                options.keystore_password,
                options.truststore_path,
                options.truststore_type,
                options.truststore_password,
                otherTlsAttribute(),
                reload_interval,
                reload_debounce);
    }

    /** The first one that is set and that makes sense with TLS only; null if there is none. */
    private @Nullable String otherTlsAttribute() {
        Map<String, Boolean> set = new LinkedHashMap<>();
        set.put("authorized_peers", authorized_peers != null);
        set.put("bind_identity_to_address", bind_identity_to_address);
        set.put("tls_provider", tls_provider != null);
        set.put("tls_protocols", tls_protocols != null);
        set.put("tls.protocols", tls.protocols != null);
        set.put("tls_ciphers", tls_ciphers != null);
        set.put("tls.cipher_suites", tls.cipher_suites != null);
        set.put("tls_named_groups", tls_named_groups != null);
        set.put("keystore_type", keystore_type != null);
        set.put("tls.keystore_type", tls.keystore_type != null);
        set.put("truststore_type", truststore_type != null);
        set.put("tls.truststore_type", tls.truststore_type != null);
        set.put("reload_interval", reload_interval != DEFAULT_RELOAD_INTERVAL_MS);
        set.put("reload_debounce", reload_debounce != DEFAULT_RELOAD_DEBOUNCE_MS);
        set.put("trust_check_interval", trust_check_interval != DEFAULT_TRUST_CHECK_INTERVAL_MS);
        set.put("renewal_grace", renewal_grace != DEFAULT_RENEWAL_GRACE_MS);
        return set.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    private static String or(@Nullable String value, String otherwise) {
        return value == null ? otherwise : value;
    }

    /** @param fips whether the embedding program asked for validated cryptography only */
    final TlsSettings tlsSettings(TlsMaterial material, boolean fips) {
        StockTls options = tls.orFormer(this);
        return new TlsSettings(
                material,
                PeerPolicy.parse("authorized_peers", authorized_peers),
                bind_identity_to_address,
                or(tls_provider, "auto"),
                TlsSettings.list(or(options.protocols, "TLSv1.3")),
                TlsSettings.list(options.cipher_suites),
                TlsSettings.list(tls_named_groups),
                fips);
    }

    /** As JGroups' own; a secret may be given as text. */
    // The signature is JGroups'.
    @SuppressWarnings("TypeParameterUnusedInFormals")
    @Override
    public <T extends Protocol> T setValue(String name, Object value) {
        return super.setValue(name, Secret.ofText(getClass(), name, value));
    }

    final TransportConfig wireConfig() {
        return new TransportConfig(
                new Binding(bind_addr, bind_port, port_range, external_addr, external_port),
                new SocketOptions(
                        client_bind_addr,
                        sock_conn_timeout,
                        dead_connection_timeout,
                        recv_buf_size,
                        send_buf_size,
                        tcp_nodelay,
                        linger),
                new PeerLifecycle.Limits(
                        new Backoff(reconnect_backoff_min, reconnect_backoff_max),
                        min_refusal_time,
                        patient_refusal_time),
                max_frame_size,
                max_queued_bytes,
                handshake_timeout,
                max_pending_handshakes,
                non_member_grace,
                goodbye_timeout,
                event_loop_threads,
                acceptsStockPeers());
    }

    final boolean acceptsStockPeers() {
        return switch (stock_peers) {
            case "accept" -> true;
            case "refuse" -> false;
            default -> throw new IllegalArgumentException("stock_peers=" + stock_peers + " must be refuse or accept");
        };
    }
}
