package io.evenkeel.protocols.pacing.sim;

import io.evenkeel.protocols.pacing.core.PacingPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;

/**
 * A scenario in words, one sentence a line, {@code #} for comments:
 *
 * <pre>
 * seed 1
 * host h rate 200mbit delay 50us [queue 4mb] [jitter 5% mean 2ms] [message 200us] [stalls 4ms every 10ms]
 *     [processors 2 [quota 1.2] [heap 95%] [compiles 4s] [collects 40ms every 500ms]]
 * transfer t a -> b size 60mb chunk 70kb streams 2 [at 1s] [make 40ns] [apply 5ns] [unpaced] [lose 10%] [lies]
 * foreground f a -> b size 1kb every 3ms [burst 20] [work 5ms]
 * at 2s pause h for 140ms
 * at 2s delay h is 1ms
 * run 10s
 * expect t finished before 4s
 * expect f p99 below 3ms from 1s to 3s
 * expect t moved above 10mb from 1s to 2s
 * expect t u share within 30% from 1s to 2s
 * expect t u converge within 30% from 1s before 4s
 * expect t window above 20kb at 3s
 * expect f p90 below 80% of mute from 1s to 5s
 * expect t finished before 105% of mute
 * </pre>
 *
 * <p>The last two compare with the same scenario in which no member tells of its pressure, nor heeds its own on the
 * way.
 */
final class Scenario {
    private static final Pattern MOVED = Pattern.compile("(\\w+) moved (above|below) (\\S+) from (\\S+) to (\\S+)");
    private static final Pattern FINISHED = Pattern.compile("(\\w+) finished (before|after) (\\S+)");
    private static final Pattern PERCENTILE =
            Pattern.compile("(\\w+) p([0-9.]+) (above|below) (\\S+) from (\\S+) to (\\S+)");
    private static final Pattern FINISHED_OF_MUTE = Pattern.compile("(\\w+) finished before (\\S+) of mute");
    private static final Pattern PERCENTILE_OF_MUTE =
            Pattern.compile("(\\w+) p([0-9.]+) below (\\S+) of mute from (\\S+) to (\\S+)");
    private static final Pattern SHARE = Pattern.compile("(\\w+) (\\w+) share within (\\S+) from (\\S+) to (\\S+)");
    private static final Pattern CONVERGE =
            Pattern.compile("(\\w+) (\\w+) converge within (\\S+) from (\\S+) before (\\S+)");
    private static final Pattern WINDOW = Pattern.compile("(\\w+) window (above|below) (\\S+) at (\\S+)");
    private static final Pattern EVENT = Pattern.compile("(\\S+) (pause|delay) (\\w+) (?:for|is) (\\S+)");

    /** C1 and C2 have a thread each on a machine with few processors. */
    private static final int COMPILERS = 2;

    /** Rates are taken over this: many round trips, few of a slowdown's. */
    private static final long RATE_NS = Units.ms(500);

    private final Map<String, SimHost> hosts = new LinkedHashMap<>();
    private final Map<String, SimTransfer> transfers = new LinkedHashMap<>();
    private final Map<String, SimForeground> foregrounds = new LinkedHashMap<>();
    private final Map<String, Long> windows = new HashMap<>();
    private final List<String> expectations = new ArrayList<>();
    private final PacingPolicy policy;
    private final boolean mute;
    private Scenario muted;
    private Simulation simulation = new Simulation(1);

    private Scenario(PacingPolicy policy, boolean mute) {
        this.policy = policy;
        this.mute = mute;
    }

    /** Plays the scenario and checks what it expects. */
    static void play(String text) {
        Scenario scenario = run(text, false);
        if (scenario.expectations.stream().anyMatch(each -> each.contains(" of mute"))) {
            scenario.muted = run(text, true);
        }
        scenario.check();
    }

    static Scenario run(String text, boolean mute) {
        Scenario scenario = new Scenario(PacingPolicy.defaults(), mute);
        text.lines()
                .map(line -> line.replaceAll("#.*", "").trim())
                .filter(line -> !line.isEmpty())
                .forEach(scenario::read);
        return scenario;
    }

    void read(String line) {
        String[] words = line.split("\\s+", 2);
        switch (words[0]) {
            case "seed" -> simulation = new Simulation(Long.parseLong(words[1]));
            case "host" -> host(words[1].split("\\s+"));
            case "transfer" -> transfer(words[1].split("\\s+"));
            case "foreground" -> foreground(words[1].split("\\s+"));
            case "at" -> event(words[1]);
            case "expect" -> expect(words[1]);
            case "run" -> simulation.runUntil(Units.quantity(words[1]));
            default -> throw new IllegalArgumentException("cannot read: " + line);
        }
    }

