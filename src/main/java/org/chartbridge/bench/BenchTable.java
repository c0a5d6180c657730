package org.chartbridge.bench;

import org.chartbridge.bench.BenchResult.Run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Shows a result in a terminal: tables, and bars made of characters. */
public final class BenchTable {
    private static final int BAR = 40;

    private BenchTable() {}

    /** The lines to print. */
    public static List<String> of(BenchResult result) {
        var lines = new ArrayList<String>();
        loads(lines, result);
        rows(lines, result);
        references(lines, result);
        for (var run : result.runs()) stages(lines, run);
        lines.add("");
        lines.add("Engine's memory, MB: " + words(result.memory()));
        lines.add("");
        lines.add("Conditions");
        result.conditions().forEach((name, value) -> lines.add(format("  %-34s %s", name, value)));
        return lines;
    }

    private static void loads(List<String> lines, BenchResult result) {
        lines.add("");
        lines.add(
                format(
                        "%-8s %11s %11s %9s %9s %9s %7s",
                        "", "connections", "answers/s", "p50 ms", "p99 ms", "max ms", "group"));
        var most = result.runs().stream().mapToDouble(r -> r.load().perSecond()).max().orElse(0);
        for (var run : result.runs()) {
            var load = run.load();
            lines.add(
                    format(
                            "%-8s %11d %,11.0f %9.2f %9.2f %9.2f %7.1f  %s",
                            run.mode(),
                            load.connections(),
                            load.perSecond(),
                            load.p50Millis(),
                            load.p99Millis(),
                            load.maxMillis(),
                            run.meanGroup(),
                            bar(load.perSecond(), most, BAR / 2)));
        }
    }

    private static void rows(List<String> lines, BenchResult result) {
        lines.add("");
        lines.add("Answers and rows, warm-up included");
        for (var run : result.runs()) {
            var rows =
                    run.rows()
                            .map(
                                    r ->
                                            format(
                                                    "journal %s, raw messages %,d, reports %,d,"
                                                            + " observations %,d",
                                                    words(r.states()),
                                                    r.rawMessages(),
                                                    r.reports(),
                                                    r.observations()))
                            .orElse("not counted: the database is not known");
            lines.add(
                    format(
                            "  %s, %d: answers %s; %s",
                            run.mode(), run.load().connections(), words(run.load().codes()), rows));
            if (run.rows().isPresent() && run.disagreements().isEmpty()) lines.add("    agree");
            for (var one : run.disagreements()) lines.add("    FAULT: " + one);
        }
    }

    private static void references(List<String> lines, BenchResult result) {
        if (result.references().isEmpty()) return;
        lines.add("");
        lines.add("Reference: the same bytes inserted set-based in groups, without an engine");
        for (var reference : result.references()) {
            var inserted = reference.inserted();
            lines.add(
                    format(
                            "  %-8s %,9.0f/s  (%d in a commit, %d writers)   engine reaches %3.0f"
                                    + " %%  %s",
                            inserted.kind().name().toLowerCase(Locale.ROOT),
                            inserted.perSecond(),
                            inserted.group(),
                            inserted.writers(),
                            reference.share() * 100,
                            bar(reference.share(), 1, BAR / 2)));
        }
    }

    private static void stages(List<String> lines, Run run) {
        var most = run.microsPerMessage().values().stream().mapToDouble(x -> x).max().orElse(0);
        if (most == 0) return;
        lines.add("");
        lines.add(
                format(
                        "Where the time goes: %s, %d connections; µs of a thread for each message",
                        run.mode(), run.load().connections()));
        run.microsPerMessage()
                .forEach(
                        (stage, micros) ->
                                lines.add(
                                        format(
                                                        "  %-14s %8.1f  %s",
                                                        stage, micros, bar(micros, most, BAR))
                                                .stripTrailing()));
    }

    private static String words(Map<String, Long> counts) {
        if (counts.isEmpty()) return "none";
        return counts.entrySet().stream()
                .map(e -> format("%,d %s", e.getValue(), e.getKey()))
                .collect(Collectors.joining(", "));
    }

    private static String bar(double value, double most, int width) {
        var length = most <= 0 ? 0 : (int) Math.round(width * Math.clamp(value / most, 0, 1));
        return "█".repeat(length);
    }

    @SuppressWarnings("AnnotateFormatMethod") // Its annotation would be a dependency.
    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
