package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.evenkeel.protocols.transport.LineLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jgroups.BytesMessage;
import org.jgroups.Message;
import org.jgroups.util.MessageBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Received bulk on threads of its own, in real channels: beside the users, in order, and whatever the application does.
 */
class STATE_FCHandlersTest {
    private static final int BYTES = 10_000;
    private static final long LONG_S = 120;

    private final String cluster = "handlers-" + UUID.randomUUID();
    private final List<STATE_FCMember> members = new ArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private STATE_FCMember donor;
    private STATE_FCMember joiner;

    @AfterEach
    void close() {
        released.countDown();
        for (int i = members.size() - 1; i >= 0; i--) {
            members.get(i).close();
        }
    }

    @Test
    void aUsersMessageInTheBatchOfAChunkDoesNotWaitForTheChunk() throws Exception {
        joinBoth();
        AtomicBoolean userCameMeanwhile = new AtomicBoolean();
        joiner.whenBulkComes(() -> userCameMeanwhile.set(opens(joiner.foregroundCame())));

        joiner.stateFc().up(batch(chunk(0), new BytesMessage(joiner.address(), new byte[100])));

        await().atMost(2 * LONG_S, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(joiner.receivedFrom(donor)).containsExactly(0));
        assertThat(userCameMeanwhile).isTrue();
        await().until(() -> joiner.stateFc().getHandledApart() == 1);
    }

    @Test
    void aSendersBulkIsHandledInOrderOneAtATimeOnThreadsNamedAfterTheMember() throws Exception {
        joinBoth();
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Set<String> threads = ConcurrentHashMap.newKeySet();
        joiner.whenBulkComes(() -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            threads.add(Thread.currentThread().getName());
            atOnce.decrementAndGet();
        });

        send(donor, 0, 200);

