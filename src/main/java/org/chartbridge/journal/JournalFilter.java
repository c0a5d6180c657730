package org.chartbridge.journal;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * Which entries are wanted. An empty text and a null leave that part open.
 *
 * @param from received at or after
 * @param until received before
 * @param partner its folder
 * @param type MSH-9.1^MSH-9.2, whole
 * @param controlId MSH-10, whole
 * @param reason how one of its reasons begins, for example {@code quality-control}
 * @param records only entries of these patient records; null for any, empty for none at all
 */
public record JournalFilter(
        @Nullable Instant from,
        @Nullable Instant until,
        String partner,
        String type,
        @Nullable EntryState state,
        String controlId,
        String reason,
        @Nullable List<Long> records) {

    public static final JournalFilter ALL =
            new JournalFilter(null, null, "", "", null, "", "", null);

    public JournalFilter {
        if (records != null) records = List.copyOf(records);
    }

    /** One that asks for no reason. */
    public JournalFilter(
            @Nullable Instant from,
            @Nullable Instant until,
            String partner,
            String type,
            @Nullable EntryState state,
            String controlId,
            @Nullable List<Long> records) {
        this(from, until, partner, type, state, controlId, "", records);
    }

    public JournalFilter from(Instant start) {
        return new JournalFilter(start, until, partner, type, state, controlId, reason, records);
    }

    public JournalFilter state(@Nullable EntryState wanted) {
        return new JournalFilter(from, until, partner, type, wanted, controlId, reason, records);
    }
}
