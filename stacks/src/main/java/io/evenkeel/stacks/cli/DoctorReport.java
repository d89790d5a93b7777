package io.evenkeel.stacks.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.evenkeel.stacks.cli.core.ClusterFacts;
import io.evenkeel.stacks.cli.core.Diagnosis;
import io.evenkeel.stacks.cli.core.Finding;
import io.evenkeel.stacks.cli.core.MemberFacts;
import io.evenkeel.stacks.cli.core.Reach;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Findings for people and for programs. */
record DoctorReport(ClusterFacts facts, List<Finding> findings) {

    /** One paragraph a finding, worst first, then a summary. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Finding finding : findings) {
            lines.add(String.format("%-8s  %s  %s", finding.severity(), finding.code(), finding.subject()));
            lines.add("          " + finding.detail());
            lines.add("          Remedy: " + finding.remedy() + ".");
            lines.add("");
        }
        lines.add(summary());
        return lines;
    }

    private String summary() {
        long beating = facts.members().stream().filter(MemberFacts::beats).count();
        long answering = facts.members().stream().filter(MemberFacts::answers).count();
        String seen = facts.members().size() + " rows of cluster '" + facts.cluster() + "', " + beating + " beat, "
                + answering + " answer";
        if (findings.isEmpty()) {
            return "Nothing found: " + seen + ".";
        }
        return findings.stream()
                        .collect(Collectors.groupingBy(Finding::severity, TreeMap::new, Collectors.counting()))
                        .entrySet()
                        .stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "))
                + ": " + seen + ".";
    }

    String json() throws JsonProcessingException {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("cluster", facts.cluster());
        root.put("version", facts.packVersion());
        root.put("exitCode", Diagnosis.exitCode(findings));
        root.put("members", facts.members().stream().map(DoctorReport::member).toList());
        root.put("findings", findings.stream().map(DoctorReport::finding).toList());
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root);
    }

    private static Map<String, Object> member(MemberFacts member) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", member.row().who().name());
        row.put("address", member.row().who().physicalAddress());
        row.put("beats", member.beats());
        row.put("answers", member.answers());
        row.put("clockAheadMs", aheadMs(member));
        return row;
    }

    /** The member's clock less this host's, in milliseconds; null if the member does not tell. */
    private static @Nullable Long aheadMs(MemberFacts member) {
        return member.reach() instanceof Reach.Spoke spoke && spoke.aheadMs().isPresent()
                ? spoke.aheadMs().getAsLong()
                : null;
    }

    static Map<String, Object> finding(Finding finding) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("severity", finding.severity().name());
        one.put("code", finding.code().name());
        one.put("subject", finding.subject());
        one.put("detail", finding.detail());
        one.put("remedy", finding.remedy());
        return one;
    }
}
