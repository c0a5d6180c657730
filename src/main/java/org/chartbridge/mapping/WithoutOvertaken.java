package org.chartbridge.mapping;

import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A message of results without values that a later word had overtaken when it was charted ⚠: who
 * gets it would take what comes last for what stands (decision 79).
 */
public final class WithoutOvertaken {
    /** They belong to the OBX before them. */
    private static final Set<String> OF_VALUE = Set.of("NTE", "PRT");

    /** What is left to be sent on. */
    public sealed interface Left {

        /** All of it. */
        record All() implements Left {}

        record Some(byte[] body) implements Left {}

        /** Every value was overtaken. */
        record Nothing() implements Left {}
    }

    private WithoutOvertaken() {}

    /**
     * What is left of a message.
     *
     * @param sent what is to be sent on: the message that came, or what edits made of it
     * @param came the message as it was charted
     * @param overtaken which of its OBX, counted from 1
     */
    public static Left of(Message sent, Message came, BitSet overtaken) {
        var code = sent.header().messageCode();
        if (!code.equals("ORU") && !code.equals("OUL")) return new Left.All();
        var old = found(sent, came, overtaken);
        if (old.isEmpty()) return new Left.All();
        var grouping = Grouping.of(sent, new Findings());
        var whole = new HashSet<Grouping.Report>();
        int reports = 0;
        for (var patient : grouping.patients)
            for (var report : patient.reports) {
                reports++;
                if (!report.observations.isEmpty()
                        && report.observations.stream().allMatch(one -> old.contains(one.line)))
                    whole.add(report);
            }
        if (whole.size() == reports) return new Left.Nothing();
        var shorter = new Shortened(sent);
        if (!whole.isEmpty()) shorter.leaveOut(grouping, whole);
        var lines = sent.lines();
        for (var line : old) {
            shorter.leaveOut(line);
            for (int i = line.index() + 1;
                    i < lines.size() && OF_VALUE.contains(lines.get(i).segment());
                    i++) shorter.leaveOut(lines.get(i));
        }
        return shorter.bytes().<Left>map(Left.Some::new).orElseGet(Left.All::new);
    }

    /** Where edits added or took away some, they are known by what they say. */
    private static List<Line> found(Message sent, Message came, BitSet overtaken) {
        var values = sent.lines("OBX");
        var before = came.lines("OBX");
        if (values.size() == before.size())
            return values.stream().filter(line -> overtaken.get(line.ordinal())).toList();
        var old = new HashSet<List<String>>();
        for (var line : before) if (overtaken.get(line.ordinal())) old.add(said(came, line));
        for (var line : before) if (!overtaken.get(line.ordinal())) old.remove(said(came, line));
        var found = new ArrayList<Line>();
        for (var line : values) if (old.contains(said(sent, line))) found.add(line);
        return found;
    }

    /** Its test, OBX-4 and value. */
    private static List<String> said(Message message, Line line) {
        return List.of(
                message.value(line, 3), message.value(line, 4), message.asSent(line, 5, 0, 0, 0));
    }
}
