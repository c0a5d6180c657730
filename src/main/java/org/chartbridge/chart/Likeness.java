package org.chartbridge.chart;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * How much a record looks like the patient that a message names: evidence for each field, and a sum
 * to rank candidates by. For people to look at; what is matched without them is said by {@link
 * Identity} alone.
 */
public record Likeness(List<Evidence> evidence, int score) {

    /** What is compared. */
    public enum Field {
        IDENTIFIER("Number", 40),
        FAMILY("Family name", 20),
        GIVEN("Given name", 14),
        SUFFIX("Suffix", 6),
        BIRTH_DATE("Birth date", 22),
        SEX("Sex", 4),
        ADDRESS("Address", 8);

        private final String label;
        private final int weight;

        Field(String label, int weight) {
            this.label = label;
            this.weight = weight;
        }

        /** On pages. */
        public String label() {
            return label;
        }
    }

    /** What came of a comparison. */
    public enum Agreement {
        SAME,
        /** A slip would explain it: a hyphen, an initial, two digits that changed places. */
        CLOSE,
        OTHER,
        /** One side says nothing. */
        SILENT
    }

    /**
     * One field.
     *
     * @param why what makes it close; empty otherwise
     */
    public record Evidence(
            Field field, Agreement agreement, String claimed, String known, String why) {
        @Override
        public String toString() {
            return field + " " + agreement;
        }
    }

    public Likeness {
        evidence = List.copyOf(evidence);
    }

    /** Compares a claim with a record. */
    public static Likeness of(PatientClaim claim, RecordView record) {
        var all = new ArrayList<Evidence>();
        all.add(identifier(claim, record));
        var name = claim.name();
        boolean swapped =
                same(name.family(), record.givenName()) && same(name.given(), record.familyName());
        all.add(
                swapped
                        ? close(Field.FAMILY, name.family(), record.familyName(), "names swapped")
                        : family(name.family(), record.familyName()));
        all.add(
                swapped
                        ? close(Field.GIVEN, name.given(), record.givenName(), "names swapped")
                        : given(name.given(), record.givenName(), record.middleName()));
        all.add(plain(Field.SUFFIX, name.suffix(), record.nameSuffix()));
        all.add(birthDate(claim.birthDate(), record.birthDate()));
        all.add(plain(Field.SEX, claim.sex(), record.sex()));
        all.add(address(claim.address(), record.address()));
        int score = 0;
        for (var one : all)
            score +=
                    switch (one.agreement()) {
                        case SAME -> one.field().weight;
                        case CLOSE -> one.field().weight / 2;
                        case OTHER -> -one.field().weight / 2;
                        case SILENT -> 0;
                    };
        return new Likeness(all, score);
    }

    // ------------------------------------------------------------ fields

    private static Evidence identifier(PatientClaim claim, RecordView record) {
        var sent = claim.key().value();
        for (var known : record.identifiers())
            for (var key : claim.identifiers())
                if (key.value().equals(known.value()) && key.authority().equals(known.authority()))
                    return new Evidence(
                            Field.IDENTIFIER, Agreement.SAME, key.value(), known.value(), "");
        for (var known : record.identifiers())
            for (var key : claim.identifiers()) {
                if (key.value().equals(known.value()))
                    return close(
                            Field.IDENTIFIER, key.value(), known.value(), "of another authority");
                if (slip(key.value(), known.value()))
                    return close(Field.IDENTIFIER, key.value(), known.value(), "one slip apart");
            }
        return new Evidence(Field.IDENTIFIER, Agreement.OTHER, sent, record.idValue(), "");
    }

    private static Evidence family(String claimed, String known) {
        var one = Names.letters(claimed);
        var other = Names.letters(known);
        if (one.isEmpty() || other.isEmpty()) return silent(Field.FAMILY, claimed, known);
        if (one.equals(other))
            return new Evidence(Field.FAMILY, Agreement.SAME, claimed, known, "");
        var shared = new TreeSet<>(parts(claimed));
        shared.retainAll(parts(known));
        if (!shared.isEmpty()) return close(Field.FAMILY, claimed, known, "part of a double name");
        if (slip(one, other)) return close(Field.FAMILY, claimed, known, "one slip apart");
        return new Evidence(Field.FAMILY, Agreement.OTHER, claimed, known, "");
    }

