package io.evenkeel.protocols.transport.io;

import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Tells the kernel's word that no process listens at a port from other failures to connect. A ConnectException is a
 * timeout as well, and neither the JDK nor Netty hands the error's number out: only its text is left, which the C
 * library translates.
 */
public final class ConnectRefusal {
    private static final String NETTY_PREFIX = "failed: ";
    private static final Set<String> TEXTS = textsHere();

    private ConnectRefusal() {}

    /** Learns the words of this system, here and not on the event loop that is about to need them. */
    public static Set<String> texts() {
        return TEXTS;
    }

    static boolean is(Throwable thrown) {
        return is(thrown, TEXTS);
    }

    static boolean is(Throwable thrown, Set<String> texts) {
        return thrown instanceof ConnectException
                && !(thrown instanceof ConnectTimeoutException)
                && texts.stream().anyMatch(String.valueOf(thrown.getMessage())::contains);
    }

    private static Set<String> textsHere() {
        Set<String> texts = new LinkedHashSet<>();
        // Where nothing can be learned.
        texts.add("Connection refused");
        if (Epoll.isAvailable()) {
            String text =
                    String.valueOf(new Errors.NativeIoException("", Errors.ERROR_ECONNREFUSED_NEGATIVE).getMessage());
            texts.add(text.substring(text.indexOf(NETTY_PREFIX) + NETTY_PREFIX.length()));
        }
        // A port that is bound and not listened at refuses for certain.
        try (SocketChannel bound = SocketChannel.open()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            SocketChannel.open(bound.getLocalAddress()).close();
        } catch (ConnectException e) {
            texts.add(e.getMessage());
        } catch (IOException e) {
            // No loopback here: the other texts have to do.
            return texts;
        }
        return texts;
    }
}
