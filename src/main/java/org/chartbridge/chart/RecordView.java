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

    /** The same record as it is to be shown, with what counts of all of the patient's numbers. */
    RecordView with(Map<DemographicField, StatedView> fields) {
        if (fields.isEmpty()) return this;
        return new RecordView(
                id,
                authority,
                idType,
                idValue,
                shown(fields, DemographicField.FAMILY, familyName),
                shown(fields, DemographicField.GIVEN, givenName),
                shown(fields, DemographicField.MIDDLE, middleName),
                shown(fields, DemographicField.SUFFIX, nameSuffix),
                shown(fields, DemographicField.BIRTH_DATE, birthDate),
                shown(fields, DemographicField.SEX, sex),
                OneLine.address(field -> shown(fields, field, "")),
                OneLine.phone(field -> shown(fields, field, "")),
                identifiers,
                fields,
                entryId,
                path,
                recordedAt);
    }

    /** The same without numbers that are another patient's since. */
    RecordView without(List<IdentifierView> moved) {
        if (moved.isEmpty()) return this;
        return new RecordView(
                id,
                authority,
                idType,
                idValue,
                familyName,
                givenName,
                middleName,
                nameSuffix,
                birthDate,
                sex,
                address,
                phone,
                identifiers.stream().filter(one -> !moved.contains(one)).toList(),
                demographics,
                entryId,
                path,
                recordedAt);
    }

    private static String shown(
            Map<DemographicField, StatedView> fields, DemographicField field, String otherwise) {
        var stated = fields.get(field);
        return stated == null ? otherwise : stated.text();
    }

    /** Whether the patient was named without a number, so that nothing says who else it is. */
    public boolean isUnidentified() {
        return RecordKey.isUnidentified(idType);
    }

    /** A field's words; empty when nothing is known. */
    public String text(DemographicField field) {
        var stated = demographics.get(field);
        return stated == null ? "" : stated.text();
    }

    /**
     * Whether it was said, after a time of death (PID-29), that the patient lives (PID-30 N). An
     * empty PID-29 takes nothing back, so both stand.
     */
    public boolean isDeathTakenBack() {
        var dead = demographics.get(DemographicField.DECEASED);
        var time = demographics.get(DemographicField.DEATH_TIME);
        if (dead == null || time == null || !contradictsDeath()) return false;
        var lives = dead.saidAt() == null ? Instant.MIN : dead.saidAt();
        var died = time.saidAt() == null ? Instant.MIN : time.saidAt();
        return lives.isAfter(died) || (lives.equals(died) && dead.entryId() > time.entryId());
    }

    /** Whether a time of death stands beside the word that the patient lives. */
    public boolean contradictsDeath() {
        return text(DemographicField.DECEASED).equalsIgnoreCase("N")
                && !text(DemographicField.DEATH_TIME).isEmpty();
    }

    /** The id only: a record is a patient, and patients stay out of logs. */
    @Override
    public String toString() {
        return "RecordView[id=" + id + "]";
    }
}
