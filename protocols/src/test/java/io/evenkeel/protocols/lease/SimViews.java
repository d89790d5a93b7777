package io.evenkeel.protocols.lease;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An ideal membership service: it knows who is dead, hangs or is cut off, and takes in joiners in batches. */
final class SimViews {
    private static final long BATCH_MS = 100;

    private final SimWorld world;
    private final Map<SimNode, Set<SimNode>> joiners = new HashMap<>();
    private int number;

    SimViews(SimWorld world) {
        this.world = world;
    }

    void found(SimNode founder) {
        install(List.of(founder));
    }

    void join(SimNode joiner, SimNode coordinator) {
        if (!accepts(coordinator, joiner)) {
            return;
        }
        Set<SimNode> batch = joiners.get(coordinator);
        if (batch == null) {
            batch = new LinkedHashSet<>();
            joiners.put(coordinator, batch);
            world.later(BATCH_MS, () -> admit(coordinator));
        }
        batch.add(joiner);
    }

    private void admit(SimNode coordinator) {
        List<SimNode> members = new ArrayList<>(together(coordinator));
        for (SimNode joiner : joiners.remove(coordinator)) {
            if (accepts(coordinator, joiner) && !joiner.dead && !joiner.view.joined()) {
                members.add(joiner);
            }
        }
        if (members.size() > coordinator.view.members().size()) {
            install(members);
        }
    }

    private boolean accepts(SimNode coordinator, SimNode asker) {
        return world.responsive(coordinator)
                && !coordinator.unreachable
                && coordinator.side == asker.side
                && coordinator.view.coordinator().equals(coordinator.me.address());
    }

    void merge(SimNode merger, List<LeaseRow> coordinators) {
        Set<SimNode> members = new LinkedHashSet<>(together(merger));
        for (LeaseRow row : coordinators) {
            SimNode other = world.nodes.get(row.address());
            if (accepts(other, merger) && other.view.id().equals(row.viewId())) {
                members.addAll(together(other));
            }
        }
        if (members.size() > merger.view.members().size()) {
            install(members);
        }
    }

    /** Every view that has the member goes on without it, also those that it does not know of any more. */
    void exclude(SimNode node) {
        Map<String, SimNode> views = new LinkedHashMap<>();
        world.living().stream()
                .filter(n -> n != node && n.view.members().contains(node.me.address()))
                .forEach(n -> views.put(n.view.id(), n));
        for (SimNode one : views.values()) {
            install(together(one).stream().filter(n -> n != node).toList());
        }
    }

    /**
     * @param noticed whether the member installs a view of its own; otherwise it keeps the view it had, as if nothing
     * was
     */
    void isolate(SimNode node, boolean noticed) {
        exclude(node);
        if (noticed) {
            install(List.of(node));
        }
    }

    /** Takes an ordinary member with a former view into the present one of its coordinator. */
    void takeBack(SimNode node) {
        SimNode coordinator = world.nodes.get(node.view.coordinator());
        if (!node.dead
                && coordinator != null
                && accepts(coordinator, node)
                && !coordinator.view.members().contains(node.me.address())) {
            List<SimNode> members = new ArrayList<>(together(coordinator));
            members.add(node);
            install(members);
        }
    }

    /** Every view falls into its two sides. */
    void split() {
        Map<String, Map<Integer, List<SimNode>>> views = new LinkedHashMap<>();
        for (SimNode node : world.living()) {
            if (node.view.joined()) {
                views.computeIfAbsent(node.view.id(), k -> new LinkedHashMap<>())
                        .computeIfAbsent(node.side, k -> new ArrayList<>())
                        .add(node);
            }
        }
        for (Map<Integer, List<SimNode>> sides : views.values()) {
            if (sides.size() > 1) {
                sides.values().forEach(this::install);
            }
        }
    }

    /** The living that are in the member's view and have it installed. */
    private List<SimNode> together(SimNode node) {
        return node.view.members().stream()
                .map(world.nodes::get)
                .filter(n -> !n.dead && n.view.id().equals(node.view.id()))
                .toList();
    }

    private void install(Collection<SimNode> members) {
        Set<String> addresses = new LinkedHashSet<>();
        members.forEach(n -> addresses.add(n.me.address()));
        String coordinator = addresses.iterator().next();
        ViewInfo view = new ViewInfo(coordinator + "|" + ++number, coordinator, addresses);
        members.forEach(n -> n.install(view));
    }
}
