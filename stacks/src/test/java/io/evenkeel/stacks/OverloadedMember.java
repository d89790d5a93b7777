package io.evenkeel.stacks;

import java.nio.file.Path;
import java.util.Properties;
import org.jgroups.JChannel;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.conf.ProtocolStackConfigurator;

/** A member on evenkeel-static with mutual TLS, in a process of its own. Says how many members its first view has. */
final class OverloadedMember {
    static final String PASSWORD = "a password";

    private OverloadedMember() {}

    /** Takes the directory of the key stores, the own port and the members' ports. Ends with its standard input. */
    public static void main(String[] args) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jgroups.bind.address", "127.0.0.1");
        properties.setProperty("jgroups.bind.port", args[1]);
        properties.setProperty("jgroups.port_range", "0");
        properties.setProperty("jgroups.tcpping.initial_hosts", args[2]);
        ProtocolStackConfigurator stack = new EvenkeelStack("evenkeel-static").configurator(properties);
        ProtocolConfiguration transport = stack.getProtocolStack().get(0);
        for (String store : new String[] {"keystore", "truststore"}) {
            transport
                    .getProperties()
                    .put(store + "_path", Path.of(args[0], store).toString());
            transport.getProperties().put(store + "_password", PASSWORD);
        }
        try (JChannel channel = new JChannel(stack)) {
            channel.connect("overloaded");
            System.out.println("joined " + channel.getView().size());
            while (System.in.read() >= 0) {
                // Until the parent closes it, or ends.
            }
        }
    }
}
