package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.Attestation;
import io.evenkeel.protocols.lease.LeaseIdentity;
import io.evenkeel.protocols.lease.LeaseRow;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The questions of this member that other members have not answered yet, see {@link Attestation}. An answer counts if
 * it bears the number of a question under way and comes from the incarnation that was asked. For any thread.
 */
final class Attestations {
    private final BiConsumer<String, AttestationHeader> sender;
    private final Supplier<LeaseIdentity> me;
    private final Map<Long, Question> underWay = new ConcurrentHashMap<>();

    private record Question(LeaseRow asked, CompletableFuture<Attestation> answer) {}

    /**
     * Has asked no member yet.
     *
     * @param sender sends a header to a member by its logical address; must not block
     * @param me this member since its last connect
     */
    Attestations(BiConsumer<String, AttestationHeader> sender, Supplier<LeaseIdentity> me) {
        this.sender = sender;
        this.me = me;
    }

    /**
     * Asks a member for our row.
     *
     * @return completes with {@link Attestation#NONE} if there is no answer in time, never exceptionally
     */
    CompletionStage<Attestation> ask(LeaseRow row, long timeoutMs) {
        long number = ThreadLocalRandom.current().nextLong();
        CompletableFuture<Attestation> answer = new CompletableFuture<>();
        underWay.put(number, new Question(row, answer));
        sender.accept(row.address(), AttestationHeader.question(number, me.get()));
        return answer.completeOnTimeout(Attestation.NONE, timeoutMs, TimeUnit.MILLISECONDS)
                .whenComplete((attestation, failure) -> underWay.remove(number));
    }

    /**
     * Takes an answer.
     *
     * @param from logical address of the sender
     */
    void answered(String from, AttestationHeader header) {
        Question question = underWay.get(header.number());
        if (question != null
                && question.asked().address().equals(from)
                && question.asked().incarnation() == header.sender().incarnation()) {
            question.answer().complete(header.attestation());
        }
    }
}
