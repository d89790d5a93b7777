package io.evenkeel.protocols;

import java.util.Locale;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.ThreadPoolExecutor.CallerRunsPolicy;
import java.util.concurrent.ThreadPoolExecutor.DiscardOldestPolicy;
import java.util.concurrent.ThreadPoolExecutor.DiscardPolicy;
import org.jgroups.protocols.TP;
import org.jgroups.stack.MessageProcessingPolicy;
import org.jgroups.util.DirectExecutor;
import org.jgroups.util.PassAllMessagesUpDirectly;
import org.jgroups.util.PassRegularMessagesUpDirectly;
import org.jgroups.util.ThreadPool;
import org.jgroups.util.Util;

/**
 * Check of the threads that run what was received: never an event loop, which all connections of all channels of the
 * JVM wait for. JGroups' TCP has a thread for each connection, so that its users may let it run their code. Nor may a
 * task be dropped without an exception: that ends the delivery from its sender.
 */
final class ExecutorPolicyCheck {
    private ExecutorPolicyCheck() {}

    /**
     * Checks a transport that has been initialised.
     *
     * @throws IllegalArgumentException if receivers would run on event loops; one line, with the remedy
     */
    static void require(TP transport) {
        MessageProcessingPolicy policy = transport.getMessageProcessingPolicy();
        if (policy instanceof PassRegularMessagesUpDirectly || policy instanceof PassAllMessagesUpDirectly) {
            refuse(
                    "message_processing_policy=" + policy.getClass().getSimpleName(),
                    "remove it, or set max, submit or unbatch");
        }
        ThreadPool pool = transport.getThreadPool();
        if (!pool.isEnabled() || pool.getThreadPool() instanceof DirectExecutor) {
            refuse("thread_pool.enabled=false", "remove it");
        }
        String policyName = rejectionPolicy(pool);
        if (policyName.equals("run")) {
            refuse("thread_pool.rejection_policy=run", "remove it, or set abort: what is rejected is sent again");
        }
        if (policyName.equals("discard") || policyName.equals("discardoldest")) {
            // The message processing policy waits for a task that nobody runs (JGRP-3032).
            throw new IllegalArgumentException("thread_pool.rejection_policy=" + policyName
                    + " would stop the delivery of messages from a sender for good once the pool is full;"
                    + " remove it, or set abort: what is rejected is sent again");
        }
    }

    /** The policy by the handler, or by the attribute where JGroups wraps the handler, as it does from 5.5.6 on. */
    private static String rejectionPolicy(ThreadPool pool) {
        RejectedExecutionHandler handler = pool.getRejectedExecutionHandler();
        if (handler == null) {
            return ""; // virtual threads: nothing is rejected
        }
        if (handler instanceof CallerRunsPolicy) {
            return "run";
        }
        if (handler instanceof DiscardPolicy) {
            return "discard";
        }
        if (handler instanceof DiscardOldestPolicy) {
            return "discardoldest";
        }
        return String.valueOf(Util.getField(Util.getField(ThreadPool.class, "rejection_policy"), pool))
                .toLowerCase(Locale.ROOT);
    }

    private static void refuse(String setting, String remedy) {
        throw new IllegalArgumentException(
                setting + " would have the event loops run whatever receives messages, so that"
                        + " one slow receiver holds up all peers; " + remedy);
    }
}
