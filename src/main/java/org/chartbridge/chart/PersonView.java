package org.chartbridge.chart;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * One patient: the records that are believed to be the same person.
 *
 * @param records at least one; first the one that stays after all merges, then the oldest
 */
public record PersonView(UUID id, List<RecordView> records) {

    public PersonView {
        records = List.copyOf(records);
        if (records.isEmpty()) throw new IllegalArgumentException("a person without a record");
    }

    /** The record whose name, birth date and sex stand at the head of the chart. */
    public RecordView main() {
        return records.getFirst();
    }

    /** Whether no message had a number of the patient, and nobody said yet who it is. */
    public boolean isUnidentified() {
        return records.stream().allMatch(RecordView::isUnidentified);
    }

    /** When the last of the records was added. */
    public Instant recordedAt() {
        return records.stream()
                .map(RecordView::recordedAt)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** The id only. */
    @Override
    public String toString() {
        return "PersonView[id=" + id + "]";
    }
}
