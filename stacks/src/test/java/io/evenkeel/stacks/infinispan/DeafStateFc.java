package io.evenkeel.stacks.infinispan;

import io.evenkeel.protocols.STATE_FC;
import io.evenkeel.protocols.ids.ProtocolIds;
import io.evenkeel.protocols.pacing.BulkClassifier;

/** STATE_FC beside an Infinispan of which it knows no message. JGroups makes it by its name. */
public class DeafStateFc extends STATE_FC {
    public DeafStateFc() {
        id = ProtocolIds.STATE_FC_ID;
    }

    @Override
    public void addClassifier(BulkClassifier classifier) {
        // It will not be asked.
    }

    /** The same, turned off. */
    public static final class OffStateFc extends DeafStateFc {
        public OffStateFc() {
            setEnabled(false);
        }
    }
}
