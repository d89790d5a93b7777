package io.evenkeel.stacks.infinispan;

import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.protocols.ids.ProtocolIds;
import io.evenkeel.protocols.pacing.Traffic;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jgroups.Message;

/** STATE_FC that writes down the chunks that this member sends. JGroups makes it by its name. */
public class RecordingStateFc extends STATE_FC {
    private final PushedStateClassifier classifier = new PushedStateClassifier();
    private final List<Chunk> chunks = new CopyOnWriteArrayList<>();

    /**
     * A chunk as it was marshalled.
     *
     * @param payloadBytes what goes over the wire
     * @param arrayBytes the array that it stands in
     */
    record Chunk(int payloadBytes, int arrayBytes) {}

    public RecordingStateFc() {
        id = ProtocolIds.STATE_FC_ID;
    }

    @Override
    public Object down(Message message) {
        if (classifier.classify(message) != Traffic.FOREGROUND) {
            chunks.add(new Chunk(message.getLength(), message.getArray().length));
        }
        return super.down(message);
    }

    List<Chunk> chunks() {
        return chunks;
    }
}
