package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of a patient who had several numbers, field by field (HL7-RULES §6). Of a number
 * that was merged away only what was said after the merge counts like the word of the one that
 * stays: a duplicate that somebody registered in a hurry never overwrites the patient ⚠. What
 * nobody said of the number that stays is taken from the others. Pure, and a function of what was
 * said: the order of records and messages plays no part.
 */
final class Surviving {

    /**
     * What was said of one number.
     *
     * @param gone when it was merged into another; null for one that is in use
     */
    record OneNumber(Map<DemographicField, Stated> stated, @Nullable Moment gone) {}

    private Surviving() {}

    /**
     * @param stays what was said of the number that stays
     */
    static Map<DemographicField, Stated> of(
            Map<DemographicField, Stated> stays, List<OneNumber> others) {
        var fields = new EnumMap<DemographicField, Stated>(DemographicField.class);
        fields.putAll(stays);
        for (var other : others)
            other.stated()
                    .forEach(
                            (field, said) -> {
                                if (counts(other, said)) fields.merge(field, said, Stated::or);
                            });
        var old = new EnumMap<DemographicField, Stated>(DemographicField.class);
        for (var other : others)
            other.stated()
                    .forEach(
                            (field, said) -> {
                                if (!fields.containsKey(field)) old.merge(field, said, Stated::or);
                            });
        fields.putAll(old);
        return fields;
    }

    private static boolean counts(OneNumber number, Stated stated) {
        return number.gone() == null || stated.said().isAfter(number.gone());
    }
}
