package io.evenkeel.protocols;

import io.evenkeel.protocols.log.DiscoveryMessages;
import io.evenkeel.protocols.property.ProtocolErrors;
import io.evenkeel.protocols.search.InitialSearch;
import io.evenkeel.protocols.search.addresses.DnsNames;
import java.util.List;
import org.jgroups.Address;
import org.jgroups.Message;
import org.jgroups.annotations.MBean;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.dns.DNSResolver;
import org.jgroups.protocols.dns.DNS_PING;
import org.jgroups.util.Responses;

/**
 * JGroups' DNS_PING that founds no cluster while a member may only be late, says when the name lists nobody, and reads
 * SRV records with {@code dns_address} too.
 *
 * <p>A name that lists nobody does not end the start: a headless service of Kubernetes lists pods that are ready, and
 * the first pod of all is not. That this member is alone by mistake can only be told to the operator.
 */
@MBean(description = "Discovery by DNS, which founds no cluster while a member may only be late")
public class STRICT_DNS_PING extends DNS_PING {
    private final InitialSearch search = new InitialSearch(this);

    /** With DNS_PING's id, so that both understand each other while members are replaced one after the other. */
    public STRICT_DNS_PING() {
        id = ClassConfigurator.getProtocolId(DNS_PING.class);
    }

    @Override
    public void init() throws Exception {
        ProtocolErrors.named(this, this::requireQuery);
        super.init();
    }

    private void requireQuery() throws Exception {
        if (dns_query == null || dns_query.isBlank()) {
            throw new IllegalArgumentException("STRICT_DNS_PING.dns_query= must be the name whose records list the"
                    + " members: set it, or the system property jgroups.dns.query");
        }
        recordType();
        if (dns_resolver == null && dns_address != null && !dns_address.isBlank()) {
            dns_resolver = DnsNames.resolver(dns_context_factory, dns_address);
        }
    }

    private DNSResolver.DNSRecordType recordType() {
        return DnsNames.type("STRICT_DNS_PING.dns_record_type", dns_record_type);
    }

    @Override
    public Responses findMembers(List<Address> members, boolean initialDiscovery, boolean async, long timeout) {
        if (!initialDiscovery) {
            return super.findMembers(members, false, async, timeout);
        }
        Responses found = search.run(
                timeout,
                () -> super.findMembers(members, true, async, timeout),
                responses -> findMembers(members, true, responses));
        if (found.isEmpty()) {
            warnOfEmptyName();
        }
        return found;
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

    private void warnOfEmptyName() {
        for (String name : dns_query.split(",", 0)) {
            List<Address> listed = dns_resolver.resolveIps(name.strip(), recordType());
            if (listed != null && !listed.isEmpty()) {
                return;
            }
        }
        DiscoveryMessages.NAME_LISTS_NOBODY.to(log, dns_query, dns_record_type);
    }
}
