package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.VisitEvent;
import org.chartbridge.chart.VisitField;
import org.chartbridge.chart.VisitKey;
import org.chartbridge.chart.VisitStatement;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Set;

/**
 * Reads that a visit or an account goes on under another number: merged (A35, A41 accounts, A42
 * visits) or changed (A49 accounts, A50 visits). The former one keeps all that was said of it and
 * says under which number it goes on; patients are never joined by it ⚠ (HL7-RULES §6).
 *
 * <p>A51 changes the alternate visit number, which tells no visit from another: it only describes
 * the visit of its PV1.
 */
final class VisitNumbers {
    private static final Set<String> OF_ACCOUNTS = Set.of("A35", "A41", "A49");
    private static final Set<String> OF_VISITS = Set.of("A42", "A50");

    private VisitNumbers() {}

    static boolean takes(String trigger) {
        return OF_ACCOUNTS.contains(trigger) || OF_VISITS.contains(trigger);
    }

    /** Former numbers, each with the one it goes on as; a message without any is refused. */
    static List<VisitStatement> read(String trigger, Line pid, Message message, Reader reader) {
        boolean accounts = OF_ACCOUNTS.contains(trigger);
        var statements = new ArrayList<VisitStatement>();
        var kind = accounts ? VisitKey.Kind.ACCOUNT : VisitKey.Kind.VISIT;
        var now = now(accounts, pid, message, reader);
        for (var mrg : message.lines("MRG")) {
            int mark = reader.mark();
            reader.trigger(); // says which number, for what explains the value
            var before = new FieldReader(reader, mrg, false).number(accounts ? 3 : 5);
            if (before == null || before.isEmpty() || now == null || now.isEmpty()) continue;
            var from =
                    reader.made(
                            Rule.VISIT_NUMBER,
                            mark,
                            new VisitKey(kind, before.system(), before.text()));
            if (from.equals(new VisitKey(kind, now.system(), now.text()))) continue;
            var fields = new EnumMap<VisitField, FieldValue>(VisitField.class);
            fields.put(VisitField.GOES_ON_AS, now);
            statements.add(
                    new VisitStatement(from, Paths.of(mrg, mrg), VisitEvent.RENUMBER, fields));
        }
        if (statements.isEmpty())
            reader.findings.error(
                    Location.of("MRG", 1).field(accounts ? 3 : 5),
                    ErrorCode.REQUIRED_MISSING,
                    "prior-number-missing",
                    accounts
                            ? "MRG-3 must hold the former account, and PID-18 another one in its"
                                    + " place."
                            : "MRG-5 must hold the former visit number, and PV1-19 another one in"
                                    + " its place.");
        return statements;
    }

    private static @Nullable FieldValue now(
            boolean accounts, Line pid, Message message, Reader reader) {
        if (accounts) return new FieldReader(reader, pid, false).number(18);
        var visit = message.line("PV1", 1).orElse(null);
        return visit == null ? null : new FieldReader(reader, visit, false).number(19);
    }
}
