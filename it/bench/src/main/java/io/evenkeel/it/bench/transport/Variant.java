package io.evenkeel.it.bench.transport;

import io.evenkeel.it.member.KeyFiles;
import io.evenkeel.it.member.StackXml;
import java.util.Map;
import java.util.TreeMap;

/**
 * The variant that is measured: a transport and the protection of its traffic. Everything else in the stack is the
 * same.
 */
enum Variant {
    STOCK_CLEAR("TCP, clear", "TCP", "tls.enabled", "false"),
    STOCK_TLS("TCP, mutual TLS", "TCP", "tls.enabled", "true"),
    NETTY_TLS("TCP_NETTY, mutual TLS", Variant.NETTY, "tls_provider", "openssl"),
    NETTY_CLEAR("TCP_NETTY, clear", Variant.NETTY, "encryption", "none"),
    NETTY_JDK_TLS("TCP_NETTY, mutual TLS of the JDK", Variant.NETTY, "tls_provider", "jdk");

    private static final String NETTY = "io.evenkeel.protocols.TCP_NETTY";
    private static final Map<String, String> SHARED = Map.of(
            "diag.enabled", "false",
            "bundler.max_size", "64k",
            "thread_pool.min_threads", "0",
            "thread_pool.max_threads", "200",
            "thread_pool.keep_alive_time", "1m",
            "use_vthreads", "false");
    private static final String ABOVE =
            """
              <TCPPING/>
              <MERGE3 min_interval="10s" max_interval="30s"/>
              <FD_ALL3/>
              <VERIFY_SUSPECT2 timeout="1s"/>
              <pbcast.NAKACK2 use_mcast_xmit="false" xmit_interval="200ms" xmit_table_num_rows="50"
                  xmit_table_msgs_per_row="1024" xmit_table_max_compaction_time="30s" resend_last_seqno="true"/>
              <UNICAST3 conn_close_timeout="5s" xmit_interval="200ms" xmit_table_num_rows="50"
                  xmit_table_msgs_per_row="1024" xmit_table_max_compaction_time="30s"/>
              <pbcast.STABLE desired_avg_gossip="5s" max_bytes="1M"/>
              <pbcast.GMS print_local_addr="false" join_timeout="2s"/>
              <UFC max_credits="4m" min_threshold="0.40"/>
              <MFC max_credits="4m" min_threshold="0.40"/>
              <FRAG4 frag_size="60k"/>
            </config>
            """;

    private final String label;
    private final String element;
    private final String attribute;
    private final String value;

    Variant(String label, String element, String attribute, String value) {
        this.label = label;
        this.element = element;
        this.attribute = attribute;
        this.value = value;
    }

    String label() {
        return label;
    }

    /** The stack of a node: the same for all variants but for the transport. */
    StackXml stack(KeyFiles keys) {
        return StackXml.parse("<config xmlns=\"urn:org:jgroups\"><" + element + "/>" + ABOVE)
                .withTransport(SHARED)
                .withTransport(attributes(keys));
    }

    private Map<String, String> attributes(KeyFiles keys) {
        Map<String, String> all = new TreeMap<>(Map.of(attribute, value));
        switch (this) {
            case STOCK_TLS -> {
                // What Keycloak sets for --cache-embedded-mtls-enabled.
                all.putAll(Map.of("tls.client_auth", "NEED", "tls.protocols", "TLSv1.3"));
                all.putAll(keys.attributes());
            }
            case NETTY_TLS, NETTY_JDK_TLS -> all.putAll(keys.attributes());
            case STOCK_CLEAR, NETTY_CLEAR -> {}
        }
        if (element.equals("TCP")) {
            // JGroups' default, and what its author measures with.
            all.put("bundler_type", "transfer-queue");
        }
        return all;
    }
}
