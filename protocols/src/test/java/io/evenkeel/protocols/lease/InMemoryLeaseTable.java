package io.evenkeel.protocols.lease;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** The twin of the table: any number of sessions share a {@link Store}. */
final class InMemoryLeaseTable implements LeaseTable {
    private final Store store;
    private final LongSupplier nanoTime;

    InMemoryLeaseTable(Store store, LongSupplier nanoTime) {
        this.store = store;
        this.nanoTime = nanoTime;
    }

    /** The contents of the database, with a clock of its own. */
    static final class Store {
        private final LongSupplier clockMs;
        private final Map<String, Map<String, Stored>> clusters = new LinkedHashMap<>();
        private final Map<String, FounderEpoch> founders = new LinkedHashMap<>();

        Store(LongSupplier clockMs) {
            this.clockMs = clockMs;
        }

        private final Map<String, Set<String>> coordinators = new HashMap<>();

        /** The rows that a dump of the database restores, or a clone of it holds. */
        Store copy() {
            Store copy = new Store(clockMs);
            clusters.forEach((cluster, rows) -> copy.clusters.put(cluster, new LinkedHashMap<>(rows)));
            coordinators.forEach((cluster, each) -> copy.coordinators.put(cluster, new LinkedHashSet<>(each)));
            copy.founders.putAll(founders);
            return copy;
        }

        /** Replication of what was written here to another database: rows of that one that are not here stay. */
        void replicateTo(Store other) {
            clusters.forEach((cluster, rows) -> other.rows(cluster).putAll(rows));
            coordinators.forEach((cluster, each) -> other.coordinators(cluster).addAll(each));
        }

        /** Another's statement, or a lost write: the row is not there. */
        void delete(String cluster, String address) {
            remove(cluster, address);
        }

        /** The row as it was before the member's last view. */
        void replace(LeaseRow row) {
            Stored current = rows(row.who().cluster()).get(row.address());
            rows(row.who().cluster()).put(row.address(), new Stored(row, current.beatAtMs));
            if (!row.coordinator()) {
                coordinators(row.who().cluster()).remove(row.address());
            }
        }

        private Set<String> coordinators(String cluster) {
            return coordinators.computeIfAbsent(cluster, c -> new LinkedHashSet<>());
        }

        /** As a table that was dropped and created anew. */
        synchronized void clear() {
            clusters.clear();
            founders.clear();
            coordinators.clear();
        }

        private void remove(String cluster, String address) {
            rows(cluster).remove(address);
            coordinators(cluster).remove(address);
        }

        private Map<String, Stored> rows(String cluster) {
            return clusters.computeIfAbsent(cluster, c -> new LinkedHashMap<>());
        }
    }

    private record Stored(LeaseRow row, long beatAtMs) {}

    @Override
    public boolean beat(LeaseRow own) {
        synchronized (store) {
            Stored old = store.rows(own.who().cluster()).get(own.address());
            if (old == null || old.row.incarnation() != own.incarnation()) {
                return false;
            }
            put(own, old.row.beat() + 1);
            return true;
        }
    }

    @Override
    public void enter(LeaseRow own) {
        synchronized (store) {
            Stored old = store.rows(own.who().cluster()).get(own.address());
            put(own, old == null ? own.beat() : old.row.beat() + 1);
        }
    }

    @Override
    public Snapshot read(String cluster) {
        synchronized (store) {
            long sentNs = nanoTime.getAsLong();
            Map<String, LeaseRow> rows = new LinkedHashMap<>();
            store.rows(cluster)
                    .forEach((address, stored) ->
                            rows.put(address, aged(stored.row, store.clockMs.getAsLong() - stored.beatAtMs)));
            return new Snapshot(
                    store.founders.getOrDefault(cluster, FounderEpoch.NONE), rows, sentNs, nanoTime.getAsLong(), true);
        }
    }

    @Override
    public Snapshot readCoordinators(String cluster, String address) {
        synchronized (store) {
            Map<String, LeaseRow> rows = new LinkedHashMap<>();
            Map<String, Stored> all = store.rows(cluster);
            Set<String> wanted = new LinkedHashSet<>(store.coordinators(cluster));
            wanted.add(address);
            for (String each : wanted) {
                Stored stored = all.get(each);
                if (stored != null) {
                    rows.put(each, aged(stored.row, store.clockMs.getAsLong() - stored.beatAtMs));
                }
            }
            long ns = nanoTime.getAsLong();
            return new Snapshot(store.founders.getOrDefault(cluster, FounderEpoch.NONE), rows, ns, ns, false);
        }
    }

    @Override
    public long countForeign(String cluster) {
        synchronized (store) {
            return store.clusters.entrySet().stream()
                    .filter(e -> !e.getKey().equals(cluster))
                    .mapToLong(e -> e.getValue().size())
                    .sum();
        }
    }

    /** The twin stands alone. */
    @Override
    public List<StockRow> readStock(String cluster) {
        return List.of();
    }

    @Override
    public boolean renew(LeaseRow observed, ViewInfo view) {
        synchronized (store) {
            Stored current = observed(observed);
            if (current != null) {
                LeaseRow row = current.row;
                boolean coordinator = row.address().equals(view.coordinator());
                put(
                        new LeaseRow(
                                row.who(),
                                coordinator,
                                view.id(),
                                view.members().size(),
                                row.beat(),
                                0,
                                row.leaseMs(),
                                row.format()),
                        row.beat() + 1);
            }
            return current != null;
        }
    }

    @Override
    public boolean evict(LeaseRow observed) {
        synchronized (store) {
            Stored current = observed(observed);
            if (current != null) {
                store.remove(observed.who().cluster(), observed.address());
            }
            return current != null;
        }
    }

    @Override
    public boolean leave(LeaseIdentity own) {
        synchronized (store) {
            Stored current = store.rows(own.cluster()).get(own.address());
            boolean ours = current != null && current.row.incarnation() == own.incarnation();
            if (ours) {
                store.remove(own.cluster(), own.address());
            }
            return ours;
        }
    }

    @Override
    public boolean found(long expectedEpoch, LeaseIdentity founder) {
        synchronized (store) {
            FounderEpoch last = store.founders.getOrDefault(founder.cluster(), FounderEpoch.NONE);
            if (last.epoch() != expectedEpoch) {
                return false;
            }
            store.founders.put(
                    founder.cluster(), new FounderEpoch(expectedEpoch + 1, founder.address(), founder.incarnation()));
            return true;
        }
    }

    private Stored observed(LeaseRow row) {
        Stored current = store.rows(row.who().cluster()).get(row.address());
        return current != null && current.row.incarnation() == row.incarnation() && current.row.beat() == row.beat()
                ? current
                : null;
    }

    private void put(LeaseRow row, long beat) {
        LeaseRow written = new LeaseRow(
                row.who(), row.coordinator(), row.viewId(), row.viewSize(), beat, 0, row.leaseMs(), row.format());
        store.rows(row.who().cluster()).put(row.address(), new Stored(written, store.clockMs.getAsLong()));
        if (row.coordinator()) {
            store.coordinators(row.who().cluster()).add(row.address());
        } else {
            store.coordinators(row.who().cluster()).remove(row.address());
        }
    }

    private static LeaseRow aged(LeaseRow row, long ageMs) {
        return new LeaseRow(
                row.who(),
                row.coordinator(),
                row.viewId(),
                row.viewSize(),
                row.beat(),
                ageMs,
                row.leaseMs(),
                row.format());
    }
}
