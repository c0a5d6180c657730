package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * One version of one value, for reading.
 *
 * @param series the observation's identity, the same for all its versions
 * @param version counts what messages said about it, from 1
 * @param corrected it changed a value that had been final
 * @param replacedByEntry which entry replaced it; null while it stands
 * @param partner whose code it is
 * @param code OBX-3.1 as sent
 * @param alternate OBX-3.4-6; null when not sent
 * @param instance what tells it from others with this test and sub-id; mostly empty
 * @param status OBX-11, table 0085
 * @param valueType OBX-2 as sent
 * @param valueText for display; lines joined by {@code \n}
 * @param valueNumber when the value is one number, else null
 * @param comparator {@code <}, {@code <=}, {@code >}, {@code >=} or empty
 * @param saidNotPerformed words of the lab that the test was not done stand in place of a value
 * @param unitSystem OBX-6.3
 * @param loinc what the test is in LOINC, as sent or translated; empty when not known
 * @param ucum what the unit is in UCUM, likewise
 * @param flags OBX-8 as sent, repetitions joined by {@code ~}
 * @param observedAt when collected; null when unknown. For sorting: its precision is that of {@code
 *     observedAsSent}
 * @param saidAt OBR-22, else MSH-7: what orders the versions first; null when neither was sent
 * @param doubt why it is not valid as it stands; null of nearly all
 * @param notes of this version
 */
public record ObservationView(
        long id,
        long series,
        int version,
        Standing standing,
        boolean corrected,
        @Nullable Long replacedByEntry,
        @Nullable Instant replacedAt,
        long entryId,
        Instant recordedAt,
        String path,
        UUID personId,
        String partner,
        long reportSeries,
        String reportNumber,
        String code,
        String codeText,
        String codeSystem,
        @Nullable CodingView alternate,
        String subId,
        String instance,
        ObservationStatus status,
        String valueType,
        String valueText,
        @Nullable BigDecimal valueNumber,
        String comparator,
        List<CodingView> valueCodings,
        boolean saidNotPerformed,
        String unit,
        String unitSystem,
        String loinc,
        String ucum,
        String referenceRange,
        String flags,
        String method,
        String performer,
        @Nullable Instant observedAt,
        String observedAsSent,
        @Nullable Instant analyzedAt,
        @Nullable Instant issuedAt,
        @Nullable Instant saidAt,
        String controlId,
        @Nullable ValueDoubt doubt,
        List<NoteView> notes) {

    /** Coding systems that mean the same for every partner, table 0396. */
    static final Set<String> SHARED_SYSTEMS = Set.of("LN", "SCT");

    public ObservationView {
        valueCodings = List.copyOf(valueCodings);
        notes = List.copyOf(notes);
    }

    /**
     * Whether the test was not done: then {@link #valueText} is the reason and never a value
     * (OBX-11 X, or words of the lab in place of a value).
     */
    public boolean isNotPerformed() {
        return status == ObservationStatus.CANNOT_BE_OBTAINED || saidNotPerformed;
    }

    /** What was said, with its unit; of what was not done the reason alone. */
    public String valueAndUnit() {
        return unit.isEmpty() || isNotPerformed() ? valueText : valueText + " " + unit;
    }

    /** The flags one by one; none does not mean normal. */
    public List<String> flagList() {
        return flags.isEmpty() ? List.of() : List.of(flags.split("~"));
    }

    public TestKey testKey() {
        var shared = SHARED_SYSTEMS.contains(codeSystem);
        return new TestKey(
                shared ? "" : partner, codeSystem, code.isEmpty() ? codeText : code, subId);
    }

    ObservationView withNotes(List<NoteView> notes) {
        return with(doubt, notes);
    }

    /** The same, unless there is a doubt. */
    ObservationView doubted(@Nullable ValueDoubt doubt) {
        return doubt == null ? this : with(doubt, notes);
    }

    private ObservationView with(@Nullable ValueDoubt doubt, List<NoteView> notes) {
        return new ObservationView(
                id,
                series,
                version,
                standing,
                corrected,
                replacedByEntry,
                replacedAt,
                entryId,
                recordedAt,
                path,
                personId,
                partner,
                reportSeries,
                reportNumber,
                code,
                codeText,
                codeSystem,
                alternate,
                subId,
                instance,
                status,
                valueType,
                valueText,
                valueNumber,
                comparator,
                valueCodings,
                saidNotPerformed,
                unit,
                unitSystem,
                loinc,
                ucum,
                referenceRange,
                flags,
                method,
                performer,
                observedAt,
                observedAsSent,
                analyzedAt,
                issuedAt,
                saidAt,
                controlId,
                doubt,
                notes);
    }

    /** Whether it says what grew in a culture. */
    boolean isNameOfIsolate() {
        return Isolates.names(code, codeText, loinc);
    }

    /** Ids only. */
    @Override
    public String toString() {
        return "ObservationView[series=" + series + ", version=" + version + "]";
    }
}
