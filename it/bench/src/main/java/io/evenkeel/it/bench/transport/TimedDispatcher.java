package io.evenkeel.it.bench.transport;

import java.io.IOException;
import java.util.Collection;
import org.HdrHistogram.Recorder;
import org.jgroups.Address;
import org.jgroups.blocks.MethodCall;
import org.jgroups.blocks.RequestOptions;
import org.jgroups.blocks.RpcDispatcher;
import org.jgroups.util.RspList;

/** Notes how long each synchronous call of another dispatcher takes, in nanoseconds. */
final class TimedDispatcher extends RpcDispatcher {
    private final RpcDispatcher calls;
    private final Recorder roundTrips;

    TimedDispatcher(RpcDispatcher calls, Recorder roundTrips) {
        this.calls = calls;
        this.roundTrips = roundTrips;
    }

    // JGroups' signature.
    @SuppressWarnings("TypeParameterUnusedInFormals")
    @Override
    public <T> T callRemoteMethod(Address dest, MethodCall call, RequestOptions options) throws Exception {
        long startNs = System.nanoTime();
        T result = calls.callRemoteMethod(dest, call, options);
        roundTrips.recordValue(System.nanoTime() - startNs);
        return result;
    }

    @Override
    public <T> RspList<T> callRemoteMethods(Collection<Address> dests, MethodCall call, RequestOptions options)
            throws Exception {
        long startNs = System.nanoTime();
        RspList<T> result = calls.callRemoteMethods(dests, call, options);
        roundTrips.recordValue(System.nanoTime() - startNs);
        return result;
    }

    @Override
    public void close() throws IOException {
        calls.close();
    }
}
