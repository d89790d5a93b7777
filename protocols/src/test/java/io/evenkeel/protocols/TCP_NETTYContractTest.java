package io.evenkeel.protocols;

import io.evenkeel.protocols.wire.TestMembers;
import org.jgroups.protocols.TP;

class TCP_NETTYContractTest extends TransportContract {
    @Override
    TP transport() {
        return TestMembers.secure();
    }
}
