package io.evenkeel.protocols;

import io.evenkeel.protocols.lease.jdbc.Postgres;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jgroups.Address;
import org.jgroups.JChannel;
import org.jgroups.MergeView;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;

/** A member on loopback with JDBC_PING_LEASE over JGroups' own TCP. */
final class LeaseNode implements AutoCloseable {
    static final String CLUSTER = "keel";

    private final JDBC_PING_LEASE ping = new JDBC_PING_LEASE();
    private final JChannel channel;
    private final List<View> views = new CopyOnWriteArrayList<>();

    LeaseNode(String name, Postgres database) throws Exception {
        ping.setDataSource(database.dataSource());
        TCP tcp = new TCP();
        tcp.setBindAddress(InetAddress.getLoopbackAddress());
        tcp.setBindPort(0);
        channel = new JChannel(
                tcp,
                ping,
                new MERGE3().setMinInterval(1000).setMaxInterval(3000),
                new FD_ALL3().setTimeout(4000).setInterval(1000),
                new VERIFY_SUSPECT2(),
                new NAKACK2().useMcastXmit(false),
                new UNICAST3(),
                new STABLE(),
                new GMS().printLocalAddress(false).setJoinTimeout(2000),
                new FRAG4());
        channel.setName(name);
        channel.setReceiver(new Receiver() {
            @Override
            public void viewAccepted(View view) {
                views.add(view);
            }
        });
    }

    JChannel connect() throws Exception {
        return channel.connect(CLUSTER);
    }

    JDBC_PING_LEASE ping() {
        return ping;
    }

    JChannel channel() {
        return channel;
    }

    List<Address> view() {
        View view = channel.getView();
        return view == null ? List.of() : view.getMembers();
    }

    List<View> mergeViews() {
        return views.stream().filter(MergeView.class::isInstance).toList();
    }

    @Override
    public void close() {
        channel.close();
    }
}