    private static Evidence given(String claimed, String known, String middle) {
        var one = Names.letters(claimed);
        var other = Names.letters(known);
        if (one.isEmpty() || other.isEmpty()) return silent(Field.GIVEN, claimed, known);
        if (one.equals(other)) return new Evidence(Field.GIVEN, Agreement.SAME, claimed, known, "");
        if (one.startsWith(other) || other.startsWith(one))
            return close(Field.GIVEN, claimed, known, "initial or short form");
        if (one.equals(Names.letters(middle)))
            return close(Field.GIVEN, claimed, known, "called by the middle name");
        if (slip(one, other)) return close(Field.GIVEN, claimed, known, "one slip apart");
        return new Evidence(Field.GIVEN, Agreement.OTHER, claimed, known, "");
    }

    private static Evidence birthDate(String claimed, String known) {
        if (claimed.isEmpty() || known.isEmpty()) return silent(Field.BIRTH_DATE, claimed, known);
        if (claimed.equals(known))
            return new Evidence(Field.BIRTH_DATE, Agreement.SAME, claimed, known, "");
        if (Names.datesAgree(claimed, known))
            return close(Field.BIRTH_DATE, claimed, known, "less precise");
        if (claimed.length() == 10 && known.length() == 10) {
            var one = claimed.split("-", -1);
            var other = known.split("-", -1);
            if (one[0].equals(other[0]) && one[1].equals(other[2]) && one[2].equals(other[1]))
                return close(Field.BIRTH_DATE, claimed, known, "day and month swapped");
            if (slip(claimed.replace("-", ""), known.replace("-", "")))
                return close(Field.BIRTH_DATE, claimed, known, "one slip apart");
        }
        return new Evidence(Field.BIRTH_DATE, Agreement.OTHER, claimed, known, "");
    }

    private static Evidence address(String claimed, String known) {
        var one = words(claimed);
        var other = words(known);
        if (one.isEmpty() || other.isEmpty()) return silent(Field.ADDRESS, claimed, known);
        var shared = new TreeSet<>(one);
        shared.retainAll(other);
        int fewer = Math.min(one.size(), other.size());
        if (shared.size() == fewer)
            return new Evidence(Field.ADDRESS, Agreement.SAME, claimed, known, "");
        return shared.size() * 2 >= fewer
                ? close(Field.ADDRESS, claimed, known, "in part")
                : new Evidence(Field.ADDRESS, Agreement.OTHER, claimed, known, "");
    }

    private static Evidence plain(Field field, String claimed, String known) {
        if (claimed.isEmpty() || known.isEmpty()) return silent(field, claimed, known);
        return new Evidence(
                field, same(claimed, known) ? Agreement.SAME : Agreement.OTHER, claimed, known, "");
    }

    private static Evidence silent(Field field, String claimed, String known) {
        return new Evidence(field, Agreement.SILENT, claimed, known, "");
    }

    private static Evidence close(Field field, String claimed, String known, String why) {
        return new Evidence(field, Agreement.CLOSE, claimed, known, why);
    }

    // ------------------------------------------------------------ texts

    private static boolean same(String one, String other) {
        var letters = Names.letters(one);
        return !letters.isEmpty() && letters.equals(Names.letters(other));
    }

    private static Set<String> parts(String name) {
        var parts = new TreeSet<String>();
        for (var part : name.split("[\\s-]+", -1))
            if (Names.letters(part).length() > 1) parts.add(Names.letters(part));
        return parts;
    }

    private static Set<String> words(String text) {
        var words = new TreeSet<String>();
        var plain = Normalizer.normalize(text, Normalizer.Form.NFD).replaceAll("\\p{M}+", "");
        for (var word : plain.toUpperCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1))
            if (!word.isEmpty()) words.add(word);
        return words;
    }

    /** One letter other, missing or too many, or two neighbours that changed places. */
    static boolean slip(String one, String other) {
        if (Math.abs(one.length() - other.length()) > 1
                || Math.min(one.length(), other.length()) < 3) return false;
        int start = 0;
        int shorter = Math.min(one.length(), other.length());
        while (start < shorter && one.charAt(start) == other.charAt(start)) start++;
        int end = 0;
        while (end < shorter - start
                && one.charAt(one.length() - 1 - end) == other.charAt(other.length() - 1 - end))
            end++;
        var left = one.substring(start, one.length() - end);
        var right = other.substring(start, other.length() - end);
        if (left.length() <= 1 && right.length() <= 1) return true;
        return left.length() == 2
                && right.length() == 2
                && left.charAt(0) == right.charAt(1)
                && left.charAt(1) == right.charAt(0);
    }
}
