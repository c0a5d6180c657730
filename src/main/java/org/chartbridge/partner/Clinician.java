package org.chartbridge.partner;

import org.jspecify.annotations.Nullable;

import java.time.LocalDate;

/**
 * One of the clinic's own providers: somebody there whom a result reaches; a row of {@code
 * clinic-providers.csv}.
 *
 * @param number XCN.1
 * @param authority XCN.9; empty for numbers that are sent without one, by whomever
 * @param family may be empty; only shown, nobody is recognised by a name
 * @param given may be empty
 * @param from the first day; null for always
 * @param to the last day; null for still
 * @param line in the file
 */
public record Clinician(
        String number,
        String authority,
        String family,
        String given,
        @Nullable LocalDate from,
        @Nullable LocalDate to,
        int line) {

    /** The line only. */
    @Override
    public String toString() {
        return "Clinician[" + line + "]";
    }
}
