package io.evenkeel.protocols;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.MergeView;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.DISCARD;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.util.ExtendedUUID;
import org.jgroups.util.UUID;

/** A member on loopback with JDBC_PING_LEASE over JGroups' own TCP, and a short lease. MERGE3 is as good as off. */
final class LeaseNode implements AutoCloseable {
    static final String CLUSTER = "keel";
    static final long LEASE_MS = 3000;
    static final long PATIENT_LEASE_MS = 15_000;
    static final long HEARTBEAT_MS = 500;

    private final JDBC_PING_LEASE ping = new JDBC_PING_LEASE();
    /** The parts of a member's address beside the member's identity. */
    static final String RICH = "rack";

    private final DISCARD discard = new DISCARD();
    private final JChannel channel;
    private final List<View> views = new CopyOnWriteArrayList<>();

    LeaseNode(String name, DataSource database, TCP tcp) throws Exception {
        ping.setDataSource(database);
        shortLease(ping);
        tcp.setBindAddress(InetAddress.getLoopbackAddress());
        tcp.setBindPort(0);
        channel = new JChannel(
                tcp,
                discard,
                ping,
                new MERGE3().setMinInterval(100_000).setMaxInterval(300_000),
                new FD_ALL3().setTimeout(2000).setInterval(500),
                new VERIFY_SUSPECT2().setTimeout(2_000),
                new NAKACK2().useMcastXmit(false),
                new UNICAST3(),
                new STABLE(),
                new GMS().printLocalAddress(false).setJoinTimeout(1000),
                new FRAG4());
        channel.setName(name);
        channel.setReceiver(new Receiver() {
            @Override
            public void viewAccepted(View view) {
                views.add(view);
            }
        });
    }

    /** To be called before the member connects. */
    LeaseNode withRichAddress() {
        channel.addAddressGenerator(() -> ExtendedUUID.randomUUID().put(RICH, new byte[] {1}));
        return this;
    }

    /** To be called before the member connects. */
    LeaseNode withAddress(long address) {
        channel.addAddressGenerator(() -> new UUID(0, address));
        return this;
    }

    /** As if GMS had made this view. */
    void install(long number, LeaseNode... members) {
        List<Address> addresses =
                Arrays.stream(members).map(node -> node.channel.getAddress()).toList();
        GMS gms = channel.getProtocolStack().findProtocol(GMS.class);
        gms.installView(new View(addresses.get(0), number, addresses));
    }

    static void shortLease(JDBC_PING_LEASE ping) {
        ping.setValue("heartbeat_interval", HEARTBEAT_MS);
        ping.setValue("lease_ttl", LEASE_MS);
        ping.setValue("connect_timeout", 1000L);
        ping.setValue("query_timeout", 1000L);
        ping.setValue("network_timeout", 1500L);
        ping.setValue("join_report_interval", 500L);
    }

    /** For tests in which no lease has to run out: neither a late beat nor a slow database means anything. */
    static void patientLease(JDBC_PING_LEASE ping) {
        shortLease(ping);
        ping.setValue("lease_ttl", PATIENT_LEASE_MS);
        ping.setValue("connect_timeout", 4000L);
        ping.setValue("query_timeout", 4000L);
        ping.setValue("network_timeout", 10_000L);
        ping.setValue("leave_timeout", 60_000L);
    }

    /** To be called before the member connects. */
    LeaseNode withPatientLease() {
        patientLease(ping);
        return this;
    }

    JChannel connect() throws Exception {
        return channel.connect(CLUSTER);
    }

    /** Cuts the member off from all others, or joins it up again. The database stays within reach. */
    void isolate(boolean cut) {
        discard.discardAll(cut);
    }

    String name() {
        return channel.getName();
    }

    JDBC_PING_LEASE ping() {
        return ping;
    }

    List<Address> view() {
        View view = channel.getView();
        return view == null || !channel.isConnected() ? List.of() : view.getMembers();
    }

    List<View> mergeViews() {
        return views.stream().filter(MergeView.class::isInstance).toList();
    }

    @Override
    public void close() {
        channel.close();
    }
}
