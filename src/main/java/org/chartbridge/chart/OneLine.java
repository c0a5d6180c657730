package org.chartbridge.chart;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Fields of a person that lists and results show as one. */
final class OneLine {
    private OneLine() {}

    /** The address in one line. */
    static String address(Function<DemographicField, String> text) {
        var region =
                joined(
                        " ",
                        text.apply(DemographicField.STATE),
                        text.apply(DemographicField.POSTAL_CODE));
        return joined(
                ", ",
                text.apply(DemographicField.STREET),
                text.apply(DemographicField.ADDRESS_LINE),
                text.apply(DemographicField.CITY),
                region,
                text.apply(DemographicField.COUNTRY));
    }

    /** The number to call, wherever it rings. */
    static String phone(Function<DemographicField, String> text) {
        for (var field :
                List.of(
                        DemographicField.PHONE,
                        DemographicField.MOBILE,
                        DemographicField.WORK_PHONE))
            if (!text.apply(field).isEmpty()) return text.apply(field);
        return "";
    }

    private static String joined(String between, String... parts) {
        var said = new ArrayList<String>();
        for (var part : parts) if (!part.isEmpty()) said.add(part);
        return String.join(between, said);
    }
}
