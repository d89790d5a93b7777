package io.evenkeel.protocols;

import io.evenkeel.protocols.transport.TestMembers;
import org.jgroups.protocols.TP;

class TCP_NETTYContractTest extends TransportContract {
    @Override
    TP transport() {
        return TestMembers.secure();
    }
}