    private void host(String[] words) {
        SimHost host = new SimHost(
                simulation,
                Units.quantity(option(words, "rate", "1gbit")),
                Units.quantity(option(words, "queue", "16mb")),
                Units.quantity(option(words, "delay", "50us")));
        host.setJitter(Units.number(option(words, "jitter", "0%")), Units.quantity(option(words, "mean", "1ms")));
        host.setMessageNs(Units.quantity(option(words, "message", "0ns")));
        long stallNs = Units.quantity(option(words, "stalls", "0ns"));
        if (stallNs > 0) {
            host.stall(stallNs, Units.quantity(option(words, "every", "10ms")));
        }
        int processors = (int) Units.quantity(option(words, "processors", "0"));
        if (processors > 0) {
            processors(host, processors, words);
        }
        hosts.put(words[0], host);
    }

    private static void processors(SimHost host, int number, String[] words) {
        host.setProcessors(
                number, Units.number(option(words, "quota", "0")), Units.number(option(words, "heap", "0%")));
        long compileNs = Units.quantity(option(words, "compiles", "0s"));
        for (int i = 0; compileNs > 0 && i < COMPILERS; i++) {
            host.work(compileNs / COMPILERS, () -> {});
        }
        long collectNs = Units.quantity(option(words, "collects", "0s"));
        if (collectNs > 0) {
            host.stall(collectNs, Units.quantity(option(words, "every", "500ms")));
        }
    }

    private void transfer(String[] words) {
        SimTransfer.Load load = new SimTransfer.Load(
                Units.quantity(option(words, "size", "10mb")),
                (int) Units.quantity(option(words, "chunk", "70kb")),
                (int) Units.quantity(option(words, "streams", "1")),
                Units.number(option(words, "make", "0ns")),
                Units.number(option(words, "apply", "0ns")),
                Units.number(option(words, "lose", "0%")));
        List<String> all = Arrays.asList(words);
        SimTransfer.Pacing pacing = all.contains("unpaced")
                ? SimTransfer.Pacing.UNPACED
                : mute ? SimTransfer.Pacing.MUTE : SimTransfer.Pacing.PACED;
        long atNs = Units.quantity(option(words, "at", "0s"));
        SimTransfer transfer =
                new SimTransfer(simulation, known(hosts, words[1]), known(hosts, words[3]), load, policy, pacing, atNs);
        if (all.contains("lies")) {
            transfer.lie();
        }
        transfers.put(words[0], transfer);
    }

    private void foreground(String[] words) {
        foregrounds.put(
                words[0],
                new SimForeground(
                        simulation,
                        known(hosts, words[1]),
                        known(hosts, words[3]),
                        (int) Units.quantity(option(words, "size", "1kb")),
                        Units.quantity(option(words, "every", "3ms")),
                        (int) Units.quantity(option(words, "burst", "1")),
                        Units.quantity(option(words, "work", "0ms"))));
    }

    private void event(String text) {
        Matcher event = match(EVENT, text);
        SimHost host = known(hosts, event.group(3));
        long ns = Units.quantity(event.group(4));
        simulation.at(Units.quantity(event.group(1)), () -> {
            if (event.group(2).equals("pause")) {
                host.pause(ns);
            } else {
                host.setDelayNs(ns);
            }
        });
    }

    private void expect(String text) {
        expectations.add(text);
        Matcher window = WINDOW.matcher(text);
        if (window.matches()) {
            SimTransfer transfer = known(transfers, window.group(1));
            simulation.at(
                    Units.quantity(window.group(4)),
                    () -> windows.put(text, transfer.flow().window().windowBytes()));
        }
    }

    private void check() {
        SoftAssertions softly = new SoftAssertions();
        for (String expectation : expectations) {
            check(softly, expectation);
        }
        softly.assertAll();
    }

