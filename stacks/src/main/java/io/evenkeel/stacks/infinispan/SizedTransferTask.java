package io.evenkeel.stacks.infinispan;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.ToIntFunction;
import org.infinispan.commands.CommandsFactory;
import org.infinispan.commons.util.IntSet;
import org.infinispan.container.entries.InternalCacheEntry;
import org.infinispan.reactive.publisher.impl.SegmentPublisherSupplier.Notification;
import org.infinispan.remoting.rpc.RpcManager;
import org.infinispan.remoting.transport.Address;
import org.infinispan.statetransfer.OutboundTransferTask;

/** Infinispan's transfer of segments to another member, in chunks that a {@link ChunkBudget} ends. */
final class SizedTransferTask extends OutboundTransferTask {
    private final ToIntFunction<InternalCacheEntry<?, ?>> size;
    private final ChunkBudget budget = new ChunkBudget();
    private List<Notification<InternalCacheEntry<?, ?>>> chunk = new ArrayList<>();

    SizedTransferTask(
            Address destination,
            IntSet segments,
            int segmentCount,
            int topologyId,
            RpcManager rpcManager,
            CommandsFactory commandsFactory,
            long timeoutMs,
            String cacheName,
            boolean applyState,
            ToIntFunction<InternalCacheEntry<?, ?>> size) {
        super(
                destination,
                segments,
                segmentCount,
                ChunkBudget.MAX_ITEMS,
                topologyId,
                chunks -> {},
                rpcManager,
                commandsFactory,
                timeoutMs,
                cacheName,
                applyState);
        this.size = size;
    }

    /** One after the other, each when the one before is answered. */
    @Override
    public CompletionStage<Void> execute(Flowable<Notification<InternalCacheEntry<?, ?>>> notifications) {
        return notifications
                .concatMapMaybe(this::add)
                .concatWith(Maybe.defer(this::rest))
                .takeWhile(ready -> !isCancelled())
                .concatMapCompletable(ready -> Completable.fromCompletionStage(send(ready)), 1)
                .toCompletionStage(null);
    }

    private CompletionStage<Void> send(List<Notification<InternalCacheEntry<?, ?>>> ready) {
        return super.execute(Flowable.fromIterable(ready));
    }

    /** Returns the chunk that the notification completes. */
    private Maybe<List<Notification<InternalCacheEntry<?, ?>>>> add(
            Notification<InternalCacheEntry<?, ?>> notification) {
        chunk.add(notification);
        if (!notification.isValue()) {
            budget.addSegmentEnd();
        } else if (budget.wantsSize()) {
            budget.addEntry(size.applyAsInt(notification.value()));
        } else {
            budget.addEntry();
        }
        return budget.endsChunk() ? rest() : Maybe.empty();
    }

    private Maybe<List<Notification<InternalCacheEntry<?, ?>>>> rest() {
        List<Notification<InternalCacheEntry<?, ?>>> ready = chunk;
        chunk = new ArrayList<>();
        return ready.isEmpty() ? Maybe.empty() : Maybe.just(ready);
    }
}
