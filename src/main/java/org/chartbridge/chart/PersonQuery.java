package org.chartbridge.chart;

import java.util.List;
import java.util.Set;

/**
 * Whom another system asks for; everything given has to agree, on one and the same record. A name
 * that ends with {@code *} is how it begins.
 *
 * @param numbers one of these
 * @param birthDate yyyyMMdd, or as much of it as is known
 * @param domains in any case of their letters, authorities of which the patient must have a number;
 *     empty for any
 */
public record PersonQuery(
        List<Identifier> numbers,
        String family,
        String given,
        String birthDate,
        String sex,
        String city,
        String state,
        String postalCode,
        Set<String> domains) {

    /**
     * A number looked for.
     *
     * @param authorities one of these gave it; empty for any
     */
    public record Identifier(String value, Set<String> authorities) {
        public Identifier {
            authorities = Set.copyOf(authorities);
        }

        @Override
        public String toString() {
            return "Identifier";
        }
    }

    public PersonQuery {
        numbers = List.copyOf(numbers);
        domains = Set.copyOf(domains);
    }

    /** Whoever has one of these numbers. */
    public static PersonQuery ofNumbers(List<Identifier> numbers) {
        return new PersonQuery(numbers, "", "", "", "", "", "", "", Set.of());
    }

    /** The same, if the patient has a number of one of these authorities. */
    public PersonQuery havingNumbersOf(Set<String> authorities) {
        return new PersonQuery(
                numbers, family, given, birthDate, sex, city, state, postalCode, authorities);
    }

    /** Says nothing: what is searched for is a patient. */
    @Override
    public String toString() {
        return "PersonQuery";
    }
}
