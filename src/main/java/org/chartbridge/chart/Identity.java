package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownRecord;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Whether a claim may be charted on the record it names (HL7-RULES §6); long because every reason
 * against it stands here.
 */
final class Identity {

    private Identity() {}

    /**
     * Reasons against it; empty when the claim fits, or may bring a new patient.
     *
     * @param known the record of the number that names it; null when there is none
     * @param others records of what may be the same number ({@link RecordKey#isKin}), and of
     *     further numbers, of authorities that the partner is trusted for
     */
    static List<Doubt> doubts(
            PatientClaim claim, @Nullable KnownRecord known, List<KnownRecord> others) {
        if (known != null) return ofKnown(claim, known);
        if (!others.isEmpty()) return ofOthers(claim, others);
        return claim.mayCreate()
                ? List.of()
                : List.of(
                        new Doubt(
                                claim.path(),
                                HoldReason.PATIENT_NOT_KNOWN,
                                (claim.key().isUnidentified()
                                                ? "the patient is named without an identifier"
                                                : "no record has this identifier")
                                        + ", and this partner may not add patients (patients:"
                                        + " match)"));
    }

    /**
     * A new number is linked to what may be the same number, each of these, so that any order of
     * arrival gives the same; and one that comes with trusted ones of a patient to that patient.
     */
    static List<Assertion> links(
            Recording recording,
            KnownRecord brought,
            PatientClaim claim,
            List<KnownRecord> others) {
        var links = new ArrayList<Assertion>();
        boolean trusted = false;
        for (var other : others) {
            boolean kin = brought.key().isKin(other.key());
            if (kin || !trusted) links.add(linked(recording, brought, claim, other));
            trusted |= !kin;
        }
        return links;
    }

    private static Assertion linked(
            Recording recording, KnownRecord brought, PatientClaim claim, KnownRecord other) {
        return new Assertion(
                recording.ids().getAsLong(),
                recording.entryId(),
                claim.path(),
                Assertion.Kind.LINKED,
                brought.id(),
                other.id(),
                null,
                null,
                null,
                null);
    }

    private static List<Doubt> ofOthers(PatientClaim claim, List<KnownRecord> others) {
        var first = others.getFirst();
        for (var other : others)
            if (!other.personId().equals(first.personId()))
                return List.of(
                        uncertain(claim, "its numbers belong to several patients in the chart"));
        for (var other : others) {
            // What may be the same number is compared as the number itself.
            var doubts =
                    claim.key().isKin(other.key())
                            ? ofKnown(claim, other)
                            : against(claim, other.name(), other.birthDate(), false);
            if (!doubts.isEmpty()) return doubts;
        }
        return List.of();
    }

    /**
     * Whether a further number of the kind and authority of the first is another patient's ⚠, also
     * where name and birth date agree: the chart of the first would show it, and what came under it
     * would stand in the other's.
     *
     * @param named the patient of the first number; null when it is not known, and nothing says
     *     that it is the one of the further numbers
     * @param further the records of the further numbers
     */
    static List<Doubt> ofFurther(
            PatientClaim claim, @Nullable KnownRecord named, List<KnownRecord> further) {
        for (var other : further) {
            if (named != null && named.personId().equals(other.personId())) continue;
            return List.of(
                    uncertain(
                            claim,
                            "another number of this kind and authority in PID is that of another"
                                    + " patient in the chart"));
        }
        return List.of();
    }

    private static List<Doubt> ofKnown(PatientClaim claim, KnownRecord known) {
        // Nobody but those who bring patients knows this one: it is theirs, whatever they leave
        // out.
        boolean theirs = claim.mayCreate() && known.claimed().open();
        var doubts = ofKnown(claim, known.name(), known.birthDate(), theirs);
        var survivor = known.survivor();
        // An old number: whoever still uses it may know the patient by either name.
        if (survivor == null || doubts.isEmpty()) return doubts;
        var more = ofKnown(claim, survivor.name(), survivor.birthDate(), theirs);
        return more.isEmpty() ? more : doubts;
    }

