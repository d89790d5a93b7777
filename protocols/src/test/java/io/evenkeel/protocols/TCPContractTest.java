package io.evenkeel.protocols;

import org.jgroups.protocols.TCP;
import org.jgroups.protocols.TP;

class TCPContractTest extends TransportContract {
    @Override
    TP transport() {
        return new TCP();
    }
}
