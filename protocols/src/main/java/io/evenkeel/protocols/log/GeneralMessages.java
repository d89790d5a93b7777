package io.evenkeel.protocols.log;

/** Messages of more than one protocol: EVK0001 to EVK0099. */
public final class GeneralMessages {
    public static final LogMessage STARTS_ON = LogMessage.info(
            1,
            "Evenkeel %s on %s",
            "The first protocol of the pack starts in this JVM.",
            "None. A report of a defect should have this line.");

    public static final LogMessage VERSIONS_REFUSED = LogMessage.refusal(
            2,
            "%s",
            "Keycloak, Infinispan or JGroups has a version that this release was not made for.",
            "Install one of the supported versions, or the release of Evenkeel for yours.");

    public static final LogMessage VERSIONS_ALLOWED = LogMessage.warn(
            3,
            "%s",
            "As EVK0002, and evenkeel.allow_unsupported_versions=true lets the member start all the same.",
            "Take the property away once the versions are supported ones.");

    public static final LogMessage ATTRIBUTES_REFUSED = LogMessage.refusal(
            4,
            "%s",
            "An attribute of a protocol has a wrong value, contradicts another one, or its protocol stands at a wrong"
                    + " place in the stack.",
            "Correct what the line names; it has the value and the limit. Options of Keycloak reach the protocols as"
                    + " attributes.");

    public static final LogMessage DELIVERY_FAILED = LogMessage.error(
            5,
            "delivery of messages from %s failed: %s",
            "A receiver above the transport, in Infinispan, JGroups or an application, threw an exception.",
            "Look at the trace. One of classes of Evenkeel or JGroups is a defect to be reported.");

    public static final LogMessage VIEW_OUT_OF_DATE = LogMessage.info(
            6,
            "%s: view %s is out of date and not passed on: a newer one came first",
            "Two views overtook each other on their way between the protocols (JGRP-3036).",
            "None, the newer view counts.");

    public static final LogMessage HAND_UP_FAILED = LogMessage.error(
            7,
            "a message of %s could not be handed up: %s",
            "The thread pool of the transport, or a protocol above it, threw an exception.",
            "Look at the trace: an exhausted heap or thread limit is the host's, anything else is to be reported.");

    public static final LogMessage JAR_DAMAGED = LogMessage.refusal(
            8,
            "%s cannot be read from the Evenkeel jar: the jar is damaged, replace it",
            "The jar in providers/ is not whole: a copy broke off, or a tool packed it anew.",
            "Copy the jar of the release again, compare its checksum, and run kc.sh build.");

    private GeneralMessages() {}
}
