package org.chartbridge.mapping;

import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A message of results without some of them. Cut are whole segments, of a report from the one that
 * begins it (SPM, ORC or OBR) up to the next ones or the next PID; what stays, stays byte for byte.
 */
final class Shortened {
    /** They end a message or batch, whatever stands before. */
    private static final Set<String> ENDS = Set.of("DSC", "BTS", "FTS");

    private final Message message;
    private final BitSet cut = new BitSet();

    Shortened(Message message) {
        this.message = message;
    }

    void leaveOut(Line line) {
        cut.set(line.index());
    }

    /**
     * @param some not all of them
     */
    void leaveOut(Grouping grouping, Set<Grouping.Report> some) {
        var all = grouping.patients.stream().flatMap(one -> one.reports.stream()).toList();
        var stay = all.stream().filter(report -> !some.contains(report)).toList();
        var ends = new ArrayList<Integer>();
        for (var report : all) ends.add(head(report, stay));
        for (var line : message.lines("PID")) ends.add(line.index());
        ends.add(message.lines().size());
        ends.sort(Comparator.naturalOrder());
        for (var report : some) cut(head(report, stay), ends);
        if (grouping.patients.size() == 1) return;
        for (var patient : grouping.patients) {
            // One that has a PID of its own.
            boolean whole = !patient.reports.isEmpty() && some.containsAll(patient.reports);
            if (whole && !patient.lines.isEmpty()) cut(patient.lines.getFirst().index(), ends);
        }
    }

    private void cut(int from, List<Integer> ends) {
        int to = ends.stream().filter(end -> end > from).findFirst().orElseThrow();
        for (var line : message.lines().subList(from, to))
            if (!ENDS.contains(line.segment())) cut.set(line.index());
    }

    /** Where what belongs to a report begins; an ORC that speaks for others, too, is theirs. */
    private static int head(Grouping.Report report, List<Grouping.Report> stay) {
        int own = report.line.index();
        int head = own;
        var order = report.order;
        if (order != null
                && report.firstOfOrder
                && (stay.contains(report)
                        || stay.stream().noneMatch(other -> order.equals(other.order))))
            head = Math.min(head, order.index());
        if (!report.specimensInherited)
            for (var specimen : report.specimens)
                if (specimen.index() < own) head = Math.min(head, specimen.index());
        for (var observation : report.observations) head = Math.min(head, observation.line.index());
        return head;
    }

    /** What is left of it; empty where nothing was cut. */
    Optional<byte[]> bytes() {
        if (cut.isEmpty()) return Optional.empty();
        var raw = message.raw();
        var kept = new ByteArrayOutputStream(raw.length);
        var lines = message.lines();
        int from = 0;
        for (int i = 0; i < lines.size(); i++) {
            int to = i + 1 < lines.size() ? lines.get(i + 1).start() : raw.length;
            if (!cut.get(i)) kept.writeBytes(Arrays.copyOfRange(raw, from, to));
            from = to;
        }
        return Optional.of(kept.toByteArray());
    }
}
