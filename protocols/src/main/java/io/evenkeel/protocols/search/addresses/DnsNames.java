package io.evenkeel.protocols.search.addresses;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.naming.NamingException;
import org.jgroups.Address;
import org.jgroups.protocols.dns.AddressedDNSResolver;
import org.jgroups.protocols.dns.DNSResolver;
import org.jgroups.protocols.dns.DNSResolver.DNSRecordType;
import org.jgroups.stack.IpAddress;

/** DNS as JGroups' DNS_PING has it, with SRV records on a server of its own too. */
public final class DnsNames {
    /** The JDK's, which is DNS_PING's default. */
    static final String CONTEXT_FACTORY = "com.sun.jndi.dns.DnsContextFactory";

    private DnsNames() {}

    /**
     * Reads the type of a record.
     *
     * @param attribute with its protocol, for the refusal
     */
    public static DNSRecordType type(String attribute, String text) {
        return Stream.of(DNSRecordType.values())
                .filter(type -> type.name().equals(text))
                .findAny()
                .orElseThrow(() -> new IllegalArgumentException(
                        attribute + "=" + text + " must be one of " + Arrays.toString(DNSRecordType.values())));
    }

    /**
     * Asks a server of its own, not those of this host. JGroups' resolver asks it for SRV records too, but this host's
     * servers for the hosts that those name (5.5.5), which only know them if they know the same zone.
     *
     * @param server host, or host and port with a colon between them
     */
    public static DNSResolver resolver(String contextFactory, String server) throws NamingException {
        return new AddressedDNSResolver(contextFactory, server) {
            @Override
            protected List<Address> resolveIPEntries(String host, String port) {
                List<Address> found = new ArrayList<>(resolveAEntries(host, port));
                for (Address address : resolveAAAAEntries(host)) {
                    found.add(new IpAddress(((IpAddress) address).getIpAddress(), Integer.parseInt(port)));
                }
                return found;
            }
        };
    }
}
