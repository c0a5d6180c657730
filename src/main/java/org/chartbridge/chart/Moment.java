package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Comparator;

/**
 * What decides which of two statements about a patient stands: who said it, then EVN-2, then MSH-7
 * (HL7-RULES §6). Of statements with equal times the one that arrived later stands; entry ids are
 * drawn at reception.
 *
 * @param weight {@link #MASTER} or {@link #EVIDENCE}
 */
record Moment(int weight, @Nullable Instant recorded, @Nullable Instant message, long entryId)
        implements Comparable<Moment> {

    /** Said by whoever knows who the patient is. */
    static final int MASTER = 1;

    /** Said by somebody who has it from others: a laboratory that brought the patient. */
    static final int EVIDENCE = 0;

    /** Before everything that was ever said. */
    static final Moment NEVER = new Moment(-1, null, null, 0);

    private static final Comparator<Moment> OLDER_FIRST =
            Comparator.comparingInt(Moment::weight)
                    .thenComparing(
                            moment ->
                                    new EventTimes(null, moment.recorded(), moment.message())
                                            .entered())
                    .thenComparing(moment -> new EventTimes(null, null, moment.message()).sent())
                    .thenComparingLong(Moment::entryId);

    static Moment of(int weight, EventTimes times, long entryId) {
        return new Moment(weight, times.recorded(), times.message(), entryId);
    }

    boolean isAfter(Moment other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Moment other) {
        return OLDER_FIRST.compare(this, other);
    }
}
