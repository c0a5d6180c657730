package org.chartbridge.chart;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What one authority calls a patient, for reading.
 *
 * @param authority PID-3.4 of the identifier that is this record's identity
 * @param birthDate {@code yyyy}, {@code yyyy-MM} or {@code yyyy-MM-dd}; empty when not sent
 * @param sex PID-8 as sent, table 0001
 * @param identifiers every repetition of PID-3, the record's own among them
 * @param demographics every field with its source; empty when nobody but laboratories spoke of the
 *     patient
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
        Map<DemographicField, StatedView> demographics,
        long entryId,
        String path,
        Instant recordedAt) {

    public RecordView {
        identifiers = List.copyOf(identifiers);
        demographics =
                demographics.isEmpty()
                        ? new EnumMap<>(DemographicField.class)
                        : new EnumMap<>(demographics);
    }

    /** A field's words; empty when nothing is known. */
    public String text(DemographicField field) {
        var stated = demographics.get(field);
        return stated == null ? "" : stated.text();
    }

    /** The id only: a record is a patient, and patients stay out of logs. */
    @Override
    public String toString() {
        return "RecordView[id=" + id + "]";
    }
}
