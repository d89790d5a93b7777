package io.evenkeel.protocols.pacing;

import io.evenkeel.protocols.log.PacingMessages;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import org.jgroups.Message;
import org.jgroups.logging.Log;

/**
 * Several classifiers in turn; the first that does not answer with foreground decides. A message that none recognises
 * is foreground, and so is a message on which a classifier throws.
 */
public final class Classifiers {
    private final LongAdder failures = new LongAdder();
    private final Log log;
    private volatile BulkClassifier[] classifiers = {new JGroupsStateClassifier()};

    public Classifiers(Log log) {
        this.log = log;
    }

    /** To be called by one thread. */
    public void add(BulkClassifier classifier) {
        Objects.requireNonNull(classifier, "classifier");
        BulkClassifier[] before = classifiers;
        BulkClassifier[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = classifier;
        classifiers = after;
    }

    public Traffic sent(Message message) {
        for (BulkClassifier classifier : classifiers) {
            Traffic kind = ask(classifier, message, true);
            if (kind != Traffic.FOREGROUND) {
                return kind;
            }
        }
        return Traffic.FOREGROUND;
    }

    public Traffic received(Message message) {
        for (BulkClassifier classifier : classifiers) {
            Traffic kind = ask(classifier, message, false);
            if (kind != Traffic.FOREGROUND) {
                return kind;
            }
        }
        return Traffic.FOREGROUND;
    }

    private Traffic ask(BulkClassifier classifier, Message message, boolean sent) {
        try {
            Traffic kind = sent ? classifier.classify(message) : classifier.classifyReceived(message);
            return Objects.requireNonNull(kind, "kind of traffic");
        } catch (RuntimeException | LinkageError e) {
            // A classifier must not cost a message, nor another Infinispan than it was made for; once in the log, then
            // counted.
            if (failures.sum() == 0) {
                PacingMessages.CLASSIFIER_FAILED.to(log, classifier.getClass().getName(), e);
            }
            failures.increment();
            return Traffic.FOREGROUND;
        }
    }

    public long failures() {
        return failures.sum();
    }

    public void resetFailures() {
        failures.reset();
    }
}
