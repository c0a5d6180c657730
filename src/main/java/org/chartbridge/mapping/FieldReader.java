package org.chartbridge.mapping;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;

/**
 * Reads fields of one segment as statements: a value, a deletion ({@code ""}), or nothing said,
 * which is null. An empty field says nothing unless the partner's {@code empty: clear} makes it a
 * deletion.
 */
final class FieldReader {

    /** Characters of a field that is shown in one line; real ones have far fewer. */
    static final int MAX_TEXT_CHARACTERS = 1_000;

    final Reader reader;
    final Line line;
    private final boolean clear;

    FieldReader(Reader reader, Line line, boolean clear) {
        this.reader = reader;
        this.line = line;
        this.clear = clear;
    }

    /** Whether something stands in the field, be it {@code ""}. */
    boolean isSent(int field) {
        return reader.repetitions(line, field) > 0;
    }

    /** Whether the field as a whole is {@code ""}. */
    boolean isDeleted(int field) {
        return isNull(reader.value(line, field, 1, 0, 0));
    }

    static boolean isNull(String value) {
        return value.strip().equals(Message.NULL);
    }

    /**
     * A text: the first component of the first repetition, whole. An ampersand that its sender did
     * not escape is one of its letters: Nausea &amp; vomiting.
     */
    @Nullable FieldValue text(int field) {
        return reader.maybe(Rule.FIELD, reader.mark(), sentPart(field, 1, 1, 0));
    }

    /** The first subcomponent of a component that has some, as names and codes have. */
    @Nullable FieldValue component(int field, int repetition, int component) {
        return reader.maybe(Rule.FIELD, reader.mark(), sentPart(field, repetition, component, 1));
    }

    private @Nullable FieldValue sentPart(
            int field, int repetition, int component, int subcomponent) {
        var path = path(field, repetition, component);
        if (isDeleted(field)) return FieldValue.deleted(path(field, 1, 0));
        var value = reader.value(line, field, repetition, component, subcomponent);
        if (isNull(value)) return FieldValue.deleted(path);
        var text = bounded(field, repetition, component, value.strip());
        if (!text.isEmpty())
            return FieldValue.of(text, component == 1 ? path(field, repetition, 0) : path);
        return clear ? FieldValue.deleted(path) : null;
    }

    /** A CE, CWE, IS or ID; of several repetitions all words and the first code. */
    @Nullable FieldValue coded(int field) {
        return reader.maybe(Rule.CODED_FIELD, reader.mark(), sentCode(field));
    }

    private @Nullable FieldValue sentCode(int field) {
        var path = path(field, 1, 0);
        if (isDeleted(field)) return FieldValue.deleted(path);
        var words = new LinkedHashSet<String>();
        var code = "";
        var system = "";
        for (int i = 1; i <= reader.repetitions(line, field); i++) {
            var concept = reader.concept(line, field, i);
            var word = Reader.firstSaid(concept.text(), concept.code());
            if (!word.isEmpty()) words.add(word);
            if (code.isEmpty() && !concept.code().isEmpty()) {
                code = concept.code();
                system = concept.system();
            }
        }
        if (words.isEmpty()) return clear ? FieldValue.deleted(path) : null;
        return new FieldValue(
                bounded(field, String.join(", ", words)), bounded(field, code), system, path);
    }

    /** A time: as sent, and the instant where it is one. */
    @Nullable FieldValue time(int field) {
        return time(field, 1);
    }

    @Nullable FieldValue time(int field, int component) {
        return reader.maybe(Rule.TIME, reader.mark(), sentTime(field, component));
    }

    private @Nullable FieldValue sentTime(int field, int component) {
        var path = path(field, 1, component == 1 ? 0 : component);
        if (isDeleted(field)) return FieldValue.deleted(path);
        var time = reader.time(line, field, component);
        if (time.asSent().isEmpty()) return null;
        return new FieldValue(
                bounded(field, 1, 1, time.asSent()),
                time.instant() == null ? "" : time.instant().toString(),
                "",
                path);
    }

