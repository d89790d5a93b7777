package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.node.RunException;
import java.util.List;

/** JGroups' UPerf between two nodes. */
final class UPerfCase implements TransportCase.Measurement {
    UPerfCase(TransportLab lab) {
        lab.progress().step("uperf");
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        throw new RunException("Not there yet.");
    }
}
