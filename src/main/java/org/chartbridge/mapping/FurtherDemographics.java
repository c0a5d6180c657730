package org.chartbridge.mapping;

import org.chartbridge.chart.DemographicField;
import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.Repetitions;
import org.chartbridge.hl7.Line;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads what PID says beside the name, the address and the numbers that are shown first, and what
 * few senders say: religion, mother's name, birth place, numbers of other offices.
 *
 * <p>Nothing is stated where nothing further was sent: that there is no other name any more follows
 * from the later word on the name ({@link DemographicField}).
 */
final class FurtherDemographics {
    private static final int BIRTH_PLACE = 23;
    private static final int CITIZENSHIP = 26;
    private static final int NUMBERS = 40;

    /** XPN.15, and XAD.19. */
    private static final int CALLED_BY = 15;

    private static final int ADDRESSEE = 19;

    private final Reader reader;
    private final Line pid;
    private final FieldReader read;
    private final Map<DemographicField, FieldValue> fields;

    FurtherDemographics(
            Reader reader, Line pid, FieldReader read, Map<DemographicField, FieldValue> fields) {
        this.reader = reader;
        this.pid = pid;
        this.read = read;
        this.fields = fields;
    }

    void read() {
        names();
        addressFurther();
        addresses();
        numbers();
        put(DemographicField.COUNTY, county());
        put(DemographicField.MOTHERS_NAME, read.component(6, 1, 1));
        put(DemographicField.RELIGION, read.coded(17));
        put(DemographicField.SOCIAL_SECURITY, read.text(19));
        put(DemographicField.LICENCE, read.text(20));
        put(DemographicField.BIRTH_PLACE, read.text(BIRTH_PLACE));
        put(DemographicField.CITIZENSHIP, read.coded(CITIZENSHIP));
    }

    private void put(DemographicField field, @Nullable FieldValue value) {
        if (value != null) fields.put(field, value);
    }

    // ------------------------------------------------------------ names

    private void names() {
        int mark = reader.mark();
        int chosen = DemographicsReader.chosen(reader, pid, 5, "L");
        var called = part(5, chosen, CALLED_BY);
        if (called.isEmpty() && reader.repetitions(pid, 5) < 2 && reader.repetitions(pid, 9) == 0)
            return;
        var codes = new ArrayList<String>();
        var words = new ArrayList<String>();
        called(called, codes, words);
        for (int field : new int[] {5, 9})
            for (int i = 1; i <= reader.repetitions(pid, field); i++)
                if (field == 9 || i != chosen) name(field, i, codes, words);
        several(DemographicField.OTHER_NAMES, 5, mark, codes, words);
    }

    private void name(int field, int repetition, List<String> codes, List<String> words) {
        var parts = new ArrayList<String>();
        parts.add(part(field, repetition, 7));
        for (int component = 1; component <= 5; component++)
            parts.add(part(field, repetition, component));
        var name = Reader.joined(", ", parts.get(1), parts.get(2));
        if (name.isEmpty()) return;
        codes.add(Repetitions.join(parts));
        words.add(name);
        called(part(field, repetition, CALLED_BY), codes, words);
    }

    /** What somebody is called by is a nickname of its own. */
    private static void called(String called, List<String> codes, List<String> words) {
        if (called.isEmpty()) return;
        codes.add(Repetitions.join(List.of("N", "", called)));
        words.add(called);
    }

    // ------------------------------------------------------------ addresses

    /** XAD-7, XAD-1.2, XAD-1.3 and XAD-19 of the address in front. */
    private void addressFurther() {
        if (!read.isSent(11)) return;
        int mark = reader.mark();
        int chosen = DemographicsReader.chosen(reader, pid, 11, "H");
        var parts =
                List.of(
                        part(11, chosen, 7),
                        part(reader.text(pid, 11, chosen, 1, 2)),
                        part(reader.text(pid, 11, chosen, 1, 3)),
                        part(11, chosen, ADDRESSEE));
        var words = Reader.joined(", ", parts.toArray(String[]::new));
        if (words.isEmpty()) return;
        fields.put(
                DemographicField.ADDRESS_FURTHER,
                reader.made(
                        Rule.ADDRESS_FURTHER,
                        mark,
                        new FieldValue(
                                read.bounded(11, chosen, 0, words),
                                read.bounded(11, chosen, 0, Repetitions.join(parts)),
                                "",
                                read.path(11, chosen, 0))));
    }

