package io.evenkeel.protocols;

import io.evenkeel.protocols.pace.BulkClassifier;
import io.evenkeel.protocols.pace.JGroupsStateClassifier;
import io.evenkeel.protocols.pace.Traffic;
import io.evenkeel.protocols.pace.TrafficCounter;
import java.util.Arrays;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jgroups.Message;
import org.jgroups.annotations.MBean;
import org.jgroups.annotations.ManagedAttribute;
import org.jgroups.annotations.ManagedOperation;
import org.jgroups.conf.AttributeType;
import org.jgroups.conf.ClassConfigurator;
import org.jgroups.protocols.pbcast.STATE_TRANSFER;
import org.jgroups.protocols.pbcast.StreamingStateTransfer;
import org.jgroups.stack.Protocol;
import org.jgroups.util.MessageBatch;

/**
 * Tells state transfer from the users' traffic and counts both; every message passes unchanged and at once.
 *
 * <p>Its place is above fragmentation and flow control, where each message is whole, and below a state transfer protocol
 * of JGroups if there is one. With {@code stats=false} it neither classifies nor counts.
 *
 * <p>It is open at the failing end: what no classifier recognises is foreground, and so is a message on which a
 * classifier throws.
 */
@MBean(description = "Tells state transfer from foreground traffic and counts both")
public class STATE_FC extends Protocol {
    static {
        ClassConfigurator.addProtocol(ProtocolIds.STATE_FC_ID, STATE_FC.class);
    }

    private final TrafficCounter sent = new TrafficCounter();
    private final TrafficCounter received = new TrafficCounter();
    private final LongAdder classifierFailures = new LongAdder();

    // Made once: a method reference or an iterator at the point of use would be allocated for each batch.
    private final Predicate<Message> countAndGoOn = this::countAndGoOn;

    private volatile BulkClassifier[] classifiers = {new JGroupsStateClassifier()};

