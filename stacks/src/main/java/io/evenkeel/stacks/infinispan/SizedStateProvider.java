package io.evenkeel.stacks.infinispan;

import io.evenkeel.protocols.STATE_FC;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.infinispan.commons.marshall.Marshaller;
import org.infinispan.commons.util.IntSet;
import org.infinispan.configuration.cache.Configuration;
import org.infinispan.configuration.cache.StateTransferConfiguration;
import org.infinispan.container.entries.InternalCacheEntry;
import org.infinispan.remoting.transport.Address;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.infinispan.statetransfer.StateProviderImpl;

/**
 * Infinispan's donor of state, whose chunks are measured in bytes.
 *
 * <p>A chunk size that the user has set stays, and so does Infinispan's where the stack has no STATE_FC.
 */
final class SizedStateProvider extends StateProviderImpl {
    @SuppressWarnings("NullAway.Init")
    private Configuration configuration;

    @SuppressWarnings("NullAway.Init")
    private Marshaller marshaller;

    /** Called by Infinispan once, before the start. */
    void inject(Configuration configuration, Marshaller marshaller) {
        this.configuration = configuration;
        this.marshaller = marshaller;
    }

    @Override
    public void startOutboundTransfer(Address destination, int requestTopologyId, IntSet segments, boolean applyState) {
        if (!countsBytes()) {
            super.startOutboundTransfer(destination, requestTopologyId, segments, applyState);
            return;
        }
        SizedTransferTask task = new SizedTransferTask(
                destination,
                segments,
                configuration.clustering().hash().numSegments(),
                requestTopologyId,
                rpcManager,
                commandsFactory,
                timeout,
                cacheName,
                applyState,
                this::marshalledBytes);
        addTransfer(task);
        task.execute(readEntries(segments)).whenComplete((sent, failure) -> {
            if (failure != null) {
                logError(task, failure);
            }
            onTaskCompletion(task);
        });
    }

    private boolean countsBytes() {
        return !configuration
                        .clustering()
                        .stateTransfer()
                        .attributes()
                        .attribute(StateTransferConfiguration.CHUNK_SIZE)
                        .isModified()
                && rpcManager.getTransport() instanceof JGroupsTransport transport
                && transport.getChannel().getProtocolStack().findProtocol(STATE_FC.class) != null;
    }

    private int marshalledBytes(InternalCacheEntry<?, ?> entry) {
        try {
            return marshaller.objectToBuffer(entry).getLength();
        } catch (IOException e) {
            throw new CompletionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }
}
