package org.chartbridge.chart;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
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

    /**
     * Whether somebody who is described so is somebody else, by HL7-RULES §6: of another birth
     * date, or of another family name where no birth date confirms who it is. What is not said
     * contradicts nothing.
     *
     * @param families all family names that are said; those of any record are the patient's
     * @param birthDate {@code yyyy-MM-dd} to any precision; may be empty
     */
    public boolean isContradicted(Collection<String> families, String birthDate) {
        var known = new HashSet<String>();
        boolean dated = false;
        boolean born = false;
        for (var record : records) {
            if (!record.familyName().isEmpty()) known.add(Names.letters(record.familyName()));
            if (record.birthDate().isEmpty() || birthDate.isEmpty()) continue;
            dated = true;
            born |= Names.datesAgree(record.birthDate(), birthDate);
        }
        if (dated) return !born;
        var said = families.stream().map(Names::letters).filter(name -> !name.isEmpty()).toList();
        return !known.isEmpty() && !said.isEmpty() && said.stream().noneMatch(known::contains);
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
