package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.worker.KeyFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The stack of a node: the same for all variants but for the transport's element. */
final class StackFile {
    private static final String ABOVE =
            """
              <TCPPING initial_hosts="HOSTS" port_range="0"/>
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

    private StackFile() {}

    /** Writes the stack of the node on that port, one of all ports. */
    static void write(Path file, Variant variant, KeyFiles keys, int port, List<Integer> ports) {
        Map<String, String> attributes = new TreeMap<>(Map.of(
                "bind_addr", "127.0.0.1",
                "bind_port", Integer.toString(port),
                "port_range", "0",
                "diag.enabled", "false",
                "bundler.max_size", "64k",
                "thread_pool.min_threads", "0",
                "thread_pool.max_threads", "200",
                "thread_pool.keep_alive_time", "1m",
                "use_vthreads", "false"));
        attributes.putAll(variant.attributes(keys));
        String transport = attributes.entrySet().stream()
                .map(attribute -> attribute.getKey() + "=\"" + attribute.getValue() + "\"")
                .collect(Collectors.joining(" ", "  <" + variant.element() + " ", "/>\n"));
        String hosts = ports.stream().map(each -> "127.0.0.1[" + each + "]").collect(Collectors.joining(","));
        try {
            Files.writeString(file, "<config xmlns=\"urn:org:jgroups\">\n" + transport + ABOVE.replace("HOSTS", hosts));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