    private static List<Doubt> ofKnown(
            PatientClaim claim, PersonName known, String knownBirthDate, boolean theirs) {
        return theirs
                ? contradictions(claim, known, knownBirthDate)
                : against(claim, known, knownBirthDate, claim.mayCreate());
    }

    /**
     * What speaks against a claim being the patient who is known by this name and birth date ⚠.
     *
     * @param own whether the partner brings patients itself, so that what it leaves out is no
     *     reason where nobody said it
     */
    static List<Doubt> against(
            PatientClaim claim, PersonName known, String knownBirthDate, boolean own) {
        var doubts = contradictions(claim, known, knownBirthDate);
        if (!doubts.isEmpty()) return doubts;
        var name = claim.name();
        var family = Names.letters(name.family());
        var knownFamily = Names.letters(known.family());
        boolean incomplete =
                own
                        ? saysLess(claim.birthDate(), knownBirthDate, DAY)
                                || saysLess(family, knownFamily, 1)
                        : claim.birthDate().length() < DAY
                                || knownBirthDate.length() < DAY
                                || family.isEmpty()
                                || knownFamily.isEmpty();
        if (own && !incomplete && !claim.multipleBirth() && isSame(claim, known, knownBirthDate))
            return doubts;
        if (incomplete)
            doubts.add(
                    uncertain(
                            claim,
                            "a certain match needs the identifier, the family name and the birth"
                                    + " date; one of them is missing"));
        else if (claim.multipleBirth())
            doubts.add(
                    uncertain(
                            claim, "one of a multiple birth (PID-24) is never matched by itself"));
        else if (isNobody(name) || isNobody(known))
            doubts.add(
                    uncertain(
                            claim,
                            "a name that stands for an unknown person, a newborn or a test is never"
                                    + " matched by itself"));
        return doubts;
    }

    private static List<Doubt> contradictions(
            PatientClaim claim, PersonName known, String knownBirthDate) {
        var doubts = new ArrayList<Doubt>(2);
        var name = claim.name();
        if (!Names.datesAgree(claim.birthDate(), knownBirthDate))
            doubts.add(
                    new Doubt(
                            "PID-7",
                            HoldReason.KNOWN_IDENTIFIER_OTHER_BIRTH_DATE,
                            "the identifier is known with another birth date"));
        if (isOther(Names.letters(name.family()), Names.letters(known.family())))
            doubts.add(
                    new Doubt(
                            "PID-5.1",
                            HoldReason.KNOWN_IDENTIFIER_OTHER_NAME,
                            "the identifier is known with another family name"));
        else if (isOtherGiven(name, known))
            doubts.add(
                    new Doubt(
                            "PID-5.2",
                            HoldReason.KNOWN_IDENTIFIER_OTHER_NAME,
                            "the identifier is known with another given name: it may be a twin or a"
                                    + " relative"));
        else if (isOther(Names.letters(name.suffix()), Names.letters(known.suffix())))
            doubts.add(
                    new Doubt(
                            "PID-5.4",
                            HoldReason.KNOWN_IDENTIFIER_OTHER_NAME,
                            "the identifier is known with another suffix: it may be father or"
                                    + " son"));
        return doubts;
    }

    /**
     * What a partner that brings patients leaves out is no reason against it as long as nobody said
     * it: then the patient is its own. A number alone never names one who is known by name and
     * birth date ⚠.
     */
    private static boolean saysLess(String one, String known, int whole) {
        return one.length() < whole && known.length() >= whole;
    }

    /** The same number, names and birth date once more. */
    private static boolean isSame(PatientClaim claim, PersonName known, String knownBirthDate) {
        return Names.letters(claim.name().family()).equals(Names.letters(known.family()))
                && Names.letters(claim.name().given()).equals(Names.letters(known.given()))
                && claim.birthDate().equals(knownBirthDate);
    }

    private static final int DAY = "yyyy-MM-dd".length();

    private static Doubt uncertain(PatientClaim claim, String why) {
        return new Doubt(claim.path(), HoldReason.PATIENT_MATCH_UNCERTAIN, why);
    }

    private static boolean isNobody(PersonName name) {
        return Names.isPlaceholder(name.family()) || Names.isPlaceholder(name.given());
    }

