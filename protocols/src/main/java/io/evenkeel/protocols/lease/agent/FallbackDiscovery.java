package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.search.addresses.MemberAddresses;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.naming.NamingException;
import org.jgroups.PhysicalAddress;

/**
 * Discovery beside the table, for a node that starts while the table does not answer: members are asked at addresses
 * that the operator has named. It finds who is there; founding stays a matter of the table.
 *
 * <p>Used by the thread that joins.
 */
public final class FallbackDiscovery {
    private static final long ASK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final MemberAddresses addresses;
    private final int port;
    private final InetAddress bindAddress;
    private final Executor threads;
    private final Consumer<PhysicalAddress> request;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile String outcome = "not asked yet";
    private boolean asked;
    private long askedNs;

    /**
     * Asks nobody yet.
     *
     * @param port of addresses that bring none
     * @param threads to look addresses up on, which may take the name service's time
     * @param request sends a discovery request
     */
    public FallbackDiscovery(
            MemberAddresses addresses,
            int port,
            InetAddress bindAddress,
            Executor threads,
            Consumer<PhysicalAddress> request) {
        this.addresses = addresses;
        this.port = port;
        this.bindAddress = bindAddress;
        this.threads = threads;
        this.request = request;
    }

    public boolean isConfigured() {
        return !addresses.isEmpty();
    }

    /** The addresses at which members are asked. */
    public MemberAddresses addresses() {
        return addresses;
    }

    /** Asks at all addresses, once a second at the most. */
    public void ask(long nowNs) {
        if ((!asked || nowNs - askedNs >= ASK_INTERVAL_NS) && asking.compareAndSet(false, true)) {
            asked = true;
            askedNs = nowNs;
            threads.execute(this::askAll);
        }
    }

    private void askAll() {
        try {
            Set<PhysicalAddress> found = addresses.lookUp(port, bindAddress);
            outcome = found.isEmpty() ? "no address is known" : "no coordinator has answered at " + found;
            found.forEach(request);
        } catch (NamingException | RuntimeException e) {
            outcome = "members cannot be asked: " + e;
        } finally {
            asking.set(false);
        }
    }

    /** The reason why no member was found yet. */
    public String joinReport() {
        return addresses + ": " + outcome;
    }
}
