package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.VisitEvent;
import org.chartbridge.chart.VisitField;
import org.chartbridge.chart.VisitKey;
import org.chartbridge.chart.VisitStatement;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Set;

/**
 * Reads that a visit or an account goes on under another number: merged (A35, A41 accounts, A42
 * visits) or changed (A49 accounts, A50 visits). The former one keeps all that was said of it and
 * says under which number it goes on; patients are never joined by it ⚠ (HL7-RULES §6). A36 does
 * the same of an account beside its patients.
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

    /**
     * Former numbers, each with the one it goes on as; a patient without any is refused.
     *
     * @param prior the MRG of this patient
     * @param visits the PV1 of this patient
     */
    static List<VisitStatement> read(
            String trigger, Line pid, List<Line> prior, List<Line> visits, Reader reader) {
        boolean accounts = OF_ACCOUNTS.contains(trigger);
        var statements = new ArrayList<VisitStatement>();
        for (int i = 0; i < prior.size(); i++) {
            var mrg = prior.get(i);
            int end = i + 1 < prior.size() ? prior.get(i + 1).index() : Integer.MAX_VALUE;
            var now = accounts ? pid : behind(mrg, end, visits);
            var statement = now == null ? null : former(accounts, mrg, now, reader);
            if (statement != null) statements.add(statement);
        }
        if (statements.isEmpty())
            reader.findings.error(
                    (prior.isEmpty() ? Location.of("MRG", 1) : prior.getFirst().location())
                            .field(accounts ? 3 : 5),
                    ErrorCode.REQUIRED_MISSING,
                    "prior-number-missing",
                    accounts
                            ? "MRG-3 must hold the former account, and PID-18 another one in its"
                                    + " place."
                            : "MRG-5 must hold the former visit number, and PV1-19 another one in"
                                    + " its place.");
        return statements;
    }

    /** That of the account of MRG-3, which goes on as PID-18; null where they name no two. */
    static @Nullable VisitStatement formerAccount(Line mrg, Line pid, Reader reader) {
        return former(true, mrg, pid, reader);
    }

    private static @Nullable VisitStatement former(
            boolean accounts, Line mrg, Line now, Reader reader) {
        var kind = accounts ? VisitKey.Kind.ACCOUNT : VisitKey.Kind.VISIT;
        var later = new FieldReader(reader, now, false).number(accounts ? 18 : 19);
        int mark = reader.mark();
        reader.trigger(); // says which number, for what explains the value
        var before = new FieldReader(reader, mrg, false).number(accounts ? 3 : 5);
        if (before == null || before.isEmpty() || later == null || later.isEmpty()) return null;
        var from =
                reader.made(
                        Rule.VISIT_NUMBER,
                        mark,
                        new VisitKey(kind, before.system(), before.text()));
        if (from.equals(new VisitKey(kind, later.system(), later.text()))) return null;
        var fields = new EnumMap<VisitField, FieldValue>(VisitField.class);
        fields.put(VisitField.GOES_ON_AS, later);
        return new VisitStatement(from, Paths.of(mrg, mrg), VisitEvent.RENUMBER, fields);
    }

    /** The PV1 behind this MRG and before the next; else the only one there is. */
    private static @Nullable Line behind(Line mrg, int end, List<Line> visits) {
        for (var visit : visits)
            if (visit.index() > mrg.index() && visit.index() < end) return visit;
        return visits.size() == 1 ? visits.getFirst() : null;
    }
}