    private void check(SoftAssertions softly, String text) {
        if (FINISHED_OF_MUTE.matcher(text).matches()) {
            Matcher m = match(FINISHED_OF_MUTE, text);
            compareWithMute(softly, text, finishedAtNs(m.group(1)), muted.finishedAtNs(m.group(1)), m.group(2));
        } else if (PERCENTILE_OF_MUTE.matcher(text).matches()) {
            Matcher m = match(PERCENTILE_OF_MUTE, text);
            compareWithMute(softly, text, percentileOfMute(m), muted.percentileOfMute(m), m.group(3));
        } else if (FINISHED.matcher(text).matches()) {
            checkFinished(softly, text, match(FINISHED, text));
        } else if (PERCENTILE.matcher(text).matches()) {
            checkPercentile(softly, text, match(PERCENTILE, text));
        } else if (MOVED.matcher(text).matches()) {
            Matcher m = match(MOVED, text);
            compare(
                    softly,
                    text,
                    moved(m.group(1), Units.quantity(m.group(4)), Units.quantity(m.group(5))),
                    m.group(2),
                    m.group(3));
        } else if (SHARE.matcher(text).matches()) {
            checkShare(softly, text, match(SHARE, text));
        } else if (CONVERGE.matcher(text).matches()) {
            checkConverged(softly, text, match(CONVERGE, text));
        } else {
            Matcher m = match(WINDOW, text);
            compare(softly, text, windows.get(text), m.group(2), m.group(3));
        }
    }

    private void checkFinished(SoftAssertions softly, String text, Matcher m) {
        compare(softly, text, finishedAtNs(m.group(1)), m.group(2), m.group(3));
    }

    private long finishedAtNs(String transfer) {
        long atNs = known(transfers, transfer).finishedAtNs();
        return atNs < 0 ? Long.MAX_VALUE : atNs;
    }

    private long percentileOfMute(Matcher m) {
        return known(foregrounds, m.group(1))
                .percentileNs(
                        Double.parseDouble(m.group(2)) / 100, Units.quantity(m.group(4)), Units.quantity(m.group(5)));
    }

    private static void compareWithMute(SoftAssertions softly, String text, long value, long mute, String limit) {
        softly.assertThat((double) value)
                .as("%s: it was %,d beside %,d", text, value, mute)
                .isLessThan(Units.number(limit) * mute);
    }

    private void checkPercentile(SoftAssertions softly, String text, Matcher m) {
        double share = Double.parseDouble(m.group(2)) / 100;
        long ns = known(foregrounds, m.group(1))
                .percentileNs(share, Units.quantity(m.group(5)), Units.quantity(m.group(6)));
        compare(softly, text, ns, m.group(3), m.group(4));
    }

    private void checkShare(SoftAssertions softly, String text, Matcher m) {
        long fromNs = Units.quantity(m.group(4));
        long toNs = Units.quantity(m.group(5));
        softly.assertThat(inequality(m.group(1), m.group(2), fromNs, toNs))
                .as("%s: %d and %d bytes", text, moved(m.group(1), fromNs, toNs), moved(m.group(2), fromNs, toNs))
                .isLessThanOrEqualTo(Units.number(m.group(3)));
    }

    /** The first time at which they are equal for a second; a moment in which they cross is none. */
    private void checkConverged(SoftAssertions softly, String text, Matcher m) {
        double limit = Units.number(m.group(3));
        long endNs = simulation.nowNs() - 2 * RATE_NS;
        long atNs = Units.quantity(m.group(4));
        while (atNs <= endNs
                && (inequality(m.group(1), m.group(2), atNs, atNs + RATE_NS) > limit
                        || inequality(m.group(1), m.group(2), atNs + RATE_NS, atNs + 2 * RATE_NS) > limit)) {
            atNs += RATE_NS / 10;
        }
        compare(softly, text, atNs > endNs ? Long.MAX_VALUE : atNs, "before", m.group(5));
    }

    /**
     * The difference of what two have moved by the half of their sum: 0 if equal, 2 if one has moved all; 2 if nobody
     * has.
     */
    private double inequality(String one, String other, long fromNs, long toNs) {
        double first = moved(one, fromNs, toNs);
        double second = moved(other, fromNs, toNs);
        return first + second == 0 ? 2 : Math.abs(first - second) / (first + second) * 2;
    }

    private long moved(String transfer, long fromNs, long toNs) {
        return known(transfers, transfer).receivedBytes(fromNs, toNs);
    }

    private static void compare(SoftAssertions softly, String text, long value, String relation, String limit) {
        boolean below = relation.equals("below") || relation.equals("before");
        boolean holds = below ? value < Units.quantity(limit) : value > Units.quantity(limit);
        softly.assertThat(holds).as("%s: it was %,d", text, value).isTrue();
    }

    private static String option(String[] words, String name, String otherwise) {
        int at = Arrays.asList(words).indexOf(name);
        return at < 0 ? otherwise : words[at + 1];
    }

    private static Matcher match(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("cannot read: " + text);
        }
        return matcher;
    }

    private static <T> T known(Map<String, T> map, String name) {
        T value = map.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is not one of " + map.keySet());
        }
        return value;
    }
}
