package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.UUID;

/**
 * Which patients are looked for; everything given has to agree, on one and the same record.
 *
 * @param ids empty for any
 * @param identifiers one of these; empty for any
 * @param familyPrefix how the family name begins, in any case; null for any
 * @param birthDates all of these; empty for any
 */
public record PersonSearch(
        List<UUID> ids,
        List<IdentifierMatch> identifiers,
        @Nullable String familyPrefix,
        @Nullable String givenPrefix,
        List<DayMatch> birthDates) {

    public PersonSearch {
        ids = List.copyOf(ids);
        identifiers = List.copyOf(identifiers);
        birthDates = List.copyOf(birthDates);
    }

    /** Everybody. */
    public static PersonSearch all() {
        return new PersonSearch(List.of(), List.of(), null, null, List.of());
    }

    /** Who goes by this identifier, whichever authority gave it. */
    public static PersonSearch byIdentifier(String value) {
        return all().with(new IdentifierMatch(value, null));
    }

    public PersonSearch with(IdentifierMatch identifier) {
        return new PersonSearch(ids, List.of(identifier), familyPrefix, givenPrefix, birthDates);
    }

    /**
     * Whose name begins so.
     *
     * @param family how the family name begins; null for any
     * @param given how the given name begins; null for any
     */
    public PersonSearch withName(@Nullable String family, @Nullable String given) {
        return new PersonSearch(ids, identifiers, family, given, birthDates);
    }

    /**
     * Who was born then.
     *
     * @param birthDate {@code yyyy}, {@code yyyy-MM} or {@code yyyy-MM-dd}
     */
    public PersonSearch withBirthDate(String birthDate) {
        return new PersonSearch(
                ids,
                identifiers,
                familyPrefix,
                givenPrefix,
                List.of(new DayMatch(DayMatch.Comparison.EQ, birthDate)));
    }

    /** Says nothing: what is searched for is a patient. */
    @Override
    public String toString() {
        return "PersonSearch";
    }

    /**
     * An identifier looked for.
     *
     * @param authority null for any; empty for none
     */
    public record IdentifierMatch(String value, @Nullable String authority) {
        @Override
        public String toString() {
            return "IdentifierMatch";
        }
    }
}
