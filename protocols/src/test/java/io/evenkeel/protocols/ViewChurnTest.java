package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.it.node.Postgres;
import io.evenkeel.protocols.transport.TestMembers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jgroups.Address;
import org.jgroups.Event;
import org.jgroups.JChannel;
import org.jgroups.View;
import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TP;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.Util;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Views in the disorder in which GMS may tell of them (JGRP-3036), on several threads, to each protocol of the pack: in
 * the end it knows the newest, and those behind it have got none after a newer one.
 */
class ViewChurnTest {
    private final long seed = new Random().nextLong();

    @RepeatedTest(5)
    void viewsGoUpInOrder() {
        VIEW_ORDER_UP order = new VIEW_ORDER_UP();
        ViewRecorder above = new ViewRecorder();
        order.setUpProtocol(above);

        ViewChurn churn = tell(Util.createRandomAddress("A"), 0, order::up);

        above.assertInOrderUpTo(churn.newest());
        assertThat(order.getOutOfDateViews()).as("seed " + seed).isPositive();
    }

    @RepeatedTest(5)
    void viewsGoDownInOrder() {
        VIEW_ORDER_DOWN order = new VIEW_ORDER_DOWN();
        ViewRecorder below = new ViewRecorder();
        order.setDownProtocol(below);

        ViewChurn churn = tell(Util.createRandomAddress("A"), 0, order::down);

        below.assertInOrderUpTo(churn.newest());
        assertThat(order.getOutOfDateViews()).as("seed " + seed).isPositive();
    }

    @Test
    void stateTransferIsPacedToTheMembersOfTheNewestView() throws Exception {
        try (STATE_FCMember member = new STATE_FCMember("churn-" + seed, "A", true)) {
            STATE_FC stateFc = member.stateFc();

            ViewChurn churn = tell(member.address(), idOf(member.channel()), stateFc::up);

            Set<String> peers = stateFc.printDestinations()
                    .lines()
                    .map(line -> line.substring(0, line.indexOf(": ")))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(peers).as("seed " + seed).isEqualTo(othersOf(churn.newest(), member.address()));
        }
    }

    @Test
    void theTransportSendsToTheMembersOfTheNewestView() throws Exception {
        try (TestMembers members = new TestMembers()) {
            JChannel channel = members.join("A", "churn-" + seed, TestMembers.plain());
            TCP_NETTY transport = TestMembers.of(channel);

            ViewChurn churn = tell(channel.getAddress(), idOf(channel), transport::down);

            Collection<?> known = (Collection<?>) Util.getField(Util.getField(TP.class, "members"), transport);
            assertThat(known.size()).as("seed " + seed).isEqualTo(churn.newest().size());
            assertThat(known.containsAll(churn.newest().getMembers()))
                    .as("seed " + seed)
                    .isTrue();
        }
    }

    @Test
    void theLeaseBearsTheNewestView(@TempDir Path directory) throws Exception {
        try (Postgres database = Postgres.trusting(directory);
                LeaseNode node = new LeaseNode("A", database.dataSource(), new TCP())) {
            JChannel channel = node.connect();
            ViewRecorder below = new ViewRecorder();
            channel.getProtocolStack().insertProtocol(below, ProtocolStack.Position.BELOW, JDBC_PING_LEASE.class);

            ViewChurn churn = tell(channel.getAddress(), idOf(channel), node.ping()::down);

            below.assertInOrderUpTo(churn.newest());
            assertThat(node.ping().getView())
                    .as("seed " + seed)
                    .isEqualTo(churn.newest().getViewId().toString());
        }
    }

    private ViewChurn tell(Address self, long afterId, Consumer<Event> protocol) {
        System.out.println("seed " + seed);
        ViewChurn churn = new ViewChurn(seed, self, afterId);
        churn.tell(view -> protocol.accept(new Event(Event.VIEW_CHANGE, view)));
        return churn;
    }

    private static long idOf(JChannel channel) {
        return channel.getView().getViewId().getId();
    }

    private static Set<String> othersOf(View view, Address self) {
        return view.getMembers().stream()
                .filter(member -> !member.equals(self))
                .map(Address::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Notes the views that come, and passes them on. */
    private final class ViewRecorder extends Protocol {
        private final List<Long> ids = Collections.synchronizedList(new ArrayList<>());

        @Override
        public Object up(Event event) {
            return note(event);
        }

        @Override
        public Object down(Event event) {
            note(event);
            return down_prot == null ? null : down_prot.down(event);
        }

        private Object note(Event event) {
            if (event.getType() == Event.VIEW_CHANGE) {
                ids.add(event.<View>getArg().getViewId().getId());
            }
            return null;
        }

        void assertInOrderUpTo(View newest) {
            assertThat(ids)
                    .as("seed " + seed)
                    .isSorted()
                    .endsWith(newest.getViewId().getId());
        }
    }
}
