package io.evenkeel.protocols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.evenkeel.protocols.ids.ProtocolIds;
import io.evenkeel.protocols.pacing.PacingHeader;
import io.evenkeel.protocols.pacing.PressureMeter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jgroups.BytesMessage;
import org.jgroups.EmptyMessage;
import org.jgroups.Message;
import org.jgroups.stack.Protocol;
import org.jgroups.stack.ProtocolStack;
import org.jgroups.util.FastArray;
import org.jgroups.util.MessageBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members' messages about their pressure, in real channels; the files of the one that is short are written here. */
class STATE_FCPressureTest {
    private static final int BYTES = 200_000;
    private static final long ALL_NS = 1_000_000_000L;

    @TempDir
    private Path proc;

    @TempDir
    private Path cgroup;

    private final String cluster = "pressure-" + UUID.randomUUID();
    private final List<STATE_FCMember> members = new ArrayList<>();
    private long throttledNs;
    private int sent;
    private STATE_FCMember donor;
    private STATE_FCMember joiner;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectories(cgroup.resolve("cpu"));
        Files.createDirectories(proc.resolve("thread-self"));
        Files.writeString(proc.resolve("thread-self/schedstat"), "0 0 0\n");
        throttle(0);
    }

    @AfterEach
    void close() {
        for (int i = members.size() - 1; i >= 0; i--) {
            members.get(i).close();
        }
    }

    @Test
    void aDonorSlowsDownForAJoinerWhoseQuotaIsShortAndGoesOnAsBeforeWhenItIsNot() throws Exception {
        donor = join(new PressureMeter());
        joiner = join(new PressureMeter(proc, cgroup));

        untilAsserted(() -> {
            throttle(ALL_NS);
            sendSome();
            assertThat(donor.stateFc().getPressureRestedMs()).isPositive();
        });
        untilAsserted(() -> {
            throttle(ALL_NS);
            sendSome();
            assertThat(joiner.stateFc().getShortages()).contains("quota");
            assertThat(joiner.stateFc().getPressurePercent()).isEqualTo(50);
            assertThat(donor.stateFc().getPeerPressurePercent()).isEqualTo(50);
            assertThat(donor.stateFc().getPeersShort()).isEqualTo(1);
            assertThat(donor.stateFc().printDestinations()).contains("joiner: paced, says pressure 50 % (quota");
        });

        untilAsserted(() -> {
            sendSome();
            assertThat(joiner.stateFc().getPressurePercent()).isZero();
            assertThat(donor.stateFc().getPeerPressurePercent()).isZero();
        });
        awaitAll();
    }

    @Test
    void aDonorThatIsShortSlowsItselfDownAndTheJoinerLearnsIt() throws Exception {
        donor = join(new PressureMeter(proc, cgroup));
        joiner = join(new PressureMeter());

        untilAsserted(() -> {
            throttle(ALL_NS);
            sendSome();
            assertThat(joiner.stateFc().getPeersShort()).isEqualTo(1);
            assertThat(donor.stateFc().getPressureRestedMs()).isPositive();
        });

        awaitAll();
    }

    /** An older member sends answers without a payload, a strange one whatever it likes. */
    @Test
    void answersWithoutAPayloadOrWithGarbageTellOfNoPressureAndHarmNothing() throws Exception {
        donor = join(new PressureMeter());
        joiner = join(new PressureMeter());
        donor.channel()
                .getProtocolStack()
                .insertProtocol(new OtherAnswers(), ProtocolStack.Position.BELOW, STATE_FC.class);

        for (int i = 0; i < 10; i++) {
            sendSome();
        }

        awaitAll();
        assertThat(donor.stateFc().getPeersShort()).isZero();
    }

    /** A member that has enough of everything sends what older versions send. */
    @Test
    void anAnswerHasAPayloadOnlyWhereSomethingIsShort() throws Exception {
        donor = join(new PressureMeter());
        joiner = join(new PressureMeter(proc, cgroup));
        Answers answers = new Answers();
        donor.channel().getProtocolStack().insertProtocol(answers, ProtocolStack.Position.BELOW, STATE_FC.class);
        sendSome();
        awaitAll();
        assertThat(answers.payloads).contains(0);

        untilAsserted(() -> {
            throttle(ALL_NS);
            sendSome();
            assertThat(answers.payloads).contains(2);
        });
    }

    /** More throttling than there was. */
    private void throttle(long moreNs) {
        throttledNs += moreNs;
        try {
            Path changed = Files.writeString(cgroup.resolve("changed"), "throttled_time " + throttledNs + "\n");
            Files.move(
                    changed,
                    cgroup.resolve("cpu/cpu.stat"),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sendSome() {
        try {
            for (int i = 0; i < 3; i++) {
                donor.sendBulk(joiner.address(), sent++, BYTES);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void untilAsserted(Runnable assertion) {
        await().pollInterval(20, TimeUnit.MILLISECONDS).untilAsserted(assertion::run);
    }

    private void awaitAll() {
        List<Integer> all = IntStream.range(0, sent).boxed().toList();
        await().untilAsserted(() -> assertThat(joiner.receivedFrom(donor)).isEqualTo(all));
        assertThat(joiner.spoiled()).isEmpty();
    }

    private STATE_FCMember join(PressureMeter meter) throws Exception {
        STATE_FCMember member = new STATE_FCMember(cluster, members.isEmpty() ? "donor" : "joiner", meter);
        members.add(member);
        int size = members.size();
        await().untilAsserted(() -> assertThat(members).allMatch(each -> each.viewSize() == size));
        await().untilAsserted(() ->
                assertThat(members).allMatch(each -> each.stateFc().getPeersPaced() == size - 1));
        return member;
    }

    private static boolean isAnswer(Message message) {
        return message.getHeader(ProtocolIds.STATE_FC_ID) instanceof PacingHeader header
                && header.type() == PacingHeader.Type.ANSWER;
    }

    /** Notes how long the payloads of answers are. */
    private static final class Answers extends Protocol {
        private final Queue<Integer> payloads = new ConcurrentLinkedQueue<>();

        @Override
        public Object up(Message message) {
            if (isAnswer(message)) {
                payloads.add(message.getLength());
            }
            return up_prot.up(message);
        }

        @Override
        public void up(MessageBatch batch) {
            batch.forEach(message -> {
                if (isAnswer(message)) {
                    payloads.add(message.getLength());
                }
            });
            up_prot.up(batch);
        }
    }

    /** Gives every answer another payload. */
    private static final class OtherAnswers extends Protocol {
        private static final byte[][] PAYLOADS = {{}, {0}, {100, 7}, {-5, 1, 1}, new byte[5_000]};

        private int next;

        @Override
        public Object up(Message message) {
            return up_prot.up(isAnswer(message) ? other(message) : message);
        }

        @Override
        public void up(MessageBatch batch) {
            FastArray<Message> messages = batch.array();
            for (int i = 0; i < messages.index(); i++) {
                Message message = messages.get(i);
                if (message != null && isAnswer(message)) {
                    messages.set(i, other(message));
                }
            }
            up_prot.up(batch);
        }

        private synchronized Message other(Message answer) {
            byte[] payload = PAYLOADS[next++ % PAYLOADS.length];
            Message other = payload.length == 0 ? new EmptyMessage() : new BytesMessage(null, payload);
            return other.setDest(answer.getDest())
                    .setSrc(answer.getSrc())
                    .putHeader(ProtocolIds.STATE_FC_ID, answer.getHeader(ProtocolIds.STATE_FC_ID));
        }
    }
}
