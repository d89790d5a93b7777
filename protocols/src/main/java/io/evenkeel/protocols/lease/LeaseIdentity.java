package io.evenkeel.protocols.lease;

/**
 * The identity of a member for one start of its channel.
 *
 * @param cluster the cluster's name
 * @param address the logical address, as text that can be read back
 * @param name the logical name, for people
 * @param physicalAddress host:port, as others reach it
 * @param incarnation a number that another start of the same node does not bear
 */
public record LeaseIdentity(String cluster, String address, String name, String physicalAddress, long incarnation) {

    /** Name and physical address, as a line for people has them. */
    public String label() {
        return name + " at " + physicalAddress;
    }
}
