package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What one update adds to the chart, ready to be written, and which older versions it moves. Rows
 * are in the order in which they have to be written.
 */
public final class Facts {

    final long entryId;
    final Instant recordedAt;
    final List<RecordRow> records = new ArrayList<>(1);

    /** Records that are known already, and from now on by an earlier claim. */
    final List<RecordRow> claims = new ArrayList<>(0);

    final List<Assertion> assertions = new ArrayList<>(0);
    final List<OrderRow> orders = new ArrayList<>(2);
    final List<ReportRow> reports = new ArrayList<>(2);
    final List<ObservationRow> observations = new ArrayList<>(16);
    final List<NoteRow> notes = new ArrayList<>(2);
    final List<DocumentRow> documents = new ArrayList<>(1);
    final List<Move> reportMoves = new ArrayList<>(2);
    final List<Move> observationMoves = new ArrayList<>(2);
    final List<Confirmation> confirmations = new ArrayList<>(0);
    final List<Joined> joined = new ArrayList<>(0);
    final List<KeptNotes> keptNotes = new ArrayList<>(0);
    final List<Completion> completions = new ArrayList<>(0);

    final List<Says> says = new ArrayList<>(0);
    final List<Placer> placers = new ArrayList<>(0);

    /** Orders of reports that are part of another one. */
    final List<Long> droppedOrders = new ArrayList<>(0);

    final List<OrderOf> ordersOf = new ArrayList<>(0);
    final List<MovedReport> movedReports = new ArrayList<>(0);
    final List<MovedValue> movedValues = new ArrayList<>(0);

    /** Reports by whose time of collection values are known that say none. */
    final List<Long> timed = new ArrayList<>(0);

    /** What an ADT message adds; null when it was none. */
    @Nullable RegistrationFacts registration;

    Facts(long entryId, Instant recordedAt) {
        this.entryId = entryId;
        this.recordedAt = recordedAt;
    }

    record RecordRow(long id, UUID personId, PatientClaim claim, Claimed claimed) {}

    record OrderRow(long id, long recordId, String partner, ReportStatement statement) {}

    record ReportRow(
            long id,
            long series,
            int version,
            Timeline.Place place,
            long recordId,
            long orderId,
            String partner,
            ReportStatement statement,
            int says,
            long contentHash) {}

    /**
     * A version of a value.
     *
     * @param value as said, or copied from the version before when inherited
     */
    record ObservationRow(
            long id,
            long series,
            int version,
            Timeline.Place place,
            long recordId,
            long reportSeries,
            ObservationStatement statement,
            Value value,
            String unit,
            String unitSystem,
            boolean inherited,
            boolean words,
            boolean appends,
            boolean noted,
            long notesOf,
            long contentHash) {

        /** What a version that appends said itself; null of any other. */
        @Nullable String ownText() {
            return appends ? statement.value().text() : null;
        }
    }

    record NoteRow(long id, long reportSeries, long target, NoteStatement statement) {}

    record DocumentRow(
            long id,
            long recordId,
            long reportSeries,
            long observationId,
            DocumentStatement statement,
            byte[] contentHash) {}

    /** A version that confirms another value than before (B, U, V without OBX-5). */
    record Confirmation(long id, PatientState.KnownValue.Shown value) {}

    /** A version that appends words (B) to others than before. */
    record Joined(long id, String text) {}

    /** An older version that keeps the notes of another one, or of none any more (0). */
    record KeptNotes(long id, long of) {}

    /** A version of a report and, of each field that it leaves empty, the one that says it. */
    record Completion(long id, Map<String, ReportTimeline.Version> words) {}

    /** A version of a report and what it says now ({@link ReportWords}). */
    record Says(long id, int says) {}

    /** The order of a report that was part of another, as its first version says it. */
    record OrderOf(long id, long report) {}

    /** A version that is one of another report now. */
    record MovedReport(long id, long before, long series, long orderId) {}

    /** A version of a value that is one of another report now. */
    record MovedValue(long id, long reportBefore, long reportSeries, long series, int version) {}

    /** OBR-2 of an order whose report did not say it before. */
    record Placer(long orderId, String number) {}

    /** An older version that stands elsewhere now. */
    record Move(long id, Timeline.Place place) {}
}