    /** An XCN: the first provider who has a number or a name. */
    @Nullable FieldValue provider(int field) {
        return reader.maybe(Rule.PROVIDER, reader.mark(), sentProvider(field));
    }

    private @Nullable FieldValue sentProvider(int field) {
        var path = path(field, 1, 0);
        if (isDeleted(field)) return FieldValue.deleted(path);
        for (int i = 1; i <= reader.repetitions(line, field); i++) {
            var number = reader.text(line, field, i, 1);
            var family = reader.text(line, field, i, 2, 1);
            var given = reader.text(line, field, i, 3);
            var name = Reader.joined(", ", family, given);
            if (number.isEmpty() && name.isEmpty()) continue;
            var authority =
                    Reader.firstSaid(
                            reader.text(line, field, i, 9, 1),
                            reader.text(line, field, i, 9, 2),
                            reader.partner.folder());
            return new FieldValue(
                    bounded(field, i, name.isEmpty() ? 1 : 2, Reader.firstSaid(name, number)),
                    bounded(field, i, 1, number),
                    bounded(field, i, 9, authority),
                    path(field, i, 0));
        }
        return clear ? FieldValue.deleted(path) : null;
    }

    /** A PL: point of care, room, bed, facility in one line; as sent behind it. */
    @Nullable FieldValue location(int field) {
        return reader.maybe(Rule.LOCATION, reader.mark(), sentLocation(field));
    }

    private @Nullable FieldValue sentLocation(int field) {
        var path = path(field, 1, 0);
        if (isDeleted(field)) return FieldValue.deleted(path);
        var parts = new ArrayList<String>();
        for (int component : new int[] {1, 2, 3, 7, 8, 4, 9}) {
            var part =
                    component == 4
                            ? Reader.firstSaid(
                                    reader.text(line, field, 1, 4, 1),
                                    reader.text(line, field, 1, 4, 2))
                            : reader.text(line, field, 1, component, 1);
            if (!part.isEmpty() && !parts.contains(part)) parts.add(part);
        }
        if (parts.isEmpty()) return null;
        return new FieldValue(
                bounded(field, String.join(" · ", parts)),
                bounded(field, reader.text(line, field)),
                "",
                path);
    }

    /** A CX: the number, and who gave it. */
    @Nullable FieldValue number(int field) {
        return reader.maybe(Rule.NUMBER, reader.mark(), sentNumber(field));
    }

    private @Nullable FieldValue sentNumber(int field) {
        var path = path(field, 1, 0);
        if (isDeleted(field)) return FieldValue.deleted(path);
        var number = reader.text(line, field, 1);
        if (number.isEmpty()) return null;
        return new FieldValue(
                reader.key(line, field, 1, 1, number),
                "",
                reader.key(line, field, 1, 4, authority(field)),
                path);
    }

    /** CX.4, else the partner. */
    String authority(int field) {
        return Reader.firstSaid(
                reader.text(line, field, 1, 4, 1),
                reader.text(line, field, 1, 4, 2),
                reader.partner.folder());
    }

    /** A value that is shown; refused when it is longer than any real one. */
    String bounded(int field, String text) {
        return bounded(field, 1, 0, text);
    }

    /**
     * The same, of one component.
     *
     * @param component 0 for the repetition as a whole
     */
    String bounded(int field, int repetition, int component, String text) {
        if (text.length() <= MAX_TEXT_CHARACTERS) return text;
        reader.findings.error(
                reader.place(line, field, repetition, component),
                ErrorCode.DATA_TYPE,
                "value-too-long",
                "A value here may have at most " + MAX_TEXT_CHARACTERS + " characters.");
        return text.substring(0, MAX_TEXT_CHARACTERS);
    }

    /**
     * Where something stands, for example {@code PID-11.3}.
     *
     * @param component 0 for the field as a whole
     */
    String path(int field, int repetition, int component) {
        var place =
                line.ordinal() == 1 ? line.segment() : line.segment() + "[" + line.ordinal() + "]";
        return place
                + "-"
                + field
                + (repetition > 1 ? "[" + repetition + "]" : "")
                + (component > 0 ? "." + component : "");
    }
}
