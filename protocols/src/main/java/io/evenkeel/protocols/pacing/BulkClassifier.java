package io.evenkeel.protocols.pacing;

import org.jgroups.Message;

/**
 * Tells one or more kinds of bulk from the foreground.
 *
 * <p>It is asked for every message in both directions, above fragmentation, so a message is always whole. An
 * implementation reads headers and a few leading bytes: it neither changes nor deserialises the message, keeps no state
 * but a bounded one of requests that wait for an answer, never blocks and never throws. In doubt the answer is
 * {@link Traffic#FOREGROUND}: bulk that goes unrecognised costs what it costs today, foreground taken for bulk would
 * wait.
 *
 * <p>All messages between two members whose order matters among each other must get the same answer, as bulk is paced
 * past the foreground and handled beside it: whatever ends or aborts a transfer is of the transfer's kind.
 *
 * <p>Called by many threads at once.
 */
@FunctionalInterface
public interface BulkClassifier {

    /**
     * Classifies a message on its way down.
     *
     * @param message its payload may be absent, empty or not an array
     * @return the kind of traffic, never null
     */
    Traffic classify(Message message);

    /**
     * Classifies a message on its way up; where an answer can only be told by its request, the request is seen here.
     */
    default Traffic classifyReceived(Message message) {
        return classify(message);
    }
}
