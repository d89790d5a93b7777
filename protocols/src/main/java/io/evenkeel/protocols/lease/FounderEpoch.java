package io.evenkeel.protocols.lease;

/**
 * The last founder of the cluster. Each founding raises the epoch by one through a compare-and-set, so an epoch has one
 * founder.
 *
 * @param epoch 0 if no member ever founded, else from 1
 * @param address the founder's logical address, empty in epoch 0
 * @param incarnation the founder's incarnation
 */
public record FounderEpoch(long epoch, String address, long incarnation) {
    public static final FounderEpoch NONE = new FounderEpoch(0, "", 0);

    public boolean is(LeaseIdentity who) {
        return epoch > 0 && address.equals(who.address()) && incarnation == who.incarnation();
    }
}
