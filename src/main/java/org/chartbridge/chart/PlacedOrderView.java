package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * An order as its placer, or the filler, last stated it.
 *
 * @param active whether it was not entered in error (ORC-1 DE)
 * @param placerNumber ORC-2 or OBR-2, with its namespace
 * @param fillerNumber ORC-3 or OBR-3
 * @param groupNumber ORC-4
 * @param state {@code active}, {@code on-hold}, {@code cancelled}, {@code refused} or {@code
 *     completed}; of orders as they stand also {@code in-progress}, {@code recollect} and {@code
 *     resulted}
 * @param control ORC-1, table 0119
 * @param stateAsSent ORC-5, table 0038
 * @param due when it is to be done, where that was said
 * @param specimens numbers of the specimen, joined by {@code ~}
 * @param details answers asked for at order entry, a line each
 */
public record PlacedOrderView(
        long id,
        UUID personId,
        boolean active,
        CodingView service,
        String placerNumber,
        String fillerNumber,
        String groupNumber,
        String state,
        String control,
        String stateAsSent,
        String priority,
        @Nullable Instant ordered,
        String orderedAsSent,
        @Nullable Instant collected,
        String collectedAsSent,
        @Nullable Instant due,
        String dueAsSent,
        String clinician,
        String reason,
        String specimen,
        String details,
        Supporting supporting,
        Source source,
        String specimens) {

    /** ORC-1 by which a filler says how an order stands that another one placed (table 0119). */
    private static final Set<String> ANSWERS =
            Set.of(
                    "OK", "UA", "CR", "UC", "DR", "UD", "HR", "UH", "OH", "LR", "UR", "RQ", "UM",
                    "XR", "UX", "RR", "SC", "SR");

    /**
     * Whether an ORC-1 orders nothing, but says how an order stands.
     *
     * @param control ORC-1, table 0119
     */
    public static boolean isAnswer(String control) {
        return ANSWERS.contains(control);
    }

    /** Whether this only says how the other one's order stands, under the number it was given. */
    public boolean answers(PlacedOrderView other) {
        return isAnswer(control)
                && !OrderLoops.isOfFiller(other)
                && !other.source().partner().equals(source.partner())
                && OneNumber.isOne(placerNumber, other.placerNumber);
    }

    /** Whether both are of one specimen, by a number that either gave it (SPM-2, SAC-3). */
    public boolean isOfSpecimenOf(PlacedOrderView other) {
        if (specimens.isEmpty() || other.specimens.isEmpty()) return false;
        var its = List.of(other.specimens.split("~", -1));
        for (var one : specimens.split("~", -1))
            if (!one.isEmpty() && its.contains(one)) return true;
        return false;
    }

    /** The same in another state. */
    public PlacedOrderView in(String other) {
        return other.equals(state)
                ? this
                : new PlacedOrderView(
                        id,
                        personId,
                        active,
                        service,
                        placerNumber,
                        fillerNumber,
                        groupNumber,
                        other,
                        control,
                        stateAsSent,
                        priority,
                        ordered,
                        orderedAsSent,
                        collected,
                        collectedAsSent,
                        due,
                        dueAsSent,
                        clinician,
                        reason,
                        specimen,
                        details,
                        supporting,
                        source,
                        specimens);
    }

    /** The id only. */
    @Override
    public String toString() {
        return "PlacedOrderView[id=" + id + "]";
    }
}
