package io.evenkeel.protocols.search.addresses;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jgroups.PhysicalAddress;
import org.jgroups.util.StackType;
import org.jgroups.util.Util;

/** Hosts with their ports, as JGroups' TCPPING has them in {@code initial_hosts}. */
public final class HostList {
    /** For refusals. */
    public static final String EXAMPLE = "host1[7800],host2[7800]";

    private static final Pattern SEPARATORS = Pattern.compile("[\\s,]+");
    private static final Pattern HOST_AND_PORT = Pattern.compile("[^\\[\\]]+(\\[\\d{1,5}])?");
    private static final Pattern COLON_BEFORE_PORT = Pattern.compile("([^:\\[\\]]+|\\[.*]):\\d{1,5}");

    private HostList() {}

    /**
     * Refuses entries that JGroups would take for the name of a host.
     *
     * @param attribute with its protocol, for the refusal
     */
    public static void check(String attribute, String hosts) {
        for (String host : SEPARATORS.splitAsStream(hosts.strip()).toList()) {
            if (COLON_BEFORE_PORT.matcher(host).matches()) {
                throw refused(attribute, hosts, "must have the port in brackets, not behind a colon, as in " + EXAMPLE);
            }
            if (!HOST_AND_PORT.matcher(host).matches()) {
                throw refused(attribute, hosts, "has the entry '" + host + "', which is not of the form " + EXAMPLE);
            }
        }
    }

    /** The refusal of a list. */
    public static IllegalArgumentException refused(String attribute, String hosts, String limit) {
        return new IllegalArgumentException(attribute + "=" + hosts + " " + limit);
    }

    /**
     * The addresses of those that have one now. Waits for the name service.
     *
     * @param bindAddress whose family (IPv4, IPv6) is wanted
     */
    static List<PhysicalAddress> resolve(String hosts, int defaultPort, InetAddress bindAddress) {
        List<PhysicalAddress> found = new ArrayList<>();
        Util.parseCommaDelimitedHostsInto(
                found,
                new ArrayList<>(),
                hosts,
                defaultPort,
                0,
                bindAddress instanceof Inet6Address ? StackType.IPv6 : StackType.IPv4);
        return found;
    }
}