    /**
     * By their first words: Mary and Mary Ann may be one. An initial is held too, because twins
     * have the same often enough ⚠.
     */
    private static boolean isOtherGiven(PersonName name, PersonName known) {
        return isOther(Names.firstWord(name.given()), Names.firstWord(known.given()));
    }

    /**
     * Whether a partner whose word changes demographics may speak of this record. A new name or a
     * corrected birth date is what such messages are for. When family name and given name are both
     * other ones and no birth date confirms that it is the same person, or the birth date and one
     * of the names are other ones, it is more likely that one digit of the identifier is wrong, and
     * the chart of a stranger would be overwritten ⚠: many share a given name, and families a name.
     *
     * @param replaces whether it is later than what is known of a field; what is older overwrites
     *     nothing
     */
    static List<Doubt> ofMaster(
            PatientClaim claim,
            KnownRecord known,
            String knownGiven,
            Predicate<DemographicField> replaces) {
        var name = claim.name();
        boolean otherFamily = isOtherFamily(name, known.name());
        boolean otherPerson =
                otherFamily
                        && isOther(Names.letters(name.given()), Names.letters(knownGiven))
                        && !confirm(claim.birthDate(), known.birthDate());
        if (!otherPerson
                && !Names.datesAgree(claim.birthDate(), known.birthDate())
                && replaces.test(DemographicField.BIRTH_DATE))
            otherPerson =
                    (otherFamily && replaces.test(DemographicField.FAMILY))
                            || (isUnlike(name.given(), knownGiven)
                                    && replaces.test(DemographicField.GIVEN));
        if (!otherPerson || Names.isPlaceholder(known.family()) || Names.isPlaceholder(knownGiven))
            return List.of();
        return List.of(
                new Doubt(
                        "PID-5",
                        HoldReason.KNOWN_IDENTIFIER_OTHER_PERSON,
                        "the identifier is known with another name, and the birth date does not"
                                + " confirm that it is the same person"));
    }

    /** Whether birth date and family or given name are other ones than those of a record ⚠. */
    static boolean isSomebodyElse(PatientClaim claim, KnownRecord known) {
        return !isNobody(known.name())
                && !Names.datesAgree(claim.birthDate(), known.birthDate())
                && (isOtherFamily(claim.name(), known.name())
                        || isUnlike(claim.name().given(), known.name().given()));
    }

    /** Whether family name, given name and birth date are all other ones, and none stands in ⚠. */
    static boolean areStrangers(PersonName one, String born, PersonName other, String bornOther) {
        return !Names.datesAgree(born, bornOther)
                && isOtherFamily(one, other)
                && isUnlike(one.given(), other.given())
                && !isNobody(one)
                && !isNobody(other);
    }

    /**
     * Whether two are rather of one family: other given names, and a generation between their birth
     * dates ⚠. A mistyped digit seldom comes with another given name.
     */
    static boolean areOfTwoGenerations(
            PersonName one, String born, PersonName other, String bornOther) {
        if (!born.matches("\\d{4}.*") || !bornOther.matches("\\d{4}.*")) return false;
        int apart =
                Integer.parseInt(born.substring(0, YEAR))
                        - Integer.parseInt(bornOther.substring(0, YEAR));
        return Math.abs(apart) >= GENERATION_YEARS
                && !isOtherFamily(one, other)
                && isUnlike(one.given(), other.given());
    }

    private static final int YEAR = "yyyy".length();
    private static final int GENERATION_YEARS = 12;

    private static boolean isOtherFamily(PersonName one, PersonName other) {
        return isOther(Names.letters(one.family()), Names.letters(other.family()));
    }

    /** Two given names of which neither is a short form of the other: Rob and Robert are alike. */
    static boolean isUnlike(String given, String other) {
        var one = Names.firstWord(given);
        var two = Names.firstWord(other);
        return isOther(one, two) && !one.startsWith(two) && !two.startsWith(one);
    }

    private static boolean confirm(String one, String other) {
        return !one.isEmpty() && !other.isEmpty() && Names.datesAgree(one, other);
    }

    private static boolean isOther(String one, String other) {
        return !one.isEmpty() && !other.isEmpty() && !one.equals(other);
    }
}
