package org.chartbridge.chart;

import java.time.Instant;
import java.util.List;

/**
 * What one authority calls a patient, for reading.
 *
 * @param authority PID-3.4 of the identifier that is this record's identity
 * @param birthDate {@code yyyy}, {@code yyyy-MM} or {@code yyyy-MM-dd}; empty when not sent
 * @param sex PID-8 as sent, table 0001
 * @param identifiers every repetition of PID-3, the record's own among them
 * @param entryId the journal entry that brought the record
 */
public record RecordView(
        long id,
        String authority,
        String idType,
        String idValue,
        String familyName,
        String givenName,
        String middleName,
        String nameSuffix,
        String birthDate,
        String sex,
        String address,
        String phone,
        List<IdentifierView> identifiers,
        long entryId,
        String path,
        Instant recordedAt) {

    public RecordView {
        identifiers = List.copyOf(identifiers);
    }

    /** The id only: a record is a patient, and patients stay out of logs. */
    @Override
    public String toString() {
        return "RecordView[id=" + id + "]";
    }
}
