package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.protocols.transport.TestMembers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.ObjectMessage;
import org.jgroups.Receiver;
import org.jgroups.jmx.ResourceDMBean;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TransferQueueBundler;
import org.junit.jupiter.api.Test;

/** Members with the transport's own bundler and with one of JGroups' talk with each other. */
class EventLoopBundlerTest {
    private static final int COUNT = 500;

    private final Map<String, List<String>> received = new ConcurrentHashMap<>();

    private Consumer<JChannel> listener(String name) {
        received.put(name, new CopyOnWriteArrayList<>());
        return channel -> channel.setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                received.get(name).add(message.<String>getObject());
            }
        });
    }

    @Test
    void everyMemberHearsWhatIsSaidToItAndToAll() throws Exception {
        try (TestMembers members = new TestMembers()) {
            JChannel a = members.join("A", "bundle", TestMembers.secure(), listener("A"));
            JChannel b = members.join("B", "bundle", TestMembers.secure(), listener("B"));
            TCP_NETTY stockBundler = TestMembers.secure();
            stockBundler.setBundler(new TransferQueueBundler());
            JChannel c = members.join("C", "bundle", stockBundler, listener("C"));
            TestMembers.awaitView(3, a, b, c);
            assertThat(TestMembers.of(a).getBundler()).isInstanceOf(EventLoopBundler.class);
            List<JChannel> all = List.of(a, b, c);
            for (int i = 0; i < COUNT; i++) {
                for (JChannel from : all) {
                    from.send(new ObjectMessage(null, from.getName() + " to all " + i));
                    for (JChannel to : all) {
                        from.send(new ObjectMessage(to.getAddress(), from.getName() + " to one " + i));
                    }
                }
            }
            Awaitility.await().until(() -> received.values().stream().allMatch(each -> each.size() == 2 * 3 * COUNT));
            for (List<String> each : received.values()) {
                for (JChannel from : all) {
                    for (String kind : List.of(" to all ", " to one ")) {
                        assertThat(each.stream().filter(text -> text.startsWith(from.getName() + kind)))
                                .containsExactlyElementsOf(IntStream.range(0, COUNT)
                                        .mapToObj(i -> from.getName() + kind + i)
                                        .toList());
                    }
                }
            }
            assertThat(TestMembers.of(a).getFramesDropped()).isZero();
            // To two peers each, and one to both.
            ResourceDMBean bundler = new ResourceDMBean(TestMembers.of(a).getBundler());
            assertThat(Long.parseLong(bundler.getAttribute("total_msgs_sent").toString()))
                    .isGreaterThanOrEqualTo(3 * COUNT);
            assertThat(Long.parseLong(
                                    bundler.getAttribute("num_single_msgs_sent").toString())
                            + Long.parseLong(
                                    bundler.getAttribute("num_batches_sent").toString()))
                    .isPositive();
            assertThat(TestMembers.of(a).getBundler().size()).isZero();
        }
    }

    @Test
    void isForThisTransportOnly() {
        assertThatThrownBy(() -> new EventLoopBundler().init(new TCP()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("works with TCP_NETTY only");
    }
}
