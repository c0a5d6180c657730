package org.chartbridge.bench;

import org.chartbridge.bench.ChartedMessages.Entry;
import org.chartbridge.bench.ChartedMessages.Report;
import org.chartbridge.bench.ChartedMessages.Value;
import org.chartbridge.bench.Ledger.Noted;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Compares what senders know with what the database holds (DESIGN §1, first promise):
 *
 * <ul>
 *   <li>an acknowledged message is in the journal once, charted, with the bytes that were sent, and
 *       its ten values are in the chart once;
 *   <li>one without an answer is there in full, once, or not at all;
 *   <li>nothing is there that nobody sent.
 * </ul>
 */
final class KillCheck {
    private final Map<String, List<Entry>> entries;
    private final Map<String, List<Report>> reports;
    private final Map<Long, List<Value>> values;
    private final List<String> problems = new ArrayList<>();

    private KillCheck(ChartedMessages found) {
        entries = found.entries().stream().collect(Collectors.groupingBy(Entry::controlId));
        reports = found.reports().stream().collect(Collectors.groupingBy(Report::orderNumber));
        values = found.values().stream().collect(Collectors.groupingBy(Value::entryId));
    }

    /** What is wrong, a sentence each; empty when every promise was kept. */
    static List<String> problems(List<Noted> ledgers, ChartedMessages found) {
        var check = new KillCheck(found);
        for (var noted : ledgers) check.message(noted);
        check.nothingElse(ledgers, found);
        return List.copyOf(check.problems);
    }

    private void message(Noted noted) {
        var id = noted.controlId();
        var there = entries.getOrDefault(id, List.of());
        if (!noted.code().isEmpty() && !noted.acknowledged()) {
            problems.add(id + ": answered " + noted.code() + ", wanted AA");
        }
        if (noted.resent() && noted.code().isEmpty()) {
            problems.add(id + ": sent again after the restart and not answered");
        }
        if (there.isEmpty()) {
            if (noted.acknowledged()) problems.add(id + ": acknowledged and lost");
            if (reports.containsKey(noted.orderNumber())) {
                problems.add(id + ": not in the journal but in the chart");
            }
            return;
        }
        if (there.size() > 1) {
            problems.add(id + ": " + there.size() + " times in the journal");
            return;
        }
        entry(noted, there.getFirst());
    }

    private void entry(Noted noted, Entry entry) {
        var id = noted.controlId();
        if (!entry.state().equals("charted")) {
            problems.add(id + ": is " + entry.state() + ", wanted charted");
        }
        if (!entry.sha256().equals(noted.sha256())) {
            problems.add(id + ": other bytes are kept than were sent");
        }
        var reported = reports.getOrDefault(noted.orderNumber(), List.of());
        if (reported.size() != 1 || reported.getFirst().entryId() != entry.id()) {
            problems.add(id + ": " + reported.size() + " reports, wanted 1 of its own");
        }
        var wanted =
                IntStream.range(0, noted.values().size())
                        .mapToObj(
                                n ->
                                        new Value(
                                                entry.id(),
                                                BenchMessages.TESTS.get(n).code(),
                                                noted.values().get(n),
                                                "current"))
                        .collect(Collectors.toSet());
        var charted = values.getOrDefault(entry.id(), List.of());
        if (charted.size() != wanted.size()) {
            problems.add(id + ": " + charted.size() + " values, wanted " + wanted.size());
        } else if (!new HashSet<>(charted).equals(wanted)) {
            problems.add(id + ": other values are charted than were sent");
        }
    }

    private void nothingElse(List<Noted> ledgers, ChartedMessages found) {
        var ids = ledgers.stream().map(Noted::controlId).collect(Collectors.toSet());
        var orders = ledgers.stream().map(Noted::orderNumber).collect(Collectors.toSet());
        for (var entry : found.entries()) {
            if (!ids.contains(entry.controlId())) {
                problems.add(entry.controlId() + ": in the journal, and nobody sent it");
            }
        }
        for (var report : found.reports()) {
            if (!orders.contains(report.orderNumber())) {
                problems.add(report.orderNumber() + ": in the chart, and nobody sent it");
            }
        }
        var known = found.entries().stream().map(Entry::id).collect(Collectors.toSet());
        var orphans = found.values().stream().filter(v -> !known.contains(v.entryId())).count();
        if (orphans > 0) problems.add(orphans + " values belong to no entry of the journal");
    }
}
