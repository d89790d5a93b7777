package io.evenkeel.it.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class RecordingProxyTest {
    @Test
    void passesBothWaysAndEndsWhenOneSideDoes() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RecordingProxy relay = RecordingProxy.relay("127.0.0.1", server.getLocalPort());
                Socket client = new Socket(InetAddress.getLoopbackAddress(), relay.port());
                Socket target = server.accept()) {
            client.getOutputStream().write("there".getBytes(StandardCharsets.US_ASCII));
            assertThat(target.getInputStream().readNBytes(5)).asString().isEqualTo("there");
            target.getOutputStream().write("back".getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().readNBytes(4)).asString().isEqualTo("back");
            target.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    /** Often, as the thread that accepts may be anywhere. */
    @RepeatedTest(50)
    void takesNobodyAnyMoreOnceClosed() throws Exception {
        RecordingProxy relay = RecordingProxy.relay("127.0.0.1", 9);
        int port = relay.port();
        relay.close();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(IOException.class);
    }
}
