package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * A document or an appointment that names orders or referrals by their numbers.
 *
 * @param appointment whether it is an appointment, else a document
 * @param numbers with their namespaces, where those were sent
 * @param state of an appointment {@code booked}, {@code waitlist}, {@code completed}, {@code
 *     cancelled} or {@code no-show}; of a document TXA-17, table 0271
 * @param title what the document is, or where and with whom the appointment is
 * @param when an appointment begins, as sent; empty for documents
 */
public record NamingOrders(
        boolean appointment,
        long entryId,
        String partner,
        String path,
        List<String> numbers,
        String state,
        String title,
        String when,
        @Nullable Instant saidAt,
        Instant recordedAt) {

    public NamingOrders {
        numbers = List.copyOf(numbers);
    }

    /** Whether it names one of these, as orders and results agree on a number. */
    public boolean names(String... others) {
        for (var other : others)
            for (var number : numbers) if (OneNumber.isOne(number, other)) return true;
        return false;
    }

    /** A document that is not done yet: dictated, incomplete, in progress (table 0271). */
    public boolean isUnfinished() {
        return !appointment
                && switch (state) {
                    case "DI", "IN", "IP" -> true;
                    default -> false;
                };
    }

    /** The entry only. */
    @Override
    public String toString() {
        return "NamingOrders[" + entryId + "]";
    }
}
