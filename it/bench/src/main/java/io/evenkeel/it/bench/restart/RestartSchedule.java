package io.evenkeel.it.bench.restart;

import io.evenkeel.it.bench.Contender;
import io.evenkeel.it.bench.Measurement;
import java.util.ArrayList;
import java.util.List;

/**
 * The runs of a benchmark in their order: in each round every contender once, another one first than in the round
 * before.
 */
record RestartSchedule(List<Run> runs) {
    /**
     * A contender's turn.
     *
     * @param round from 1
     */
    record Run(Contender contender, int round) {}

    RestartSchedule {
        runs = List.copyOf(runs);
    }

    static RestartSchedule of(List<Contender> contenders, int rounds) {
        List<Run> runs = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            for (Contender contender : Measurement.inTurn(contenders, round)) {
                runs.add(new Run(contender, round));
            }
        }
        return new RestartSchedule(runs);
    }
}
