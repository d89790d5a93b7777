package io.evenkeel.stacks.infinispan;

import io.evenkeel.stacks.infinispan.TransferProgress.Gauges;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.infinispan.configuration.global.GlobalConfiguration;
import org.jgroups.JChannel;
import org.jspecify.annotations.Nullable;

/** The numbers of {@link TransferProgress} as Micrometer's gauges, named {@code evenkeel_state_transfer_*}. */
final class TransferMeters implements AutoCloseable {
    private final TransferProgress progress;
    private final MeterRegistry registry;
    private final Tags tags;
    private final List<Gauge> gauges = new ArrayList<>();

    private TransferMeters(TransferProgress progress, MeterRegistry registry, Tags tags) {
        this.progress = progress;
        this.registry = registry;
        this.tags = tags;
    }

    /** Registers them; returns null where no registry was given to Infinispan. */
    static @Nullable TransferMeters of(TransferProgress progress, JChannel channel, GlobalConfiguration configuration) {
        MeterRegistry registry = ProtocolMeters.registry(configuration);
        if (registry == null) {
            return null;
        }
        TransferMeters meters = new TransferMeters(progress, registry, ProtocolMeters.tags(channel, configuration));
        meters.add("segments", "Segments that the state transfer to this node brings in all", Gauges::segments);
        meters.add("awaited_segments", "Segments of it that have not come", Gauges::awaitedSegments);
        meters.add("received_bytes", "Bytes of it that have come", Gauges::bytes);
        meters.add("received_bytes_per_second", "Its average speed", Gauges::bytesPerSecond);
        meters.add("remaining_seconds", "What it still takes at that speed, 0 if unknown", Gauges::remaining);
        return meters;
    }

    private void add(String name, String description, ToDoubleFunction<Gauges> value) {
        gauges.add(Gauge.builder(
                        "evenkeel_state_transfer_" + name, progress, instance -> value.applyAsDouble(instance.gauges()))
                .description(description + "; 0 while none is under way")
                .tags(tags)
                .register(registry));
    }

    /** Takes them out of the registry, which outlives the channel. */
    @Override
    public void close() {
        gauges.forEach(registry::remove);
        gauges.clear();
    }
}
