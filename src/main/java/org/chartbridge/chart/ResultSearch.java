package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.UUID;

/**
 * Which reports or which observations are looked for; everything given has to agree. Persons or
 * series have to be given: nobody searches everybody's results.
 *
 * @param persons whose; empty only when {@code series} are given
 * @param series which, by identity; empty for all of these persons
 * @param codes one of these; empty for any
 * @param days when collected, all of these; dates as the lab wrote them
 * @param times when collected, all of these
 * @param statuses OBR-25 or OBX-11 of values that are no correction; null for any
 * @param correctedStatuses OBX-11 of values that are one; null for any
 * @param doubtful whether what is in doubt ({@link IsolateDoubt}) is wanted, where statuses are
 *     given; it has none of these any more
 */
public record ResultSearch(
        List<UUID> persons,
        List<Long> series,
        List<CodeMatch> codes,
        List<DayMatch> days,
        List<TimeMatch> times,
        @Nullable List<String> statuses,
        @Nullable List<String> correctedStatuses,
        boolean doubtful) {

    /** Of any status. */
    public ResultSearch(
            List<UUID> persons,
            List<Long> series,
            List<CodeMatch> codes,
            List<DayMatch> days,
            List<TimeMatch> times) {
        this(persons, series, codes, days, times, null, null, true);
    }

    public ResultSearch {
        persons = List.copyOf(persons);
        series = List.copyOf(series);
        codes = List.copyOf(codes);
        days = List.copyOf(days);
        times = List.copyOf(times);
        if (persons.isEmpty() && series.isEmpty())
            throw new IllegalArgumentException("a search for nobody's results");
    }

    /** All results of a patient. */
    public static ResultSearch of(UUID person) {
        return new ResultSearch(List.of(person), List.of(), List.of(), List.of(), List.of());
    }

    /** The one report or observation of a series. */
    public static ResultSearch of(long series) {
        return new ResultSearch(List.of(), List.of(series), List.of(), List.of(), List.of());
    }

    /** Whether any status will do. */
    boolean isOfAnyStatus() {
        return statuses == null && correctedStatuses == null;
    }

    /**
     * A test looked for, by its own or its alternate coding.
     *
     * @param code null for any of the system
     * @param systems names of the coding system as they may have been sent, upper case ({@code
     *     LN}); empty for any; the empty name for none
     * @param partner whose local code it is; null for any
     */
    public record CodeMatch(@Nullable String code, List<String> systems, @Nullable String partner) {

        public CodeMatch {
            systems = List.copyOf(systems);
        }
    }
}