    private void addresses() {
        if (reader.repetitions(pid, 11) < 2) return;
        int mark = reader.mark();
        int chosen = DemographicsReader.chosen(reader, pid, 11, "H");
        var codes = new ArrayList<String>();
        var words = new ArrayList<String>();
        for (int i = 1; i <= reader.repetitions(pid, 11); i++) {
            if (i == chosen) continue;
            var parts = new ArrayList<String>();
            parts.add(part(11, i, 7));
            for (int component = 1; component <= 6; component++) parts.add(part(11, i, component));
            parts.add(part(11, i, 9));
            var line =
                    Reader.joined(
                            ", ",
                            parts.get(1),
                            parts.get(2),
                            parts.get(3),
                            Reader.joined(" ", parts.get(4), parts.get(5)),
                            parts.get(6));
            if (line.isEmpty()) continue;
            codes.add(Repetitions.join(parts));
            words.add(line);
        }
        several(DemographicField.OTHER_ADDRESSES, 11, mark, codes, words);
    }

    private @Nullable FieldValue county() {
        return reader.maybe(Rule.COUNTY, reader.mark(), sentCounty());
    }

    private @Nullable FieldValue sentCounty() {
        if (!read.isSent(11) && !read.isSent(12)) return null;
        int chosen = DemographicsReader.chosen(reader, pid, 11, "H");
        var county = reader.text(pid, 11, chosen, 9, 1);
        if (!county.isEmpty())
            return FieldValue.of(read.bounded(11, chosen, 9, county), read.path(11, chosen, 9));
        var old = reader.text(pid, 12, 1);
        return old.isEmpty() ? null : FieldValue.of(read.bounded(12, old), "PID-12");
    }

    // ------------------------------------------------------------ numbers

    private void numbers() {
        int shown = reader.repetitions(pid, 13) + reader.repetitions(pid, 14);
        if (shown < 2 && reader.repetitions(pid, NUMBERS) == 0) return;
        int mark = reader.mark();
        var codes = new ArrayList<String>();
        var words = new ArrayList<String>();
        for (int field : new int[] {13, 14, NUMBERS})
            for (int i = 1; i <= reader.repetitions(pid, field); i++)
                number(field, i, codes, words);
        several(DemographicField.OTHER_NUMBERS, 13, mark, codes, words);
    }

    private void number(int field, int repetition, List<String> codes, List<String> words) {
        var address = reader.text(pid, field, repetition, 4);
        var number = DemographicsReader.number(reader, pid, field, repetition);
        boolean mail = address.contains("@") || number.contains("@");
        var value = address.contains("@") ? address : number;
        // Read of those in front, too: which one that is depends on it.
        var use = reader.text(pid, field, repetition, 2);
        var equipment = reader.text(pid, field, repetition, 3);
        if (value.isEmpty() || isShown(field, repetition, mail)) return;
        var system = mail ? "email" : equipment.equals("FX") || use.equals("WFX") ? "fax" : "phone";
        codes.add(Repetitions.join(List.of(system, use(field, use, equipment), part(value))));
        words.add(value);
    }

    /** Whether it stands in front: the first of its kind, or the first number at work. */
    private boolean isShown(int field, int repetition, boolean mail) {
        if (field == 14 && repetition == 1) return !mail;
        var path = read.path(field, repetition, 0);
        for (var shown :
                new DemographicField[] {
                    DemographicField.PHONE, DemographicField.MOBILE, DemographicField.EMAIL
                }) {
            var value = fields.get(shown);
            if (value != null && value.path().equals(path) && !value.isEmpty()) return true;
        }
        return false;
    }

    /** Tables 0201 and 0202 in FHIR's words. */
    private static String use(int field, String use, String equipment) {
        if (equipment.equals("CP")) return "mobile";
        return switch (use) {
            case "PRN", "ORN", "VHN" -> "home";
            case "WPN", "WFX" -> "work";
            case "PRS" -> "mobile";
            default -> field == 14 ? "work" : "";
        };
    }

    // ------------------------------------------------------------ parts

    private String part(int field, int repetition, int component) {
        return part(reader.text(pid, field, repetition, component, 1));
    }

    private String part(String text) {
        var part = Repetitions.part(text);
        return part.equals(text) ? text : reader.made(Rule.OTHERS, reader.mark(), part, text);
    }

    private void several(
            DemographicField field, int number, int mark, List<String> codes, List<String> words) {
        if (codes.isEmpty()) return;
        fields.put(
                field,
                reader.made(
                        Rule.OTHERS,
                        mark,
                        new FieldValue(
                                read.bounded(number, String.join("; ", words)),
                                read.bounded(number, Repetitions.all(codes)),
                                "",
                                read.path(number, 1, 0))));
    }
}
