package org.chartbridge.chart;

import org.chartbridge.chart.RegistrationState.KnownItem;
import org.chartbridge.chart.RegistrationState.KnownList;
import org.chartbridge.chart.RegistrationState.KnownPatient;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What one {@link Registration} adds: statements, which are never changed, and how the record, the
 * visit and the lists stand after them.
 */
final class RegistrationFacts {

    /**
     * What was said, word for word of meaning.
     *
     * @param entryId the entry that said it, which is an older one for what a record was brought
     *     with
     * @param visitId 0 when it is about no visit
     * @param said JSON
     */
    record StatementRow(
            long id,
            long entryId,
            long recordId,
            long visitId,
            String kind,
            String path,
            String partner,
            String trigger,
            int weight,
            EventTimes times,
            String said) {}

    /** A visit as it stands. */
    record VisitRow(long id, VisitKey key, long recordId, VisitTimeline.Now now) {}

    /**
     * An item as it was last named, or one that only changed whether it is on the list.
     *
     * @param statement null when what is known of it stays
     */
    record ItemRow(
            KnownItem item,
            long recordId,
            KnownList list,
            boolean onList,
            ListStatement.@Nullable Item statement) {}

    /** A sender's list as it stands. */
    record ListRow(long recordId, KnownList list) {}

    final List<StatementRow> statements = new ArrayList<>(4);
    final List<KnownPatient> patients = new ArrayList<>(1);
    final List<VisitRow> visits = new ArrayList<>(1);
    final List<VisitHomes.Moved> moved = new ArrayList<>(0);
    final List<ListRow> lists = new ArrayList<>(2);
    final List<ItemRow> items = new ArrayList<>(4);
    final List<DocumentContent> contents = new ArrayList<>(0);
}
