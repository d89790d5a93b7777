package io.evenkeel.protocols;

import io.evenkeel.protocols.property.ProtocolErrors;
import io.evenkeel.protocols.search.InitialSearch;
import io.evenkeel.protocols.search.addresses.HostList;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.annotations.MBean;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.TCPPING;
import org.jgroups.util.Responses;

/**
 * JGroups' TCPPING that refuses a list without members, or with an entry that it cannot read, and founds no cluster
 * while a member may only be late.
 *
 * <p>TCPPING by itself takes {@code host:7800} for the name of a host, logs that it cannot be resolved, and founds a
 * cluster of one; with an empty list it does so without a word. A name that cannot be resolved yet is still looked up
 * again at each attempt.
 */
@MBean(description = "Discovery by a fixed list of members, which has to be readable")
public class STRICT_TCPPING extends TCPPING {
    private static final String ATTRIBUTE = "STRICT_TCPPING.initial_hosts";

    private final InitialSearch search = new InitialSearch(this);

    /** With TCPPING's id, so that both understand each other while members are replaced one after the other. */
    public STRICT_TCPPING() {
        id = ClassConfigurator.getProtocolId(TCPPING.class);
    }

    @Override
    public void init() throws Exception {
        ProtocolErrors.named(this, this::readHosts);
    }

    private void readHosts() throws Exception {
        if (initial_hosts_file == null && !initial_hosts_set_programmatically) {
            check(initial_hosts_str);
        }
        super.init();
        if (initial_hosts.isEmpty() && unresolved_hosts.isEmpty()) {
            throw refused(
                    initial_hosts_str,
                    "has no address of the family (IPv4, IPv6) of bind_addr, it must be as in " + HostList.EXAMPLE);
        }
    }

    @Override
    public Responses findMembers(List<Address> members, boolean initialDiscovery, boolean async, long timeout) {
        return initialDiscovery
                ? search.run(
                        timeout,
                        () -> super.findMembers(members, true, async, timeout),
                        responses -> findMembers(members, true, responses))
                : super.findMembers(members, false, async, timeout);
    }

    @Override
    public void findMembers(List<Address> members, boolean initialDiscovery, Responses responses) {
        super.findMembers(members, initialDiscovery, responses);
        search.requested();
    }

    @Override
    protected void sendDiscoveryRequest(Message request) {
        search.asked(request.getDest());
        super.sendDiscoveryRequest(request);
    }

    private static void check(String hosts) {
        if (hosts == null || hosts.isBlank()) {
            throw refused(
                    "",
                    "must name the members, as in " + HostList.EXAMPLE
                            + ": set it, or the system property jgroups.tcpping.initial_hosts");
        }
        HostList.check(ATTRIBUTE, hosts);
    }

    private static IllegalArgumentException refused(String hosts, String limit) {
        return HostList.refused(ATTRIBUTE, hosts, limit);
    }
}
