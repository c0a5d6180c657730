package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.chart.NumberedAllergies;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads allergies. AL1 is the sender's whole list; IAM adds, updates and deletes single entries
 * (IAM-6, table 0323: A, U, D; X changes nothing), which it knows by IAM-7 where it sends that. "No
 * known allergies" is no allergy.
 */
final class AllergyReader {
    /** ⚠ Counted anew in each message, it would take back what it stood for in another one. */
    private static final Pattern COUNT = Pattern.compile("0*[0-9]{1,2}");

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
            var fields = fields(read, substance, false);
            ListReader.put(fields, ItemField.BEGAN, read.time(6));
            add(list, read, ListReader.key(substance), fields);
        }
        list.finish(false, statements);
    }

    /** Two entries of one allergy are one, with what both say. */
    private static void add(
            ListReader list, FieldReader read, String key, Map<ItemField, FieldValue> fields) {
        var before = list.last(key);
        list.add(read.line, key, false, fields);
        if (before == null || before.removed()) return;
        var second = list.last(key);
        if (second != null) list.join(before, second, SameAllergy.of(before, second, read));
    }

    private static void changes(List<Line> lines, Reader reader, List<ListStatement> statements) {
        if (lines.isEmpty()) return;
        var list = new ListReader(ListKind.ALLERGY, reader, lines, false);
        var numbers = new HashMap<String, Set<String>>();
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
            var status = read.coded(17);
            boolean removed = action.equals("D") || isErroneous(status);
            var number = number(line, reader);
            if (substance == null) {
                if (!removed || number.isEmpty())
                    list.unreadable(line, 3, "IAM-3 must say what the allergy is to.");
                else mark(list, line, NumberedAllergies.deleted(number, ""));
                continue;
            }
            var key = ListReader.key(substance);
            var its = ListReader.bounded(key);
            if (removed && !number.isEmpty())
                mark(list, line, NumberedAllergies.deleted(number, its));
            if (isNone(substance)) {
                if (!removed) list.noneKnown(substance);
                continue;
            }
            var fields = fields(read, substance, !number.isEmpty());
            ListReader.put(fields, ItemField.BEGAN, read.time(11));
            ListReader.put(fields, ItemField.CLINICAL_STATUS, status);
            var saidUnder = numbers.computeIfAbsent(its, _ -> new HashSet<>());
            if (removed) {
                if (number.isEmpty()) {
                    for (var one : saidUnder) list.drop(NumberedAllergies.said(one, its));
                    saidUnder.clear();
                    mark(list, line, NumberedAllergies.deleted(its));
                }
                saidUnder.remove(number);
                // ⚠ What the message says of it under another number stays.
                if (saidUnder.isEmpty()) list.add(line, key, true, fields);
                continue;
            }
            boolean isCorrection = action.equals("U") && saidUnder.contains(number);
            if (isCorrection) list.drop(its);
            add(list, read, key, fields);
            if (number.isEmpty()) continue;
            saidUnder.add(number);
            list.drop(NumberedAllergies.deleted(number, its));
            list.drop(NumberedAllergies.deleted(number, ""));
            mark(list, line, NumberedAllergies.said(number, its));
            if (action.equals("U")) mark(list, line, NumberedAllergies.updated(number, its));
        }
        list.finish(false, statements);
    }

    private static void mark(ListReader list, Line line, String key) {
        list.add(line, key, true, ListReader.fields());
    }

    /**
     * IAM-7, by which its sender knows the entry whatever it says of it; empty for none, and for
     * what is rather the place in the message.
     */
    private static String number(Line line, Reader reader) {
        var sent = OrderNumbers.read(line, 7, reader);
        return PatientIdentifiers.isNoNumber(sent.split("\\^", 2)[0])
                        || COUNT.matcher(sent).matches()
                ? ""
                : sent;
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

    /**
     * @param numbered whether its sender knows the entry by IAM-7
     */
    private static Map<ItemField, FieldValue> fields(
            FieldReader read, FieldValue substance, boolean numbered) {
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
        if (read.isDeleted(5))
            fields.put(
                    ItemField.REACTION,
                    read.reader.made(Rule.JOINED, mark, FieldValue.deleted(read.path(5, 1, 0))));
        else if (!reactions.isEmpty())
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
        if (numbered) supporting.number("", read.line, 7);
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
