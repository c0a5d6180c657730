package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What an ADT message says: who the patient is, a visit, and lists such as allergies.
 *
 * @param partner who says it
 * @param trigger MSH-9.2, for example {@code A08}
 * @param master whether the partner's word changes demographics
 * @param demographics fields that the message states, empty ones to be deleted; what it does not
 *     state is not in it
 * @param contents the bytes that items of {@code lists} name by their hash
 * @param visit null when the message is about no visit, or about one that can't be recognised
 */
public record Registration(
        String partner,
        PatientClaim patient,
        String trigger,
        boolean master,
        EventTimes times,
        Map<DemographicField, FieldValue> demographics,
        @Nullable VisitStatement visit,
        List<ListStatement> lists,
        List<DocumentContent> contents)
        implements ChartUpdate {

    /** The usual one, which brings no documents. */
    public Registration(
            String partner,
            PatientClaim patient,
            String trigger,
            boolean master,
            EventTimes times,
            Map<DemographicField, FieldValue> demographics,
            @Nullable VisitStatement visit,
            List<ListStatement> lists) {
        this(partner, patient, trigger, master, times, demographics, visit, lists, List.of());
    }

    public Registration {
        demographics =
                demographics.isEmpty()
                        ? new EnumMap<>(DemographicField.class)
                        : new EnumMap<>(demographics);
        lists = List.copyOf(lists);
        contents = List.copyOf(contents);
    }

    /** The event only. */
    @Override
    public String toString() {
        return "Registration[" + trigger + "]";
    }
}
