package io.evenkeel.it.bench.transport;

import io.evenkeel.it.bench.BenchResult;
import io.evenkeel.it.node.RunException;
import java.util.List;

/** JGroups' MPerf between eight nodes. */
final class MPerfCase implements TransportCase.Measurement {
    MPerfCase(TransportLab lab) {
        lab.progress().step("mperf");
    }

    @Override
    public List<BenchResult> measure() throws InterruptedException {
        throw new RunException("Not there yet.");
    }
}
