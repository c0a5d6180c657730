package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.hl7.Line;
import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What keeps an order from being done, as its filler says: payment, a missing Advance Beneficiary
 * Notice, a question of order entry, the specimen (HL7-RULES §5). Laboratories say it in words
 * (ORC-16, ORC-25, NTE) more often than by a code (SPM-21, table 0490; ORC-20, table 0339).
 *
 * <p>Words count only where the order is held, refused or cancelled: "payment received" beside an
 * accepted order is no hindrance.
 */
final class Hindrances {
    /** Where an order stands that somebody has to look after. */
    private static final Set<String> STOPPED = Set.of("on-hold", "refused", "cancelled");

    private static final Map<String, Pattern> KINDS = new LinkedHashMap<>();

    static {
        kind(
                "specimen",
                "(specimen|sample|tube|container).*(reject|unaccept|insufficient|h(a)?emoly[sz]|"
                        + "clotted|leak|broken|unlabel|mislabel|not received|lost|contamin)"
                        + "|(reject|unaccept|insufficient).*(specimen|sample|tube|container)"
                        + "|re-?collect|re-?draw|\\bqns\\b|quantity not sufficient");
        kind("abn", "\\babn\\b|advanced? beneficiary|medical necessity");
        kind(
                "aoe",
                "\\baoe\\b|order entry question|(asked|ask) (at|on) order entry"
                        + "|clinical (information|question)");
        kind(
                "payment",
                "pre-?pay|payment|credit hold|account (on )?hold|past due|balance due|self[- ]pay");
    }

    private Hindrances() {}

    private static void kind(String name, String words) {
        KINDS.put(name, Pattern.compile(words));
    }

    /**
     * What keeps the filler from going on.
     *
     * @param control the filler's ORC
     * @param state of the order, as this ORC says
     * @return the kind as code, {@code ""} for another one, and the filler's words; null when
     *     nothing hinders
     */
    static @Nullable FieldValue read(
            Line control, @Nullable Line specimen, List<Line> notes, String state, Reader reader) {
        int mark = reader.mark();
        if (reader.recorder != null) reader.recorder.again(state);
        boolean stopped = STOPPED.contains(state);
        if (specimen != null) {
            var rejected = words(specimen, 21, reader);
            if (!rejected.isEmpty()) return value("specimen", rejected, specimen, 21, mark, reader);
        }
        var reason = words(control, 16, reader);
        var modifier = words(control, 25, reader);
        var said = reason.isEmpty() ? modifier : reason;
        int field = reason.isEmpty() ? 25 : 16;
        if (reader.text(control, 20, 1).equals("4"))
            return said.isEmpty()
                    ? value(
                            "abn",
                            "no Advance Beneficiary Notice is signed",
                            control,
                            20,
                            mark,
                            reader)
                    : value("abn", said, control, field, mark, reader);
        if (!stopped) return null;
        var kind = kind(said);
        if (!kind.isEmpty()) return value(kind, said, control, field, mark, reader);
        for (var note : notes) {
            var text = reader.text(note, 3);
            kind = kind(text);
            if (!kind.isEmpty()) return value(kind, text, note, 3, mark, reader);
            if (said.isEmpty() && !text.isEmpty()) return value("", text, note, 3, mark, reader);
        }
        return said.isEmpty() ? null : value("", said, control, field, mark, reader);
    }

    /** The text of a coded field, else its code. */
    private static String words(Line line, int field, Reader reader) {
        return Reader.firstSaid(
                reader.text(line, field, 1, 2, 1),
                reader.text(line, field, 1, 9, 1),
                reader.text(line, field, 1, 1, 1));
    }

    private static String kind(String words) {
        var text = words.toLowerCase(Locale.ROOT);
        for (var kind : KINDS.entrySet())
            if (kind.getValue().matcher(text).find()) return kind.getKey();
        return "";
    }

    private static FieldValue value(
            String kind, String words, Line line, int field, int mark, Reader reader) {
        var text =
                words.length() <= Reader.MAX_KEY_CHARACTERS
                        ? words
                        : words.substring(0, Reader.MAX_KEY_CHARACTERS - 1) + "…";
        return reader.made(
                Rule.HINDRANCE,
                mark,
                new FieldValue(text, kind, "", OrderNumbers.path(line, field)));
    }
}
