package io.evenkeel.protocols;

import io.evenkeel.protocols.version.SupportedVersions;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jgroups.Address;
import org.jgroups.View;
import org.jgroups.annotations.MBean;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.FD_SOCK2;
import org.jspecify.annotations.Nullable;

/**
 * FD_SOCK2 of a member that is in one view with members on JGroups' TCP: those watch it as they watch each other, and
 * it watches the next one of them. Members on TCP_NETTY it leaves to that one: they need not have FD_SOCK2, and it
 * would suspect those that have not.
 */
@MBean(description = "FD_SOCK2 towards members on JGroups' TCP")
public class STOCK_FD_SOCK2 extends FD_SOCK2 {
    /** The transport knows a member's kind once it has a connection. */
    private static final long LOOK_INTERVAL_MS = 500;

    private volatile @Nullable View view;
    private volatile List<Address> watched = List.of();
    private @Nullable Future<?> looking;

    public STOCK_FD_SOCK2() {
        SupportedVersions.ofPack().require();
        id = ClassConfigurator.getProtocolId(FD_SOCK2.class);
    }

    @Override
    public void start() throws Exception {
        if (!(getTransport() instanceof TCP_NETTY)) {
            throw new IllegalArgumentException(
                    "STOCK_FD_SOCK2 needs TCP_NETTY as the transport; with any other one take FD_SOCK2");
        }
        super.start();
        looking = timer.scheduleWithFixedDelay(
                this::look, LOOK_INTERVAL_MS, LOOK_INTERVAL_MS, TimeUnit.MILLISECONDS, false);
    }

    @Override
    public void stop() {
        if (looking != null) {
            looking.cancel(false);
        }
        super.stop();
        view = null;
        watched = List.of();
    }

    @Override
    protected synchronized void handleView(View installed) {
        view = installed;
        watched = members(installed);
        super.handleView(
                View.create(installed.getCreator(), installed.getViewId().getId(), watched.toArray(Address[]::new)));
    }

    /** Watches members that have turned out to be on JGroups' TCP since the view was installed. */
    private synchronized void look() {
        View current = view;
        if (current != null && !members(current).equals(watched)) {
            handleView(current);
        }
    }

    /** The members on JGroups' TCP, and this one. */
    private List<Address> members(View of) {
        TCP_NETTY transport = (TCP_NETTY) getTransport();
        return of.getMembers().stream()
                .filter(member -> member.equals(local_addr) || transport.isOnStockTcp(member))
                .toList();
    }
}
