package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads allergies. AL1 is the sender's whole list; IAM adds, updates and deletes single entries
 * (IAM-6, table 0323: A, U, D; X changes nothing). "No known allergies" is no allergy.
 */
final class AllergyReader {
    private static final Set<String> NONE_KNOWN_CODES =
            Set.of(
                    "716186003", // no known allergy
                    "409137002", // no known drug allergy
                    "428607008", // no known environmental allergy
                    "429625007", // no known food allergy
                    "160244002", // no known allergies (former)
                    "NKA",
                    "NKDA",
                    "NKFA");

    /** The whole text: what goes on after it may be an allergy ⚠. */
    private static final Pattern NONE_KNOWN =
            Pattern.compile(
                    "(NKD?A|NKFA|NONE( KNOWN)?|NO ALLERG(Y|IES)( KNOWN)?"
                            + "|NO KNOWN ([A-Z]+ )?ALLERG(Y|IES)"
                            + "( TO (DRUGS?|MEDICATIONS?|MEDICINES?|FOODS?))?)"
                            + "( (REPORTED|ON FILE|ON RECORD|AT THIS TIME))?"
                            + "( ?\\((NKD?A|NKFA|SITUATION|FINDING|DISORDER)\\))?[.!]?");

    /** What a code that says none takes back in its text ⚠. */
    private static final Pattern EXCEPTED =
            Pattern.compile("\\b(EXCEPT|EXCEPTING|BUT|SAVE|OTHER THAN|APART FROM|ASIDE FROM)\\b|;");

    private AllergyReader() {}

    static void read(Message message, Reader reader, List<ListStatement> statements) {
        whole(message.lines("AL1"), reader, statements);
        changes(message.lines("IAM"), reader, statements);
    }

    /**
     * The same beside an order or a referral, where AL1 is seldom the whole list: what it names is
     * added, and nothing is taken away ⚠.
     */
    static void beside(Message message, Reader reader, List<ListStatement> statements) {
        named(message.lines("AL1"), false, reader, statements);
    }

    private static void whole(List<Line> lines, Reader reader, List<ListStatement> statements) {
        named(lines, true, reader, statements);
    }

    private static void named(
            List<Line> lines, boolean whole, Reader reader, List<ListStatement> statements) {
        if (lines.isEmpty()) return;
        var list = new ListReader(ListKind.ALLERGY, reader, lines, whole);
        for (var line : lines) {
            if (whole ? list.empties(line, 1, 3) : saysNothing(line, reader)) continue;
            var read = new FieldReader(reader, line, false);
            var substance = read.coded(3);
            if (substance == null) {
                list.unreadable(
                        line,
                        3,
                        "AL1-3 must say what the allergy is to; this one is not charted, and none"
                                + " is taken away.");
                continue;
            }
            if (isNone(substance)) {
                if (whole) list.noneKnown(substance);
                continue;
            }
            var fields = fields(read, substance);
            ListReader.put(fields, ItemField.BEGAN, read.time(6));
            list.add(line, ListReader.key(substance), false, fields);
        }
        list.finish(false, statements);
    }

    private static void changes(List<Line> lines, Reader reader, List<ListStatement> statements) {
        if (lines.isEmpty()) return;
        var list = new ListReader(ListKind.ALLERGY, reader, lines, false);
        for (var line : lines) {
            if (list.empties(line, 1, 3)) continue;
            var read = new FieldReader(reader, line, false);
            var action = reader.text(line, 6, 1).toUpperCase(Locale.ROOT);
            if (action.equals("X")) continue;
            if (!action.isEmpty() && !Set.of("A", "U", "D").contains(action)) {
                reader.findings.error(
                        reader.place(line, 6, 1, 1),
                        ErrorCode.TABLE_VALUE,
                        "allergy-action-unknown",
                        "IAM-6 must be A, U, D or X (table 0323).");
                continue;
            }
            var substance = read.coded(3);
            if (substance == null) {
                list.unreadable(line, 3, "IAM-3 must say what the allergy is to.");
                continue;
            }
            var status = read.coded(17);
            boolean removed = action.equals("D") || isErroneous(status);
            if (isNone(substance)) {
                if (!removed) list.noneKnown(substance);
                continue;
            }
            var fields = fields(read, substance);
            ListReader.put(fields, ItemField.BEGAN, read.time(11));
            ListReader.put(fields, ItemField.CLINICAL_STATUS, status);
            list.add(line, ListReader.key(substance), removed, fields);
        }
        list.finish(false, statements);
    }

    /** IAM-17 E, table 0438; the words where no code is sent. */
    private static boolean isErroneous(@Nullable FieldValue status) {
        return status != null
                && (status.code().equalsIgnoreCase("E")
                        || (status.code().isEmpty()
                                && status.text().equalsIgnoreCase("erroneous")));
    }

    /** Beside an order {@code ""} empties nothing, and an AL1 without a substance is no fault. */
    private static boolean saysNothing(Line line, Reader reader) {
        return reader.text(line, 3, 1).isEmpty() && reader.text(line, 3, 2).isEmpty();
    }

    private static Map<ItemField, FieldValue> fields(FieldReader read, FieldValue substance) {
        var fields = ListReader.fields();
        fields.put(ItemField.CODE, substance);
        ListReader.put(fields, ItemField.TYPE, read.coded(2));
        ListReader.put(fields, ItemField.SEVERITY, read.coded(4));
        int mark = read.reader.mark();
        var reactions = new ArrayList<String>();
        for (int i = 1; i <= read.reader.repetitions(read.line, 5); i++) {
            var reaction = read.reader.text(read.line, 5, i, 0);
            if (!reaction.isEmpty()) reactions.add(reaction);
        }
        if (!reactions.isEmpty())
            fields.put(
                    ItemField.REACTION,
                    read.reader.made(
                            Rule.JOINED,
                            mark,
                            FieldValue.of(
                                    read.bounded(5, String.join("; ", reactions)),
                                    read.path(5, 1, 0))));
        var supporting = new SupportingReader(read.reader);
        supporting.alternates(read.line, 3, substance);
        supporting.put(fields);
        return fields;
    }

    private static boolean isNone(FieldValue substance) {
        var text = substance.text().strip().replaceAll("\\s+", " ").toUpperCase(Locale.ROOT);
        return NONE_KNOWN_CODES.contains(substance.code().toUpperCase(Locale.ROOT))
                ? !EXCEPTED.matcher(text).find()
                : NONE_KNOWN.matcher(text).matches();
    }
}
