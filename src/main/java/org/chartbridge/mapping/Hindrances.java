package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
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

    /** ORC-1 by which a filler says that it can't do what was asked: it may say why. */
    private static final Set<String> REFUSES = Set.of("UC", "UD", "UH", "UR", "UX", "UM");

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
        var found =
                found(
                        control,
                        specimen,
                        notes,
                        state,
                        (line, field, component) ->
                                reader.text(line, field, 1, component, Math.min(component, 1)));
        return found == null
                ? null
                : reader.made(
                        Rule.HINDRANCE,
                        mark,
                        new FieldValue(
                                found.words(),
                                found.kind(),
                                "",
                                OrderNumbers.path(found.line(), found.field())));
    }

    /**
     * Reads the first subcomponent of a component of the first repetition, or of component 0 all of
     * it; "" for what is not there.
     */
    interface Texts {
        String text(Line line, int field, int component);
    }

    /**
     * A hindrance and where it is said.
     *
     * @param kind as {@link FieldValue#code}; empty for another one
     * @param words of the filler, for people
     */
    record Found(String kind, String words, Line line, int field) {
        Found {
            words = bounded(words);
        }

        /** The kind only: words are about a patient's order. */
        @Override
        public String toString() {
            return "Found[" + kind + "]";
        }
    }

    static String bounded(String words) {
        return words.length() <= Reader.MAX_KEY_CHARACTERS
                ? words
                : words.substring(0, Reader.MAX_KEY_CHARACTERS - 1) + "…";
    }

    /** The same of what is no message of its own; null when nothing hinders. */
    static @Nullable Found found(
            Line control, @Nullable Line specimen, List<Line> notes, String state, Texts texts) {
        if (specimen != null) {
            var rejected = words(specimen, 21, texts);
            if (!rejected.isEmpty()) return new Found("specimen", rejected, specimen, 21);
        }
        var reason = words(control, 16, texts);
        var modifier = words(control, 25, texts);
        var said = reason.isEmpty() ? modifier : reason;
        int field = reason.isEmpty() ? 25 : 16;
        if (texts.text(control, 20, 1).equals("4"))
            return said.isEmpty()
                    ? new Found("abn", "no Advance Beneficiary Notice is signed", control, 20)
                    : new Found("abn", said, control, field);
        if (!STOPPED.contains(state) && !REFUSES.contains(texts.text(control, 1, 1))) return null;
        var kind = kind(said);
        if (!kind.isEmpty()) return new Found(kind, said, control, field);
        for (var note : notes) {
            var text = texts.text(note, 3, 0);
            kind = kind(text);
            if (!kind.isEmpty()) return new Found(kind, text, note, 3);
            if (said.isEmpty() && !text.isEmpty()) return new Found("", text, note, 3);
        }
        return said.isEmpty() ? null : new Found("", said, control, field);
    }

    /** The notes of a message about a referral itself: not those below its requests and OBX. */
    static List<Line> ofReferral(Message message) {
        var notes = new ArrayList<Line>();
        boolean below = false;
        for (var line : message.lines()) {
            boolean note = line.segment().equals("NTE");
            if (!note) below = Set.of("OBR", "OBX").contains(line.segment());
            else if (!below) notes.add(line);
        }
        return notes;
    }

    /** Whether a referral stands so that whoever it was sent to may say why. */
    static boolean saysWhy(String state) {
        return Set.of("rejected", "expired", "cancelled").contains(state);
    }

    /** The text of a coded field, else its code. */
    private static String words(Line line, int field, Texts texts) {
        return Reader.firstSaid(
                texts.text(line, field, 2), texts.text(line, field, 9), texts.text(line, field, 1));
    }

    private static String kind(String words) {
        var text = words.toLowerCase(Locale.ROOT);
        for (var kind : KINDS.entrySet())
            if (kind.getValue().matcher(text).find()) return kind.getKey();
        return "";
    }
}
