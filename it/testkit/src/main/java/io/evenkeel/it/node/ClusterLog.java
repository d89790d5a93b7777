package io.evenkeel.it.node;

import java.time.Duration;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The facts in a node's log about its cluster. The one place that knows the words of these lines. */
public final class ClusterLog {
    private static final Pattern CHANNEL_START = Pattern.compile("ISPN000078: ");
    /** Received, and received merged. */
    private static final Pattern VIEW =
            Pattern.compile("ISPN00009[34]: .*? channel [^:]*: (?:MergeView::)?\\[([^]]+)] \\((\\d+)\\) \\[([^]]*)]");

    /** Infinispan appends its version to each logical name in a view, not so in the other lines. */
    private static final Pattern VERSION_SUFFIX = Pattern.compile("\\(v=[^)]*\\)");

    private static final Pattern REBALANCE_STARTED = Pattern.compile("\\[Context=([^]]+)] ISPN100002: ");

    /** The coordinator logs it when every member has what a cache's new topology gives it. */
    private static final Pattern REBALANCED = Pattern.compile("ISPN100010: ");

    private static final Pattern PHYSICAL_ADDRESS =
            Pattern.compile("ISPN000079: .*local address is `?([^`,]+)`?, physical addresses are `?\\[([^]]*)]");
    /** Evenkeel's transport logs each connection with what was negotiated. */
    private static final Pattern TLS = Pattern.compile("\\b(TLSv1\\.[23])\\b[ ,/]+(?:cipher )?(TLS_[A-Z0-9_]+)");

    private static final Pattern STOCK_MTLS = Pattern.compile("JGroups Encryption enabled \\(mTLS\\)");

    private ClusterLog() {}

    /** The view that was installed last. */
    public static Optional<ClusterView> lastView(List<String> lines) {
        return lines.stream().map(ClusterLog::view).flatMap(Optional::stream).reduce((first, second) -> second);
    }

    /** The logical name of the node. */
    public static Optional<String> localName(List<String> lines) {
        return first(PHYSICAL_ADDRESS, 1, lines);
    }

    public static Optional<String> physicalAddress(List<String> lines) {
        return first(PHYSICAL_ADDRESS, 2, lines);
    }

    /**
     * Protocol and cipher if they were logged; for a stock transport that mutual TLS is on; empty if there is no sign
     * of TLS.
     */
    public static Optional<String> tls(List<String> lines) {
        for (String line : lines) {
            Matcher m = TLS.matcher(line);
            if (m.find()) {
                return Optional.of(m.group(1) + " " + m.group(2));
            }
        }
        return lines.stream()
                .filter(l -> STOCK_MTLS.matcher(l).find())
                .map(l -> "mTLS (cipher not logged)")
                .findFirst();
    }

    /** The time from the start of the channel to the first view of that size. */
    public static Optional<Duration> startToView(List<String> lines, int size) {
        Optional<LogLine> start = firstLine(lines, m -> CHANNEL_START.matcher(m).find());
        Optional<LogLine> view =
                firstLine(lines, m -> view(m).filter(v -> v.size() == size).isPresent());
        return start.flatMap(s -> view.map(v -> Duration.between(s.time(), v.time())));
    }

    /** When the channel was started first. */
    public static Optional<LocalDateTime> channelStart(List<String> lines) {
        return firstLine(lines, m -> CHANNEL_START.matcher(m).find()).map(LogLine::time);
    }

    /**
     * When a cache's rebalance was finished, for each cache and rebalance; the log of the coordinator of that time has
     * it.
     */
    public static List<LocalDateTime> rebalancesFinished(List<String> lines) {
        return LogLine.parse(lines).stream()
                .filter(line -> REBALANCED.matcher(line.message()).find())
                .map(LogLine::time)
                .toList();
    }

    /**
     * The caches that were rebalanced at the same time, at the most; the log of the coordinator of that time has it.
     */
    public static int mostRebalancesAtOnce(List<String> lines) {
        int most = 0;
        Set<String> underWay = new HashSet<>();
        for (String line : lines) {
            Matcher started = REBALANCE_STARTED.matcher(line);
            if (started.find()) {
                underWay.add(started.group(1));
                most = Math.max(most, underWay.size());
            } else if (REBALANCED.matcher(line).find()) {
                underWay.removeIf(cache -> line.contains("[Context=" + cache + "]"));
            }
        }
        return most;
    }

    /** All views in the order in which they were installed. */
    public static List<ViewChange> viewChanges(List<String> lines) {
        return LogLine.parse(lines).stream()
                .flatMap(line -> view(line.message()).map(v -> new ViewChange(line.time(), v)).stream())
                .toList();
    }

    private static Optional<LogLine> firstLine(List<String> lines, Predicate<String> message) {
        return LogLine.parse(lines).stream()
                .filter(l -> message.test(l.message()))
                .findFirst();
    }

    private static Optional<ClusterView> view(String line) {
        Matcher m = VIEW.matcher(VERSION_SUFFIX.matcher(line).replaceAll(""));
        return m.find()
                ? Optional.of(new ClusterView(m.group(1), List.of(m.group(3).split(", "))))
                : Optional.empty();
    }

    private static Optional<String> first(Pattern pattern, int group, List<String> lines) {
        return lines.stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(m -> m.group(group))
                .findFirst();
    }
}
