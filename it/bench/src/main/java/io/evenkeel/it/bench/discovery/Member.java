package io.evenkeel.it.bench.discovery;

import io.evenkeel.it.member.StackXml;
import io.evenkeel.it.node.RunException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jgroups.JChannel;
import org.jgroups.MergeView;
import org.jgroups.Receiver;
import org.jgroups.View;

/** A plain JGroups member that remembers its views and when they came. */
final class Member implements Receiver, AutoCloseable {
    private final JChannel channel;
    private final List<Seen> views = new ArrayList<>();
    private final Consumer<View> listener;

    /** A view and when it came. */
    private record Seen(View view, long atNs) {}

    Member(StackXml stack, String name) {
        this(stack, name, view -> {});
    }

    /** One that also tells a listener of each view. */
    Member(StackXml stack, String name, Consumer<View> listener) {
        this.listener = listener;
        try {
            channel = new JChannel(stack);
        } catch (Exception e) {
            throw new RunException("Cannot make a JGroups channel: " + e.getMessage(), e);
        }
        channel.setName(name);
        channel.setReceiver(this);
    }

    void connect(String cluster) throws Exception {
        channel.connect(cluster);
    }

    @Override
    public void viewAccepted(View view) {
        long nowNs = System.nanoTime();
        synchronized (views) {
            views.add(new Seen(view, nowNs));
        }
        listener.accept(view);
    }

    View view() {
        return channel.getView();
    }

    /** True if its first view was made by itself: it created a cluster. */
    boolean founded() {
        synchronized (views) {
            return !views.isEmpty() && views.get(0).view().getCreator().equals(channel.getAddress());
        }
    }

    boolean merged() {
        synchronized (views) {
            return views.stream().anyMatch(seen -> seen.view() instanceof MergeView);
        }
    }

    /** When the first view of that size came after a moment. */
    OptionalLong viewNs(int size, long afterNs) {
        synchronized (views) {
            return views.stream()
                    .filter(seen -> seen.view().size() == size && seen.atNs() - afterNs >= 0)
                    .mapToLong(Seen::atNs)
                    .findFirst();
        }
    }

    @Override
    public void close() {
        channel.close();
    }
}
