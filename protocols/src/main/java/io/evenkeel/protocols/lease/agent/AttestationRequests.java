package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.Attestation;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Questions of other members for their rows, until a read of the table that is sent after they came. One read answers
 * all of them, and there is at most one every {@value #READ_INTERVAL_MS} ms for it, so the database does not see how
 * many ask.
 *
 * <p>Questions are entered by any thread; everything else is for the agent's.
 */
final class AttestationRequests {
    static final long READ_INTERVAL_MS = 50;

    /** Further members have to ask again. */
    static final int MAX_WAITING = 1000;

    private final Map<String, Question> waiting = new ConcurrentHashMap<>();
    private final List<Question> taken = new ArrayList<>();

    private record Question(String address, long incarnation, Consumer<Attestation.Kind> answer) {}

    /**
     * Enters a question; a later one of the same member replaces it.
     *
     * @param answer called on the agent's thread
     * @return false if too many are waiting
     */
    boolean ask(String address, long incarnation, Consumer<Attestation.Kind> answer) {
        if (waiting.size() >= MAX_WAITING && !waiting.containsKey(address)) {
            return false;
        }
        waiting.put(address, new Question(address, incarnation, answer));
        return true;
    }

    boolean waiting() {
        return !waiting.isEmpty();
    }

    /** Takes the questions that the read to be sent now is to answer. */
    void take() {
        waiting.values().forEach(question -> {
            if (waiting.remove(question.address(), question)) {
                taken.add(question);
            }
        });
    }

    /** Answers the questions taken, from a read of all rows. */
    void answer(Snapshot read) {
        taken.forEach(question -> {
            LeaseRow row = read.rows().get(question.address());
            boolean seen = row != null && row.incarnation() == question.incarnation();
            question.answer().accept(seen ? Attestation.Kind.SEEN : Attestation.Kind.NOT_SEEN);
        });
        taken.clear();
    }

    /** Answers all questions: the table cannot be read. */
    void unreadable() {
        take();
        taken.forEach(question -> question.answer().accept(Attestation.Kind.UNREADABLE));
        taken.clear();
    }
}
