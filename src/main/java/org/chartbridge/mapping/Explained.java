package org.chartbridge.mapping;

import org.chartbridge.hl7.Span;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * One fact that a message states, and where each of its attributes comes from.
 *
 * @param kind what it is, such as {@code Observation} or {@code Item}: the record of the chart's
 *     without {@code Statement} or {@code Claim}
 * @param path where it stands, such as {@code OBX[3]}; the same as in the chart
 */
public record Explained(String kind, String path, List<Attribute> attributes) {

    public Explained {
        attributes = List.copyOf(attributes);
    }

    /**
     * One attribute.
     *
     * @param name such as {@code unit} or {@code translation.loinc}
     * @param value as it goes into the chart; empty where the message deletes it
     * @param rule what made it; null where no rule is known, which a test forbids
     * @param places where the rule looked, in order; empty where a setting or a default decides
     * @param codesLine the line of the partner's {@code codes.csv}; 0 where none said it
     * @param repairs the rules of {@code repairs.edit.yaml} that changed one of the places before
     *     it was read: folder, file, line and id; usually none
     */
    public record Attribute(
            String name,
            String value,
            @Nullable Rule rule,
            List<Place> places,
            int codesLine,
            List<String> repairs) {
        public Attribute {
            places = List.copyOf(places);
            repairs = List.copyOf(repairs);
        }

        /** The name only: values are about a patient. */
        @Override
        public String toString() {
            return "Attribute[" + name + "]";
        }
    }

    /**
     * A place that a rule looked at.
     *
     * @param path such as {@code OBX[3]-5.1}
     * @param text what stands there, escapes decoded; empty where nothing does
     * @param spans the bytes as they came; none where the place is not there
     */
    public record Place(String path, String text, List<Span> spans) {
        public Place {
            spans = List.copyOf(spans);
        }

        /** The place only. */
        @Override
        public String toString() {
            return "Place[" + path + "]";
        }
    }

    /** The place only. */
    @Override
    public String toString() {
        return "Explained[" + kind + " " + path + "]";
    }
}
