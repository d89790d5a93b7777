package io.evenkeel.stacks.infinispan;

import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.protocols.ids.ProtocolIds;
import io.evenkeel.protocols.pacing.Traffic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jgroups.Message;

/**
 * STATE_FC that lets no chunk of several caches go before there is one of each: caches that wait for each other never
 * get theirs. JGroups makes it by its name.
 */
public class HoldingStateFc extends STATE_FC {
    /** The cache's name stands in front of a chunk. */
    private static final int HEAD_BYTES = 64;

    private final PushedStateClassifier classifier = new PushedStateClassifier();
    private final List<Message> held = new ArrayList<>();
    private final Set<String> caches = new HashSet<>();
    private final Set<String> awaited = new HashSet<>();

    public HoldingStateFc() {
        id = ProtocolIds.STATE_FC_ID;
    }

    synchronized void holdUntilThereIsStateOf(Set<String> names) {
        caches.addAll(names);
        awaited.addAll(names);
    }

    /** Lets all go. */
    void release() {
        List<Message> ready;
        synchronized (this) {
            caches.clear();
            ready = List.copyOf(held);
            held.clear();
        }
        ready.forEach(super::down);
    }

    synchronized int heldChunks() {
        return held.size();
    }

    @Override
    public Object down(Message message) {
        List<Message> ready = classifier.classify(message) == Traffic.FOREGROUND ? List.of(message) : hold(message);
        ready.forEach(super::down);
        return null;
    }

    private synchronized List<Message> hold(Message message) {
        String head = new String(
                message.getArray(),
                message.getOffset(),
                Math.min(HEAD_BYTES, message.getLength()),
                StandardCharsets.ISO_8859_1);
        if (caches.stream().noneMatch(head::contains)) {
            return List.of(message);
        }
        awaited.removeIf(head::contains);
        held.add(message);
        if (!awaited.isEmpty()) {
            return List.of();
        }
        List<Message> ready = List.copyOf(held);
        held.clear();
        return ready;
    }
}