    /**
     * Adds a classifier behind those that are already there; the first that answers with bulk decides.
     *
     * <p>To be called by one thread, before the channel connects, so that no bulk is missed.
     *
     * @throws NullPointerException if the classifier is null
     */
    public void addClassifier(BulkClassifier classifier) {
        Objects.requireNonNull(classifier, "classifier");
        BulkClassifier[] before = classifiers;
        BulkClassifier[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = classifier;
        classifiers = after;
    }

    /**
     * Refuses a place in the stack where state transfer would pass unseen, and takes the classifiers that are services.
     *
     * @throws IllegalArgumentException if a state transfer protocol of JGroups stands below
     */
    @Override
    public void init() throws Exception {
        super.init();
        for (Protocol below = down_prot; below != null; below = below.getDownProtocol()) {
            if (below instanceof STATE_TRANSFER || below instanceof StreamingStateTransfer) {
                throw new IllegalArgumentException(String.format(
                        "STATE_FC stands above %1$s and would not see its state: put STATE_FC below %1$s",
                        below.getName()));
            }
        }
        addClassifiersOnTheClassPath();
    }

    /** Services, so that a stack has the same classifiers in Keycloak, in plain Infinispan and where it is extended. */
    private void addClassifiersOnTheClassPath() {
        ServiceLoader.load(BulkClassifier.class, STATE_FC.class.getClassLoader()).stream()
                .forEach(this::addIfUsable);
    }

    private void addIfUsable(ServiceLoader.Provider<BulkClassifier> classifier) {
        try {
            addClassifier(classifier.get());
        } catch (ServiceConfigurationError e) {
            String name = classifier.type().getName();
            if (e.getCause() instanceof LinkageError missing) {
                // Plain JGroups: there is no Infinispan, so there is none of its state either.
                log.debug("%s: nothing for %s to recognise here: %s", local_addr, name, missing);
            } else {
                log.warn("%s: %s is not usable, its bulk is treated as foreground: %s", local_addr, name, e.getCause());
            }
        }
    }

    @Override
    public Object down(Message message) {
        if (stats) {
            count(sent, message);
        }
        return down_prot.down(message);
    }

    @Override
    public Object up(Message message) {
        if (stats) {
            count(received, message);
        }
        return up_prot.up(message);
    }

    @Override
    public void up(MessageBatch batch) {
        if (stats) {
            batch.anyMatch(countAndGoOn);
        }
        up_prot.up(batch);
    }

    @Override
    public void resetStats() {
        super.resetStats();
        sent.reset();
        received.reset();
        classifierFailures.reset();
    }

    private boolean countAndGoOn(Message message) {
        count(received, message);
        return false;
    }

    private void count(TrafficCounter counter, Message message) {
        counter.add(classify(message), message.getLength());
    }

    private Traffic classify(Message message) {
        for (BulkClassifier classifier : classifiers) {
            Traffic kind = classifyOrForeground(classifier, message);
            if (kind.isBulk()) {
                return kind;
            }
        }
        return Traffic.FOREGROUND;
    }

    private Traffic classifyOrForeground(BulkClassifier classifier, Message message) {
        try {
            return Objects.requireNonNull(classifier.classify(message), "kind of traffic");
        } catch (RuntimeException e) {
            // A classifier from outside must not cost a message; once in the log, then only in the count.
            if (classifierFailures.sum() == 0) {
                log.warn(
                        "%s: %s failed, its bulk is treated as foreground: %s",
                        local_addr, classifier.getClass().getName(), e);
            }
            classifierFailures.increment();
            return Traffic.FOREGROUND;
        }
    }

    @ManagedAttribute(description = "Messages of state transfer sent", type = AttributeType.SCALAR)
    public long getBulkMessagesSent() {
        return sent.bulkMessages();
    }

    @ManagedAttribute(description = "Payload bytes of state transfer sent", type = AttributeType.BYTES)
    public long getBulkBytesSent() {
        return sent.bulkBytes();
    }

    @ManagedAttribute(description = "Messages of state transfer received", type = AttributeType.SCALAR)
    public long getBulkMessagesReceived() {
        return received.bulkMessages();
    }

    @ManagedAttribute(description = "Payload bytes of state transfer received", type = AttributeType.BYTES)
    public long getBulkBytesReceived() {
        return received.bulkBytes();
    }

    @ManagedAttribute(description = "Messages sent that are not state transfer", type = AttributeType.SCALAR)
    public long getForegroundMessagesSent() {
        return sent.messages(Traffic.FOREGROUND);
    }

    @ManagedAttribute(description = "Payload bytes sent that are not state transfer", type = AttributeType.BYTES)
    public long getForegroundBytesSent() {
        return sent.bytes(Traffic.FOREGROUND);
    }

    @ManagedAttribute(description = "Messages received that are not state transfer", type = AttributeType.SCALAR)
    public long getForegroundMessagesReceived() {
        return received.messages(Traffic.FOREGROUND);
    }

    @ManagedAttribute(description = "Payload bytes received that are not state transfer", type = AttributeType.BYTES)
    public long getForegroundBytesReceived() {
        return received.bytes(Traffic.FOREGROUND);
    }

    @ManagedAttribute(
            description = "Messages, sent and received, recognised as state transfer of JGroups",
            type = AttributeType.SCALAR)
    public long getJgroupsStateHits() {
        return hits(Traffic.JGROUPS_STATE);
    }

    @ManagedAttribute(
            description = "Messages, sent and received, recognised as state that Infinispan pushes",
            type = AttributeType.SCALAR)
    public long getInfinispanPushedHits() {
        return hits(Traffic.INFINISPAN_PUSHED);
    }

    @ManagedAttribute(
            description = "Times a classifier failed, its message then being treated as foreground",
            type = AttributeType.SCALAR)
    public long getClassifierFailures() {
        return classifierFailures.sum();
    }

    /** One line a kind: messages and payload bytes, sent and received. */
    @ManagedOperation(description = "Messages and payload bytes by kind of traffic, sent and received")
    public String printTraffic() {
        StringBuilder lines = new StringBuilder();
        for (Traffic kind : Traffic.values()) {
            lines.append(String.format(
                    "%s: sent %d messages, %d bytes; received %d messages, %d bytes%n",
                    kind, sent.messages(kind), sent.bytes(kind), received.messages(kind), received.bytes(kind)));
        }
        return lines.toString();
    }

    private long hits(Traffic kind) {
        return sent.messages(kind) + received.messages(kind);
    }
}
