package io.evenkeel.stacks;

import java.nio.file.Path;
import java.util.Properties;
import org.jgroups.JChannel;
import org.jgroups.conf.ProtocolConfiguration;
import org.jgroups.conf.ProtocolStackConfigurator;

/** A member on one of the stacks with mutual TLS, in a process of its own. Says how many members its first view has. */
final class OverloadedMember {
    static final String PASSWORD = "a password";

    private OverloadedMember() {}

    /**
     * Takes the directory of the key stores, the stack, the own address and port, and attributes of the discovery
     * protocol as {@code name=value}. Ends with its standard input.
     */
    public static void main(String[] args) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jgroups.bind.address", args[2]);
        properties.setProperty("jgroups.bind.port", args[3]);
        properties.setProperty("jgroups.port_range", "0");
        ProtocolStackConfigurator stack = new EvenkeelStack(args[1]).configurator(properties);
        ProtocolConfiguration transport = stack.getProtocolStack().get(0);
        for (String store : new String[] {"keystore", "truststore"}) {
            transport
                    .getProperties()
                    .put(store + "_path", Path.of(args[0], store).toString());
            transport.getProperties().put(store + "_password", PASSWORD);
        }
        ProtocolConfiguration discovery = stack.getProtocolStack().get(1);
        for (int i = 4; i < args.length; i++) {
            String[] attribute = args[i].split("=", 2);
            discovery.getProperties().put(attribute[0], attribute[1]);
        }
        long startNs = System.nanoTime();
        try (JChannel channel = new JChannel(stack)) {
            channel.connect("overloaded");
            System.out.printf(
                    "joined %d after %d ms%n", channel.getView().size(), (System.nanoTime() - startNs) / 1_000_000);
            while (System.in.read() >= 0) {
                // Until the parent closes it, or ends.
            }
        }
    }
}
