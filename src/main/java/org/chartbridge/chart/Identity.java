package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownRecord;
import org.jspecify.annotations.Nullable;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Whether a claim may be charted on the record it names; HL7-RULES §6. */
final class Identity {

    private static final Set<String> PLACEHOLDERS =
            Set.of("UNKNOWN", "UNIDENTIFIED", "TRAUMA", "BABY", "NEWBORN", "TWIN", "BOY", "GIRL");

    private Identity() {}

    /** Reasons against it; empty when the claim fits, or may bring a new patient. */
    static List<Doubt> doubts(PatientClaim claim, @Nullable KnownRecord known) {
        if (known == null) {
            return claim.mayCreate()
                    ? List.of()
                    : List.of(
                            new Doubt(
                                    claim.path(),
                                    HoldReason.PATIENT_NOT_KNOWN,
                                    "no record has this identifier, and this partner may not add"
                                            + " patients (patients: match)"));
        }
        var doubts = new ArrayList<Doubt>(2);
        String birthDate = claim.birthDate();
        String family = letters(claim.name().family());
        String knownFamily = letters(known.family());
        if (!agree(birthDate, known.birthDate())) {
            doubts.add(
                    new Doubt(
                            "PID-7",
                            HoldReason.KNOWN_IDENTIFIER_OTHER_BIRTH_DATE,
                            "the identifier is known with another birth date"));
        }
        if (!family.isEmpty() && !knownFamily.isEmpty() && !family.equals(knownFamily)) {
            doubts.add(
                    new Doubt(
                            "PID-5.1",
                            HoldReason.KNOWN_IDENTIFIER_OTHER_NAME,
                            "the identifier is known with another family name"));
        }
        boolean incomplete =
                birthDate.isEmpty()
                        || known.birthDate().isEmpty()
                        || family.isEmpty()
                        || knownFamily.isEmpty();
        if (doubts.isEmpty() && incomplete && !claim.mayCreate()) {
            doubts.add(
                    new Doubt(
                            claim.path(),
                            HoldReason.PATIENT_MATCH_UNCERTAIN,
                            "a certain match needs the identifier, the family name and the birth"
                                    + " date; one of them is missing"));
        }
        return doubts;
    }

    /**
     * Whether a partner whose word changes demographics may speak of this record. A new name or a
     * corrected birth date is what such messages are for. When family name and given name are both
     * other ones and no birth date confirms that it is the same person, it is more likely that one
     * digit of the identifier is wrong, and the chart of a stranger would be overwritten ⚠.
     */
    static List<Doubt> ofMaster(PatientClaim claim, KnownRecord known, String knownGiven) {
        boolean otherPerson =
                isOther(letters(claim.name().family()), letters(known.family()))
                        && isOther(letters(claim.name().given()), letters(knownGiven))
                        && !confirm(claim.birthDate(), known.birthDate());
        if (!otherPerson || isPlaceholder(known.family()) || isPlaceholder(knownGiven))
            return List.of();
        return List.of(
                new Doubt(
                        "PID-5",
                        HoldReason.KNOWN_IDENTIFIER_OTHER_PERSON,
                        "the identifier is known with other names, and no birth date confirms it"));
    }

    private static boolean confirm(String one, String other) {
        return !one.isEmpty() && !other.isEmpty() && agree(one, other);
    }

    private static boolean isOther(String one, String other) {
        return !one.isEmpty() && !other.isEmpty() && !one.equals(other);
    }

    /** Names that stand for a person who is not identified yet. */
    private static boolean isPlaceholder(String name) {
        var first = name.strip().toUpperCase(Locale.ROOT).split("[^A-Z]", 2)[0];
        return PLACEHOLDERS.contains(first);
    }

    /** Dates of unlike precision agree as far as both go; a missing one contradicts nothing. */
    private static boolean agree(String one, String other) {
        return one.startsWith(other) || other.startsWith(one);
    }

    /** Letters and digits without case and accents: O'Brien and OBRIEN are one name. */
    private static String letters(String name) {
        var plain = new StringBuilder(name.length());
        Normalizer.normalize(name, Normalizer.Form.NFD)
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .forEach(plain::appendCodePoint);
        return plain.toString().toUpperCase(Locale.ROOT);
    }
}
