package org.chartbridge.mapping;

import org.chartbridge.chart.RecordKey;
import org.chartbridge.hl7.Line;
import org.chartbridge.partner.Partner.PatientIds;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The identifiers of a patient in PID-3, PID-2 and PID-4, and which of them names the record: of
 * the fields in the partner's {@code patient-ids} the first that holds one, else PID-3, else PID-2,
 * else PID-4; within a field the first of type MR, else PI, else the first. Where none of the three
 * holds one, the social security number does (PID-19), which old systems send alone.
 *
 * <p>What {@code patient-ids} calls per-order is no identifier of a patient and is left out, and so
 * is what only stands for one ({@code UNKNOWN}, {@code 0}).
 */
final class PatientIdentifiers {
    private static final List<String> PREFERRED_TYPES = List.of("MR", "PI");

    /** What PID-19 is; table 0203. */
    private static final PatientIds SOCIAL_SECURITY = new PatientIds(19, "", "SS", false);

    /** An identifier and where it stood. */
    record Sent(RecordKey key, int field, String path) {}

    private final Reader reader;
    private final List<Sent> all = new ArrayList<>();

    PatientIdentifiers(Reader reader, Line line) {
        this.reader = reader;
        int list = reader.repetitions(line, 3);
        for (int i = 1; i <= list; i++) add(line, 3, i, i == 1 ? "PID-3" : "PID-3[" + i + "]");
        add(line, 2, 1, "PID-2");
        add(line, 4, 1, "PID-4");
        if (all.isEmpty() && !isPlaceholder(reader.text(line, 19, 1))) add(line, 19, 1, "PID-19");
    }

    /** One digit throughout (999-99-9999) stands for a number that nobody asked for. */
    private static boolean isPlaceholder(String number) {
        var digits = number.replaceAll("[^0-9]", "");
        return digits.isEmpty() || digits.chars().allMatch(digit -> digit == digits.charAt(0));
    }

    /** What senders write who have no number; letters and digits of it, in capitals. */
    private static final Set<String> NO_NUMBER =
            Set.of(
                    "UNKNOWN",
                    "UNK",
                    "NOTKNOWN",
                    "NONE",
                    "NA",
                    "NIL",
                    "NULL",
                    "TEST",
                    "TBD",
                    "UNASSIGNED");

    /** Digits all alike from which on a number is none: shorter ones a clinic may have given. */
    private static final int MIN_ALIKE = 6;

    /** The same of nines, which most systems fill in. */
    private static final int MIN_NINES = 5;

    /** What is longer is a number, or refused as too long for one. */
    private static final int MAX_PLACEHOLDER = 40;

    /**
     * Whether a text stands for a number that there is not, and would join all who have none ⚠: a
     * word such as UNKNOWN, zeros, five nines or six of another digit and more, several X, or no
     * letter or digit at all.
     */
    static boolean isNoNumber(String value) {
        if (value.length() > MAX_PLACEHOLDER) return false;
        var plain = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++)
            if (Character.isLetterOrDigit(value.charAt(i)))
                plain.append(Character.toUpperCase(value.charAt(i)));
        if (plain.isEmpty() || NO_NUMBER.contains(plain.toString())) return true;
        char first = plain.charAt(0);
        if (first != 'X' && !Character.isDigit(first)) return false;
        for (int i = 1; i < plain.length(); i++) if (plain.charAt(i) != first) return false;
        return switch (first) {
            case '0' -> true;
            case 'X' -> plain.length() > 1;
            case '9' -> plain.length() >= MIN_NINES;
            default -> plain.length() >= MIN_ALIKE;
        };
    }

    List<RecordKey> keys() {
        return all.stream().map(Sent::key).distinct().toList();
    }

    /** The one that names the record; null when there is none. */
    @Nullable Sent chosen() {
        for (var ids : reader.partner.patientIds()) {
            var chosen = chosen(ids.field());
            if (chosen != null) return chosen;
        }
        var chosen = chosen(3);
        return chosen != null || all.isEmpty() ? chosen : all.getFirst();
    }

    private @Nullable Sent chosen(int field) {
        for (var type : PREFERRED_TYPES)
            for (var sent : all)
                if (sent.field() == field && sent.key().type().equals(type)) return sent;
        for (var sent : all) if (sent.field() == field) return sent;
        return null;
    }

    /** Those whose authority the partner is trusted for. */
    List<RecordKey> trusted() {
        if (reader.partner.trusts().isEmpty()) return List.of();
        return keys().stream().filter(key -> reader.partner.isTrustedFor(key.authority())).toList();
    }

    /** A CX. */
    private void add(Line line, int field, int repetition, String path) {
        var key = read(reader, line, field, repetition, field);
        if (key != null) all.add(new Sent(key, field, path));
    }

    /**
     * A CX; null when it is empty, or no identifier of a patient.
     *
     * @param as the field of PID whose settings hold for it: 3 for MRG-1, 2 for MRG-4
     */
    static @Nullable RecordKey read(Reader reader, Line line, int field, int repetition, int as) {
        return reader.maybe(
                Rule.IDENTIFIER, reader.mark(), sentKey(reader, line, field, repetition, as));
    }

    private static @Nullable RecordKey sentKey(
            Reader reader, Line line, int field, int repetition, int as) {
        var value = reader.key(line, field, repetition, 1, reader.text(line, field, repetition, 1));
        if (value.isEmpty() || isNoNumber(value)) return null;
        var meant =
                reader.partner
                        .patientIds(as)
                        .orElse(as == 19 ? SOCIAL_SECURITY : new PatientIds(as, "", "", false));
        if (meant.perOrder()) return null;
        return new RecordKey(
                reader.key(
                        line,
                        field,
                        repetition,
                        4,
                        Reader.firstSaid(
                                reader.text(line, field, repetition, 4, 1),
                                reader.text(line, field, repetition, 4, 2),
                                meant.authority(),
                                reader.partner.folder())),
                reader.key(
                        line,
                        field,
                        repetition,
                        5,
                        Reader.firstSaid(reader.text(line, field, repetition, 5), meant.type())),
                value);
    }
}
