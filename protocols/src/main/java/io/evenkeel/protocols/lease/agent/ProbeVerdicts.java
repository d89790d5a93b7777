package io.evenkeel.protocols.lease.agent;

import io.evenkeel.protocols.lease.Attestation;
import io.evenkeel.protocols.lease.LeaseRow;
import io.evenkeel.protocols.lease.ProbeVerdict;
import io.evenkeel.protocols.lease.ProbeVerdict.Kind;
import io.evenkeel.protocols.transport.peer.ProbeResult;

/** Verdicts on a row, from what came back over the wire. */
public final class ProbeVerdicts {
    private ProbeVerdicts() {}

    /** The verdict with what the row's process says of its table. */
    static ProbeVerdict with(ProbeVerdict verdict, Attestation attestation) {
        return new ProbeVerdict(verdict.kind(), verdict.detail(), attestation);
    }

    /** The verdict by the attestation alone, over a transport that cannot ask a physical address. */
    static ProbeVerdict verdict(Attestation attestation) {
        return attestation.kind() == Attestation.Kind.NONE
                ? new ProbeVerdict(Kind.SILENT, "no answer")
                : new ProbeVerdict(Kind.ALIVE, "answered", attestation);
    }

    /** The verdict on a row by what came back from its physical address. */
    public static ProbeVerdict verdict(LeaseRow row, ProbeResult result) {
        if (result instanceof ProbeResult.Answered answered) {
            return answered.incarnation() == row.incarnation()
                    ? new ProbeVerdict(Kind.ALIVE, "answered", Attestation.NONE)
                    : new ProbeVerdict(
                            Kind.REPLACED,
                            String.format(
                                    "another process of cluster %s answers at its address (incarnation %x, the row"
                                            + " has %x)",
                                    answered.clusterName(), answered.incarnation(), row.incarnation()));
        } else if (result instanceof ProbeResult.Refused) {
            return new ProbeVerdict(Kind.REFUSED, "connection refused");
        } else if (result instanceof ProbeResult.Silent silent) {
            return new ProbeVerdict(Kind.SILENT, "no answer: " + silent.reason());
        }
        return new ProbeVerdict(Kind.REJECTED, "turned down: " + ((ProbeResult.Rejected) result).reason());
    }
}
