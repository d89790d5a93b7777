package io.evenkeel.protocols;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.protocols.FD_SOCK2;
import org.jgroups.protocols.FRAG4;
import org.jgroups.protocols.JDBC_PING2;
import org.jgroups.protocols.MERGE3;
import org.jgroups.protocols.MFC;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TCPPING;
import org.jgroups.protocols.UFC;
import org.jgroups.protocols.UNICAST3;
import org.jgroups.protocols.VERIFY_SUSPECT2;
import org.jgroups.protocols.pbcast.GMS;
import org.jgroups.protocols.pbcast.NAKACK2;
import org.jgroups.protocols.pbcast.STABLE;
import org.jgroups.stack.Protocol;
import org.jgroups.util.TLS;
import org.jgroups.util.TLSClientAuth;

/**
 * A member on JGroups alone, in a JVM on whose class path there is nothing of this pack; see {@link StockJvm}. It sends
 * every message back to its sender and prints its length, and leaves when its standard input ends.
 *
 * <p>Arguments: the cluster, its port, where to look for others (ports with commas between, or a JDBC URL), and for TLS
 * a key store with its password, which holds the trusted authority too.
 */
final class StockMember implements Receiver {
    private final JChannel channel;

    private StockMember(JChannel channel) {
        this.channel = channel;
    }

    @Override
    public void viewAccepted(View view) {
        System.out.println("VIEW " + view.size());
    }

    @Override
    public void receive(Message message) {
        if (message.getSrc().equals(channel.getAddress())) {
            return;
        }
        byte[] body = message.getPayload();
        System.out.println("GOT " + message.getLength());
        try {
            channel.send(new BytesMessage(message.getSrc(), body == null ? new byte[0] : body));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public static void main(String[] args) throws Exception {
        TCP transport = new TCP();
        transport.setBindAddress(InetAddress.getLoopbackAddress());
        transport.setBindPort(Integer.parseInt(args[1]));
        if (args.length > 3) {
            transport.tls(new TLS()
                    .enabled(true)
                    .setClientAuth(TLSClientAuth.NEED)
                    .setSSLContext(context(Path.of(args[3]), args[4].toCharArray())));
        }
        JChannel channel = new JChannel(
                transport,
                discovery(args[2]),
                new MERGE3().setMinInterval(1000).setMaxInterval(3000),
                new FD_SOCK2().setBindAddress(InetAddress.getLoopbackAddress()),
                new FD_ALL3().setTimeout(60_000).setInterval(15_000),
                new VERIFY_SUSPECT2().setTimeout(500),
                new NAKACK2(),
                new UNICAST3(),
                new STABLE(),
                new GMS().setJoinTimeout(5000),
                new UFC(),
                new MFC(),
                new FRAG4());
        channel.setName("stock");
        channel.setReceiver(new StockMember(channel));
        channel.connect(args[0]);
        System.in.readAllBytes();
        channel.close();
    }

    private static Protocol discovery(String others) {
        if (others.startsWith("jdbc:")) {
            JDBC_PING2 table = new JDBC_PING2();
            table.setValue("connection_url", others);
            table.setValue("connection_username", "sa");
            table.setValue("connection_password", "");
            table.setValue("connection_driver", "org.h2.Driver");
            return table;
        }
        List<InetSocketAddress> hosts = Stream.of(others.split(","))
                .map(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)))
                .toList();
        return new TCPPING().setInitialHosts(hosts);
    }

    private static SSLContext context(Path file, char[] password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
