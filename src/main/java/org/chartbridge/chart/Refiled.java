package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownRecord;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Comparator;
import java.util.UUID;

/**
 * That a person filed what a laboratory reports under one order number with another patient than it
 * was reported for (HL7-RULES §6, misfiled report). Pure: where it is follows from the set of what
 * holds, and of several the last decision stands.
 *
 * @param entryId the decision
 * @param from who it was reported for, or had it before
 * @param home the record that has it
 */
record Refiled(long entryId, UUID from, KnownRecord home) {

    /**
     * Where what is reported for a patient under this number stands: null where it is with whom it
     * is reported for. Only those who have or had it speak of it; another patient with the same
     * number is none of them ⚠.
     *
     * @param all decisions about this number that hold
     * @param person whom the message names
     */
    static @Nullable Refiled of(Collection<Refiled> all, UUID person) {
        if (!speaks(all, person)) return null;
        return all.stream()
                .max(Comparator.comparingLong(Refiled::entryId))
                .filter(last -> !last.home().personId().equals(person))
                .orElse(null);
    }

    /** Whether a person said whose it is that is reported for a patient under this number. */
    static boolean speaks(Collection<Refiled> all, UUID person) {
        return all.stream()
                .anyMatch(one -> one.from().equals(person) || one.home().personId().equals(person));
    }

    /** No number. */
    @Override
    public String toString() {
        return "Refiled[" + entryId + "]";
    }
}