        awaitAll(200);
        assertThat(most).hasValue(1);
        assertThat(threads).allMatch(name -> name.matches("bulk-\\d+," + cluster + ",joiner"));
        await().untilAsserted(
                        () -> assertThat(joiner.stateFc().getBacklogMessages()).isZero());
        assertThat(joiner.stateFc().getBacklogBytes()).isZero();
    }

    @Test
    void turnedOffItIsHandledByTheThreadThatDelivers() throws Exception {
        joinBoth();
        Set<String> threads = ConcurrentHashMap.newKeySet();
        joiner.whenBulkComes(() -> threads.add(Thread.currentThread().getName()));

        joiner.stateFc().setEnabled(false);
        send(donor, 0, 10);
        awaitAll(10);

        assertThat(threads).noneMatch(name -> name.startsWith("bulk-"));
        assertThat(joiner.stateFc().getHandledApart()).isZero();
    }

    @Test
    void turnedOffWhileSomethingWaitsItKeepsTheOrder() throws Exception {
        joinBoth();
        joiner.whenBulkComes(this::awaitRelease);
        send(donor, 0, 10);
        await().untilAsserted(
                        () -> assertThat(joiner.stateFc().getBacklogMessages()).isPositive());

        joiner.stateFc().setEnabled(false);
        send(donor, 10, 20);
        released.countDown();

        awaitAll(20);
    }

    @Test
    void whatTheApplicationThrowsEndsThatMessageAloneAndIsLoggedOnce() throws Exception {
        joinBoth();
        AtomicInteger calls = new AtomicInteger();
        joiner.whenBulkComes(() -> {
            int call = calls.getAndIncrement();
            if (call == 1 || call == 2) {
                throw new IllegalStateException("refused by the application");
            }
        });

        send(donor, 0, 4);

        await().untilAsserted(() -> assertThat(joiner.receivedFrom(donor)).containsExactly(0, 3));
        assertThat(joiner.stateFc().getHandlerFailures()).isEqualTo(2);
        assertThat(LineLog.of(joiner.stateFc()))
                .filteredOn(line -> line.contains("refused by the application"))
                .singleElement()
                .asString()
                .contains(String.valueOf(donor.address()));
    }

    /**
     * A member without STATE_FC sends as fast as it can: what it has sent waits at most up to the limit, and nothing is
     * lost.
     */
    @Test
    void aSenderThatKnowsNoLimitIsHeldBackByTheThreadThatDelivers() throws Exception {
        joiner = new STATE_FCMember(cluster, "joiner", true);
        members.add(joiner);
        donor = join("donor", false);
        joiner.whenBulkComes(this::awaitRelease);
        long limitBytes = (Long) joiner.stateFc().getValue("max_backlog");
        int messages = (int) (2 * limitBytes / 500_000);

        for (int number = 0; number < messages; number++) {
            Message chunk = STATE_FCMember.bulk(joiner.address(), number, 500_000);
            donor.channel().send(chunk.setFlag(Message.Flag.NO_FC));
        }
        await().untilAsserted(
                        () -> assertThat(joiner.stateFc().getBacklogBytes()).isGreaterThan(limitBytes - 500_000));
        assertThat(joiner.stateFc().getBacklogBytes()).isLessThanOrEqualTo(limitBytes);
        released.countDown();

        awaitAll(messages);
    }

    /** Before the thread that delivers has to wait, so that the users' messages still come. */
    @Test
    void aMemberThatDoesNotGetOnWithStateSlowsItsDonorDown() throws Exception {
        int capBytes = 200_000;
        donor = new STATE_FCMember(cluster, "donor", true, capBytes, 64 << 20);
        members.add(donor);
        joiner = join("joiner", true);
        await().untilAsserted(() -> assertThat(donor.stateFc().getPeersPaced()).isEqualTo(1));
        joiner.whenBulkComes(this::awaitRelease);
        long limitBytes = (Long) joiner.stateFc().getValue("max_backlog");
        int messages = (int) (2 * limitBytes / 100_000);

        for (int number = 0; number < messages; number++) {
            donor.sendBulk(joiner.address(), number, 100_000);
        }
        await().untilAsserted(
                        () -> assertThat(joiner.stateFc().getBacklogBytes()).isGreaterThan(limitBytes / 2));
        // A probe that has had no answer for a second is given up.
        await().untilAsserted(() -> assertThat(donor.stateFc().getProbesLost()).isPositive());
        donor.channel().send(joiner.address(), new byte[100]);

        assertThat(opens(joiner.foregroundCame())).isTrue();
        assertThat(joiner.stateFc().getBacklogBytes())
                .isGreaterThan(limitBytes / 2)
                .isLessThan(limitBytes / 2 + 2L * capBytes);
        assertThat(donor.stateFc().getQueuedBytes()).isPositive();
        released.countDown();
        awaitAll(messages);
    }

    /** It waits for another message of state, which without STATE_FC another thread would bring. */
    @Test
    void anApplicationThatWaitsForOtherBulkGetsIt() throws Exception {
        joinBoth();
        STATE_FCMember other = join("other", true);
        CountDownLatch second = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        AtomicBoolean got = new AtomicBoolean();
        joiner.whenBulkComes(() -> {
            if (calls.getAndIncrement() == 0) {
                got.set(opens(second));
            } else {
                second.countDown();
            }
        });

        send(donor, 0, 1);
        await().until(() -> calls.get() == 1);
        other.sendBulk(joiner.address(), 0, BYTES);

        await().atMost(2 * LONG_S, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(joiner.receivedFrom(donor)).containsExactly(0));
        assertThat(got).isTrue();
    }

    @Test
    void aMemberThatLeavesWaitsForNoHandlerForLongAndLeavesNoThread() throws Exception {
        joinBoth();
        joiner.whenBulkComes(this::awaitRelease);
        send(donor, 0, 10);
        await().untilAsserted(
                        () -> assertThat(joiner.stateFc().getBacklogMessages()).isEqualTo(10));

        joiner.channel().disconnect();

        assertThat(joiner.stateFc().getDroppedAtStop()).isEqualTo(9);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().matches("bulk-\\d+," + cluster + ",joiner")));
    }

    @Test
    void anApplicationMayCloseItsChannelWhileItHandlesBulkAndConnectAgain() throws Exception {
        joinBoth();
        CountDownLatch disconnected = new CountDownLatch(1);
        joiner.whenBulkComes(() -> {
            if (disconnected.getCount() > 0) {
                joiner.channel().disconnect();
                disconnected.countDown();
            }
        });
        send(donor, 0, 1);
        assertThat(disconnected.await(LONG_S, TimeUnit.SECONDS)).isTrue();
        await().untilAsserted(() -> assertThat(donor.viewSize()).isEqualTo(1));

        joiner.channel().connect(cluster);
        await().untilAsserted(() -> assertThat(donor.viewSize()).isEqualTo(2));
        donor.sendBulk(joiner.channel().getAddress(), 1, BYTES);

        await().untilAsserted(() -> assertThat(joiner.receivedFrom(donor)).contains(1));
    }

    @ParameterizedTest
    @CsvSource({
        "handler_threads, -1, handler_threads=-1 must be from 0 to",
        "handler_threads, 10000, handler_threads=10000 must be from 0 to",
        "max_backlog, 65535, max_backlog=65535 must be >= 65536"
    })
    void aWrongValueEndsTheStart(String attribute, long value, String message) {
        STATE_FC wrong = new STATE_FC();
        if (attribute.equals("handler_threads")) {
            wrong.setValue(attribute, (int) value);
        } else {
            wrong.setValue(attribute, value);
        }

        assertThatThrownBy(wrong::init)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("EVK0004: STATE_FC: " + message);
    }

    private MessageBatch batch(Message... messages) {
        List<Message> all = new ArrayList<>();
        for (Message message : messages) {
            all.add(message.setSrc(donor.address()));
        }
        return new MessageBatch(joiner.address(), donor.address(), null, false, all);
    }

    private Message chunk(int number) {
        return STATE_FCMember.bulk(joiner.address(), number, BYTES);
    }

    private static boolean opens(CountDownLatch latch) {
        try {
            return latch.await(LONG_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void awaitRelease() {
        opens(released);
    }

    private void send(STATE_FCMember from, int first, int end) throws Exception {
        for (int number = first; number < end; number++) {
            from.sendBulk(joiner.address(), number, BYTES);
        }
    }

    private void awaitAll(int messages) {
        List<Integer> all = IntStream.range(0, messages).boxed().toList();
        await().untilAsserted(() -> assertThat(joiner.receivedFrom(donor)).isEqualTo(all));
        assertThat(joiner.spoiled()).isEmpty();
    }

    private void joinBoth() throws Exception {
        donor = join("donor", true);
        joiner = join("joiner", true);
        await().untilAsserted(() -> assertThat(donor.stateFc().getPeersPaced()).isEqualTo(1));
    }

    private STATE_FCMember join(String name, boolean withStateFc) throws Exception {
        STATE_FCMember member = new STATE_FCMember(cluster, name, withStateFc);
        members.add(member);
        int size = members.size();
        await().untilAsserted(() -> assertThat(members).allMatch(each -> each.viewSize() == size));
        return member;
    }
}
