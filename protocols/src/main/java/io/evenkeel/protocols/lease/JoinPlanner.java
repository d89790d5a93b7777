package io.evenkeel.protocols.lease;

import io.evenkeel.protocols.lease.Coroner.Standing;
import io.evenkeel.protocols.lease.Coroner.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Whom to join, whether to found, or why neither is possible yet.
 *
 * <p>A founding is tried only when nobody is left whose cluster could be split by it: no coordinator, no member of a view and
 * no founder of the current epoch that is alive or may be. Starters do not stand in each other's way: the compare-and-set
 * on the epoch picks one, and its row then is the founder's row that the others wait for.
 */
final class JoinPlanner {
    private final LeaseIdentity me;
    private final Coroner coroner;
    private final LeaseObserver observer;
    private final Map<String, Integer> offers = new HashMap<>();

    JoinPlanner(LeaseIdentity me, Coroner coroner, LeaseObserver observer) {
        this.me = me;
        this.coroner = coroner;
        this.observer = observer;
    }

    /** Adds evictions of the dead and the questions to ask to the chores, and says what to do next. */
    JoinStep plan(Snapshot snapshot, List<Chore> chores) {
        offers.keySet().retainAll(snapshot.rows().keySet());
        if (snapshot.of(me) == null) {
            return new JoinStep.Wait(List.of("our own row is not in the table yet"));
        }
        List<LeaseRow> left = new ArrayList<>();
        Map<String, Verdict> verdicts = new HashMap<>();
        for (LeaseRow row : snapshot.rows().values()) {
            if (row.address().equals(me.address())) {
                continue;
            }
            Verdict verdict = coroner.judge(row, me);
            verdicts.put(row.address(), verdict);
            if (verdict.finding() == Standing.DEAD) {
                chores.add(new Chore.Evict(row, verdict.why()));
            } else {
                left.add(row);
            }
        }
        if (!chores.isEmpty()) {
            // The next read shows whether a late beat won.
            return new JoinStep.Wait(List.of("evicting " + chores.size() + " dead rows"));
        }
        return choose(snapshot, left, verdicts, chores);
    }

    private JoinStep choose(Snapshot snapshot, List<LeaseRow> left, Map<String, Verdict> verdicts, List<Chore> chores) {
        List<LeaseRow> coordinators =
                left.stream().filter(LeaseRow::coordinator).toList();
        LeaseRow best = coordinators.stream()
                .filter(r -> verdicts.get(r.address()).finding() == Standing.LIVE)
                .min(preference())
                .orElse(null);
        if (best != null) {
            offers.merge(best.address(), 1, Integer::sum);
            // Its answer has to be fresh if this JOIN fails and we come back.
            chores.add(new Chore.Probe(best));
            return new JoinStep.Join(best);
        }
        if (!coordinators.isEmpty()) {
            return waitFor(coordinators, verdicts, chores, "coordinator ");
        }
        Predicate<LeaseRow> inView = LeaseRow::inView;
        List<LeaseRow> members = left.stream().filter(inView).toList();
        if (!members.isEmpty()) {
            return waitFor(members, verdicts, chores, "no coordinator in the table; member ");
        }
        if (snapshot.founder().is(me)) {
            return new JoinStep.Found(snapshot.founder().epoch());
        }
        LeaseRow founder = snapshot.founderRow();
        if (founder != null && left.contains(founder)) {
            return waitFor(
                    List.of(founder),
                    verdicts,
                    chores,
                    "founder of epoch " + snapshot.founder().epoch() + " ");
        }
        return new JoinStep.TryToFound(snapshot.founder().epoch());
    }

    /** Those that beat under our eyes first, then who was offered least, then the largest view, then the lower address. */
    private Comparator<LeaseRow> preference() {
        return Comparator.<LeaseRow, Boolean>comparing(r -> !observer.beating(r))
                .thenComparing(r -> offers.getOrDefault(r.address(), 0))
                .thenComparing(r -> -r.viewSize())
                .thenComparing(LeaseRow::address);
    }

    private static JoinStep waitFor(
            List<LeaseRow> rows, Map<String, Verdict> verdicts, List<Chore> chores, String role) {
        List<String> diary = new ArrayList<>(rows.size());
        for (LeaseRow row : rows) {
            chores.add(new Chore.Probe(row));
            diary.add(role + row.label() + ": " + verdicts.get(row.address()).why());
        }
        return new JoinStep.Wait(diary);
    }
}
