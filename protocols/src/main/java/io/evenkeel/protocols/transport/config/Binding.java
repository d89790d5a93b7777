package io.evenkeel.protocols.transport.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jgroups.stack.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * The address to listen on, and the one that peers are told.
 *
 * @param address null for all of this host
 * @param port the first one to try; 0 for any that is free
 * @param portRange the number of further ports to try
 * @param externalAddress the address that peers are told in place of the one that is bound, or null
 * @param externalPort the same for the port, or 0; counts only beside an address
 */
public record Binding(
        @Nullable InetAddress address,
        int port,
        int portRange,
        @Nullable InetAddress externalAddress,
        int externalPort) {
    private static final int MAX_PORT = 65_535;

    public Binding {
        TransportConfig.within("bind_port", port, 0, MAX_PORT);
        TransportConfig.within("port_range", portRange, 0, MAX_PORT - port);
        TransportConfig.within("external_port", externalPort, 0, MAX_PORT);
    }

    /** The address that peers are told. */
    public IpAddress announced(InetSocketAddress bound) {
        if (externalAddress != null) {
            return new IpAddress(externalAddress, externalPort > 0 ? externalPort : bound.getPort());
        }
        return new IpAddress(address == null ? bound.getAddress() : address, bound.getPort());
    }
}
