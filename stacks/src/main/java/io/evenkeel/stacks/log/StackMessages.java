package io.evenkeel.stacks.log;

import io.evenkeel.protocols.log.LogMessage;

/** Messages of the stacks: of Infinispan from EVK0401, of Keycloak from EVK0501, of Kubernetes from EVK0601 on. */
public final class StackMessages {
    public static final LogMessage STATE_MOVES = LogMessage.info(
            401,
            "%s",
            "State moves to this node: how far it is every 5 s, and a last line when it is over.",
            "None. If it takes long, see pacing of state.");

    public static final LogMessage GRACE_BEGINS = LogMessage.info(
            402,
            "%s leaves in good order and is expected back: what it held is not copied among the others for %d s",
            "A node was stopped; the others wait for its restart.",
            "None. restart-grace sets the time, 0 turns it off.");

    public static final LogMessage GRACE_OVER = LogMessage.info(
            403,
            "The restart grace of %s is over, as %s",
            "The node of EVK0402 is back, its time is over, or another change of members needs the copies now.",
            "None.");

    public static final LogMessage NO_GRACE = LogMessage.warn(
            404,
            "No restart grace for %s in cache %s: %s",
            "Infinispan failed while the grace began. The state is copied at once.",
            "Report the line with its trace.");

    public static final LogMessage LEAVE_WAITS = LogMessage.info(
            405,
            "Nobody else has a copy of segments of %s: this node waits up to %d ms for it",
            "This node stops while it is the only owner of something.",
            "Let it: give it terminationGracePeriodSeconds or TimeoutStopSec of 90 s.");

    public static final LogMessage LEAVE_SAFE = LogMessage.info(
            406,
            "Others have copies of all that this node holds, after %d ms: it leaves",
            "The wait of EVK0405 has ended well.",
            "None.");

    public static final LogMessage LEAVE_LOSES = LogMessage.warn(
            407,
            "This node leaves though nobody else has a copy of segments of %s: entries may be lost. Its leave-guard of"
                    + " %d ms may be too short, or rebalancing is off",
            "The copies were not made in time.",
            "Raise leave-guard, or turn rebalancing on before the next node is stopped.");

    public static final LogMessage CONFIGURATION_REFUSED = LogMessage.refusal(
            408,
            "%s",
            "A transport property of the pack's, or a protocol's name, in Infinispan's configuration is wrong.",
            "Correct what the line names.");

    public static final LogMessage PROGRESS_UNKNOWN = LogMessage.warn(
            409,
            "Cannot tell how far state is that moves to this node: %s. State moves all the same.",
            "Infinispan failed when it was asked. Once, until it answers again.",
            "Report the line with its trace.");

    public static final LogMessage OPTIONS_REFUSED = LogMessage.refusal(
            501,
            "%s",
            "An option of Keycloak has a wrong value, or contradicts another option or the stack's XML.",
            "The line names the option and what it must be; see reference/options.md.");

    public static final LogMessage OWN_TRUST_REFUSES = LogMessage.warn(
            502,
            "This node's certificate is not accepted by its own trust store (%s): nodes with the same files will turn"
                    + " each other down. Check %s.",
            "Key store and trust store do not fit together.",
            "Put the CA that signed the certificate into the trust store; ./evenkeel certs verify tells.");

    public static final LogMessage RELOAD_NOT_MOVED = LogMessage.warn(
            503,
            "Keycloak's automatic certificates stay on the thread that installs views (%s): while this node's path to"
                    + " the database is blocked and it coordinates, nobody can join. Report this line, or give"
                    + " certificates in files.",
            "This version of Keycloak is built in another way than the release knows.",
            "As the line says.");

    public static final LogMessage TASK_FAILED = LogMessage.warn(
            504,
            "%s failed: %s",
            "What runs beside the views, such as the reload of Keycloak's automatic certificates, threw an exception."
                    + " Once, until it works again.",
            "Look at the exception: the database may be away. It is tried again with each change of the view.");

    public static final LogMessage INTERNALS_DIFFER = LogMessage.refusal(
            505,
            "%s is not in this version of Infinispan",
            "Keycloak brings an Infinispan that is built in another way than the release knows.",
            "Install a supported version of Keycloak, or the release of Evenkeel for yours, and report the line.");

    public static final LogMessage NO_API_SERVER = LogMessage.refusal(
            601,
            "%s",
            "STRICT_KUBE_PING lacks the address of the API server, a namespace, or a CA to verify the server by.",
            "Run in a pod with its service account mounted, or set what the line names.");

    public static final LogMessage PODS_NOT_LISTED = LogMessage.refusal(
            602,
            "%s failed: %s. %s",
            "The API server does not answer, or refuses the list of pods.",
            "The line ends with the remedy: a Role for pods, the CA, the address.");

    public static final LogMessage NO_PODS = LogMessage.refusal(
            603,
            "%s found none, not even this member's. Set KUBERNETES_NAMESPACE and KUBERNETES_LABELS to the namespace and"
                    + " the labels of the pods",
            "Namespace or labels are those of other pods.",
            "As the line says.");

    public static final LogMessage NOT_LISTED = LogMessage.warn(
            604,
            "%s found %d, none of them at this member's address %s: the others cannot find this member. Check"
                    + " KUBERNETES_NAMESPACE, KUBERNETES_LABELS and bind_addr",
            "This member announces an address that is not its pod's, or the labels match other pods only.",
            "As the line says.");

    private StackMessages() {}
}
