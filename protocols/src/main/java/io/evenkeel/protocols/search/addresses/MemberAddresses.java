package io.evenkeel.protocols.search.addresses;

import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.naming.NamingException;
import org.jgroups.Address;
import org.jgroups.PhysicalAddress;
import org.jgroups.protocols.dns.DNSResolver;
import org.jgroups.protocols.dns.DNSResolver.DNSRecordType;
import org.jgroups.protocols.dns.DefaultDNSResolver;
import org.jgroups.stack.IpAddress;

/**
 * The addresses at which members may be, by a list of hosts, by DNS, or by both.
 *
 * @param hosts as in TCPPING's {@code initial_hosts}; empty for none
 * @param dnsQuery name whose records list members; empty for none
 * @param recordType of those records
 * @param dnsServer the server that is asked; empty for those of this host
 */
public record MemberAddresses(String hosts, String dnsQuery, DNSRecordType recordType, String dnsServer) {
    /**
     * Checks them.
     *
     * @param protocol for the refusal
     * @throws IllegalArgumentException naming the attribute, its value and the limit
     */
    public static MemberAddresses of(
            String protocol, String initialHosts, String dnsQuery, String recordType, String dnsServer) {
        if (!initialHosts.isBlank()) {
            HostList.check(protocol + ".initial_hosts", initialHosts);
        }
        if (dnsQuery.isBlank() && !dnsServer.isBlank()) {
            throw new IllegalArgumentException(protocol + ".dns_address=" + dnsServer
                    + " must be empty without dns_query, the name that the server is asked for");
        }
        return new MemberAddresses(
                initialHosts.strip(),
                dnsQuery.strip(),
                DnsNames.type(protocol + ".dns_record_type", recordType),
                dnsServer.strip());
    }

    /** True if there are none, now and ever. */
    public boolean isEmpty() {
        return hosts.isEmpty() && dnsQuery.isEmpty();
    }

    /**
     * Those that are known now. Waits for the name service.
     *
     * @param port of those that bring none
     * @param bindAddress whose family (IPv4, IPv6) is wanted of the hosts
     * @throws NamingException if the name of {@code dnsServer} cannot be read
     */
    public Set<PhysicalAddress> lookUp(int port, InetAddress bindAddress) throws NamingException {
        Set<PhysicalAddress> found = new LinkedHashSet<>();
        if (!hosts.isEmpty()) {
            found.addAll(HostList.resolve(hosts, port, bindAddress));
        }
        if (!dnsQuery.isEmpty()) {
            try (DNSResolver resolver = resolver()) {
                for (Address address : resolver.resolveIps(dnsQuery, recordType)) {
                    IpAddress ip = (IpAddress) address;
                    found.add(ip.getPort() > 0 ? ip : new IpAddress(ip.getIpAddress(), port));
                }
            }
        }
        return found;
    }

    private DNSResolver resolver() throws NamingException {
        return dnsServer.isEmpty()
                ? new DefaultDNSResolver(DnsNames.CONTEXT_FACTORY, dnsServer)
                : DnsNames.resolver(DnsNames.CONTEXT_FACTORY, dnsServer);
    }

    @Override
    public String toString() {
        String names = dnsQuery.isEmpty() ? "" : dnsQuery + " (DNS, " + recordType + ")";
        return hosts.isEmpty() || names.isEmpty() ? hosts + names : hosts + " and " + names;
    }
}
