package io.evenkeel.protocols.lease;

import io.evenkeel.protocols.lease.LivenessJudge.Standing;
import io.evenkeel.protocols.lease.LivenessJudge.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides about a search: join a coordinator, found, or wait, and why.
 *
 * <p>A coordinator is joined if its own row is alive, or if a live member vouches for it: the coordinator's row may be
 * missing, or stale, because it does not reach the table. Members are asked only once no coordinator's row was enough.
 *
 * <p>A founding is tried only when no row is left whose cluster could be split by it: no coordinator, no member of a
 * view and no founder of the current epoch that is alive or may be. Starters do not stand in each other's way: the
 * compare-and-set on the epoch picks one, and its row then is the founder's row that the others wait for.
 */
final class JoinPlanner {
    private final LeaseIdentity me;
    private final LivenessJudge judge;
    private final LeaseObserver observer;
    private final PeerProbes probes;

    /** The number of times that a coordinator was offered in this search. */
    private final Map<String, Integer> offers = new HashMap<>();

    JoinPlanner(LeaseIdentity me, LivenessJudge judge, LeaseObserver observer, PeerProbes probes) {
        this.me = me;
        this.judge = judge;
        this.observer = observer;
        this.probes = probes;
    }

    /** Adds evictions of the dead and the questions to ask to the actions, and says what to do next. */
    JoinStep plan(Snapshot snapshot, List<LeaseAction> actions) {
        if (snapshot.of(me) == null) {
            return new JoinStep.Wait(List.of("our own row is not in the table yet"));
        }
        List<LeaseRow> left = new ArrayList<>();
        Map<String, Verdict> verdicts = new HashMap<>();
        for (LeaseRow row : snapshot.rows().values()) {
            if (row.address().equals(me.address())) {
                continue;
            }
            Verdict verdict = judge.judge(row, me);
            verdicts.put(row.address(), verdict);
            if (verdict.finding() == Standing.DEAD) {
                actions.add(new LeaseAction.Evict(row, verdict.why()));
            } else {
                left.add(row);
            }
        }
        if (!actions.isEmpty()) {
            // The next read shows whether a late beat won.
            return new JoinStep.Wait(List.of("evicting " + actions.size() + " dead rows"));
        }
        return choose(snapshot, left, verdicts, actions);
    }

    /**
     * The next step, once no row is left to evict.
     *
     * @param left the rows that are not dead
     */
    private JoinStep choose(
            Snapshot snapshot, List<LeaseRow> left, Map<String, Verdict> verdicts, List<LeaseAction> actions) {
        List<LeaseRow> coordinators =
                left.stream().filter(LeaseRow::coordinator).toList();
        LeaseRow best = coordinators.stream()
                .filter(r -> verdict(verdicts, r).finding() == Standing.LIVE)
                .min(preference())
                .orElse(null);
        if (best != null) {
            offers.merge(best.address(), 1, Integer::sum);
            // Its answer has to be fresh if this JOIN fails and we come back.
            actions.add(new LeaseAction.Probe(best));
            return new JoinStep.Join(best.who());
        }
        List<LeaseRow> members =
                left.stream().filter(r -> r.inView() && !r.coordinator()).toList();
        LeaseIdentity vouched = vouchedFor(snapshot, members);
        if (vouched != null) {
            offers.merge(vouched.address(), 1, Integer::sum);
            members.forEach(r -> actions.add(new LeaseAction.Probe(r)));
            return new JoinStep.Join(vouched);
        }
        if (!coordinators.isEmpty()) {
            if (coordinators.stream().allMatch(r -> probes.verdict(r).kind() != ProbeVerdict.Kind.UNASKED)) {
                members.forEach(r -> actions.add(new LeaseAction.Probe(r)));
            }
            return waitFor(coordinators, verdicts, actions, "coordinator ");
        }
        if (!members.isEmpty()) {
            return waitFor(members, verdicts, actions, "no coordinator in the table; member ");
        }
        if (snapshot.founder().is(me)) {
            return new JoinStep.Found(snapshot.founder().epoch());
        }
        LeaseRow founder = snapshot.founderRow();
        if (founder != null && left.contains(founder)) {
            return waitFor(
                    List.of(founder),
                    verdicts,
                    actions,
                    "founder of epoch " + snapshot.founder().epoch() + " ");
        }
        return new JoinStep.TryToFound(snapshot.founder().epoch());
    }

    /**
     * The coordinator that a live member is in the view of, or null. One that we asked ourselves and did not reach is
     * left out: a JOIN would not reach it either.
     */
    private @Nullable LeaseIdentity vouchedFor(Snapshot snapshot, List<LeaseRow> members) {
        return members.stream()
                .filter(r -> probes.verdict(r).attestation().vouches())
                .map(r -> probes.verdict(r).attestation().coordinator())
                .filter(who -> !who.address().equals(me.address())
                        && reached(snapshot.rows().get(who.address())))
                .min(Comparator.<LeaseIdentity, Integer>comparing(who -> offers.getOrDefault(who.address(), 0))
                        .thenComparing(LeaseIdentity::address))
                .orElse(null);
    }

    private boolean reached(@Nullable LeaseRow row) {
        return row == null
                || switch (probes.verdict(row).kind()) {
                    case UNASKED, ALIVE -> true;
                    case REPLACED, REFUSED, SILENT, REJECTED -> false;
                };
    }

    /** Order: beat observed by us, fewest offers, largest view, lowest address. */
    private Comparator<LeaseRow> preference() {
        return Comparator.<LeaseRow, Boolean>comparing(r -> !observer.beating(r))
                .thenComparing(r -> offers.getOrDefault(r.address(), 0))
                .thenComparing(r -> -r.viewSize())
                .thenComparing(LeaseRow::address);
    }

    private static Verdict verdict(Map<String, Verdict> verdicts, LeaseRow row) {
        return Objects.requireNonNull(verdicts.get(row.address()));
    }

    private static JoinStep waitFor(
            List<LeaseRow> rows, Map<String, Verdict> verdicts, List<LeaseAction> actions, String role) {
        List<String> joinReport = new ArrayList<>(rows.size());
        for (LeaseRow row : rows) {
            actions.add(new LeaseAction.Probe(row));
            joinReport.add(role + row.label() + ": " + verdict(verdicts, row).why());
        }
        return new JoinStep.Wait(joinReport);
    }
}
