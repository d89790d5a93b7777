package io.evenkeel.it.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.it.node.ChildJvm;
import io.evenkeel.it.node.NetworkNamespace;
import io.evenkeel.protocols.TCP_NETTY;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jgroups.BytesMessage;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.Receiver;
import org.jgroups.View;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/**
 * A member here and one in a network namespace, in one view, before each test: the same as long as nobody was excluded.
 * Skips where there are no namespaces.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MembersOnTwoHosts {
    NetworkNamespace host;

    private final List<View> views = new CopyOnWriteArrayList<>();
    private final AtomicInteger answers = new AtomicInteger();
    private final List<AutoCloseable> open = new ArrayList<>();
    private JChannel near;
    private boolean nobodyWasExcluded;

    /** Called when the near member and the host are there and before the member connects. */
    void prepare() throws Exception {}

    @BeforeEach
    void membersOnTwoHosts() throws Exception {
        assumeTrue(NetworkNamespace.obstacle().equals(Optional.empty()), "no network namespaces here");
        if (!open.isEmpty()) {
            return;
        }
        host = NetworkNamespace.create(new SecureRandom());
        open.add(host);
        near = Members.channel("near", host.hostAddress(), null);
        open.add(near);
        prepare();
        near.setReceiver(new Receiver() {
            @Override
            public void receive(Message message) {
                answers.incrementAndGet();
            }

            @Override
            public void viewAccepted(View view) {
                views.add(view);
            }
        });
        near.connect(Members.CLUSTER);
        open.add(ChildJvm.start(
                host.inside(),
                "far",
                FarMember.class,
                host.innerAddress(),
                host.hostAddress(),
                String.valueOf(transport().getBoundPort())));
        Awaitility.await().until(() -> near.getView().size() == 2);
        talk();
    }

    @AfterEach
    void closeUnlessNobodyWasExcluded() throws Exception {
        if (!nobodyWasExcluded) {
            close();
        }
        nobodyWasExcluded = false;
    }

    @AfterAll
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        open.clear();
        views.clear();
    }

    final TCP_NETTY transport() {
        return (TCP_NETTY) near.getProtocolStack().getTransport();
    }

    final void send() throws Exception {
        near.send(new BytesMessage(near.getView().getMembersRaw()[1], new byte[] {1}));
    }

    /** Sends for as long as a trouble is to last: that is what is done here, and nothing is waited for but its end. */
    final void sendFor(long ms) {
        long fromNs = System.nanoTime();
        Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> {
            send();
            return System.nanoTime() - fromNs > TimeUnit.MILLISECONDS.toNanos(ms);
        });
    }

    /** A message to the far one and its answer. */
    final void talk() throws Exception {
        int before = answers.get();
        send();
        Awaitility.await().until(() -> answers.get() > before);
    }

    final void assertNobodyWasExcluded() {
        assertThat(views).extracting(View::size).containsExactly(1, 2);
        assertThat(transport().getSuspectsSent()).isZero();
        nobodyWasExcluded = true;
    }
}
