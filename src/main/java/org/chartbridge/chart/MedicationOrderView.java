package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * An order of medication as its sender last stated it.
 *
 * @param active whether it was not entered in error (ORC-1 DE)
 * @param state {@code active}, {@code on-hold}, {@code cancelled} or {@code completed}
 * @param dose amount and unit, for example {@code 1-2 tablet}
 */
public record MedicationOrderView(
        long id,
        UUID personId,
        boolean active,
        CodingView drug,
        String placerNumber,
        String fillerNumber,
        String state,
        String control,
        String stateAsSent,
        String dose,
        String form,
        String route,
        String site,
        String frequency,
        String instructions,
        String quantity,
        String refills,
        @Nullable Instant starts,
        String startsAsSent,
        @Nullable Instant ends,
        String endsAsSent,
        @Nullable Instant ordered,
        String orderedAsSent,
        String clinician,
        String reason,
        String details,
        Supporting supporting,
        Source source) {

    /**
     * Whether its end has passed (TQ1-8). An end without a time of day is the whole of that day,
     * month or year; the longest one counts, because who is warned a day too long is not harmed ⚠.
     */
    public boolean isOver(Instant now) {
        if (ends == null) return false;
        int days =
                switch (endsAsSent.length()) {
                    case 4 -> 366;
                    case 6 -> 31;
                    case 8 -> 1;
                    default -> 0;
                };
        return ends.plus(days, ChronoUnit.DAYS).isBefore(now);
    }

    /** How to take it, and what is mixed into it, on one line. */
    public String sig() {
        var all = new StringBuilder();
        for (var part : new String[] {dose, form, route, site, frequency, instructions})
            if (!part.isEmpty()) all.append(all.isEmpty() ? "" : " · ").append(part);
        var components = supporting.components().stream().map(Supporting.Component::words).toList();
        if (!components.isEmpty())
            all.append(all.isEmpty() ? "" : " · ")
                    .append("with ")
                    .append(String.join(", ", components));
        return all.toString();
    }

    /** The id only. */
    @Override
    public String toString() {
        return "MedicationOrderView[id=" + id + "]";
    }
}
