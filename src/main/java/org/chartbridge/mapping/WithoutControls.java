package org.chartbridge.mapping;

import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A message of results without those of quality control ⚠: who gets it would chart them with the
 * patient (HL7-RULES §3). Cut are whole segments, from the one that begins the results of a control
 * (SPM, ORC or OBR) up to the next ones or the next PID; what stays, stays byte for byte.
 */
public final class WithoutControls {
    /** They end a message or batch, whatever stands before. */
    private static final Set<String> ENDS = Set.of("DSC", "BTS", "FTS");

    private final Message message;
    private final BitSet cut = new BitSet();

    private WithoutControls(Message message) {
        this.message = message;
    }

    /** Empty where there is nothing to leave out, or nothing besides. */
    public static Optional<byte[]> of(Message message, Partner partner) {
        var code = message.header().messageCode();
        if (!code.equals("ORU") && !code.equals("OUL")) return Optional.empty();
        var reader = new Reader(message, partner, new Findings());
        if (message.lines("SPM").stream().noneMatch(line -> Specimens.isControl(line, reader)))
            return Optional.empty();
        var without = new WithoutControls(message);
        without.mark(Grouping.of(message, new Findings()), reader);
        return without.cut.isEmpty() ? Optional.empty() : Optional.of(without.bytes());
    }

    private void mark(Grouping grouping, Reader reader) {
        var all = grouping.patients.stream().flatMap(one -> one.reports.stream()).toList();
        var controls = new HashSet<Grouping.Report>();
        for (var report : all) if (Specimens.isQualityControl(report, reader)) controls.add(report);
        if (controls.size() == all.size()) return;
        var stay = all.stream().filter(report -> !controls.contains(report)).toList();
        var ends = new ArrayList<Integer>();
        for (var report : all) ends.add(head(report, stay));
        for (var line : message.lines("PID")) ends.add(line.index());
        ends.add(message.lines().size());
        ends.sort(Comparator.naturalOrder());
        for (var report : controls) cut(head(report, stay), ends);
        if (grouping.patients.size() == 1) return;
        for (var patient : grouping.patients) {
            // A control that has a PID of its own.
            boolean isControl = !patient.reports.isEmpty() && controls.containsAll(patient.reports);
            if (isControl && !patient.lines.isEmpty()) cut(patient.lines.getFirst().index(), ends);
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

    private byte[] bytes() {
        var raw = message.raw();
        var kept = new ByteArrayOutputStream(raw.length);
        var lines = message.lines();
        int from = 0;
        for (int i = 0; i < lines.size(); i++) {
            int to = i + 1 < lines.size() ? lines.get(i + 1).start() : raw.length;
            if (!cut.get(i)) kept.writeBytes(Arrays.copyOfRange(raw, from, to));
            from = to;
        }
        return kept.toByteArray();
    }
}
