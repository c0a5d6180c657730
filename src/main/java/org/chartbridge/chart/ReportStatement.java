package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What one message says about one report (an OBR and what belongs to it).
 *
 * @param path {@code OBR[n]}
 * @param number what identifies the report in the partner's namespace: OBR-3, else OBR-2, else
 *     {@code @} and the collection time as sent; never empty
 * @param placerNumber OBR-2, else ORC-2; may be empty
 * @param fillerNumber OBR-3, else ORC-3; may be empty
 * @param service OBR-4
 * @param status OBR-25, table 0123; empty when not sent
 * @param collected OBR-7
 * @param orderingProvider OBR-16, else ORC-12
 * @param interpreter OBR-32
 * @param parent OBR-11, OBR-26 and OBR-29
 * @param request what is said of the order and of the visit
 * @param whole whether it says all that is known under this OBR, so that what it leaves out is gone
 * @param notes NTE after this OBR, before its first OBX
 */
public record ReportStatement(
        String path,
        String number,
        String placerNumber,
        String fillerNumber,
        Concept service,
        String status,
        ClinicalTime collected,
        Said said,
        @Nullable ProviderName orderingProvider,
        @Nullable ProviderName interpreter,
        Parent parent,
        Map<RequestField, FieldValue> request,
        boolean whole,
        List<NoteStatement> notes,
        List<ObservationStatement> observations) {

    /** A report that stands by itself. */
    public ReportStatement(
            String path,
            String number,
            String placerNumber,
            String fillerNumber,
            Concept service,
            String status,
            ClinicalTime collected,
            Said said,
            @Nullable ProviderName orderingProvider,
            @Nullable ProviderName interpreter,
            List<NoteStatement> notes,
            List<ObservationStatement> observations) {
        this(
                path,
                number,
                placerNumber,
                fillerNumber,
                service,
                status,
                collected,
                said,
                orderingProvider,
                interpreter,
                Parent.NONE,
                Map.of(),
                false,
                notes,
                observations);
    }

    /** What a report number made of the collection time starts with. */
    public static final String BY_COLLECTION_TIME = "@";

    /** What stands for the test where nobody ordered one: OBX without an OBR, or of a monitor. */
    public static final String WITHOUT_ORDER = "Observations without an order";

    public ReportStatement {
        request =
                request.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(request));
        notes = List.copyOf(notes);
        observations = List.copyOf(observations);
        if (number.isEmpty()) throw new IllegalArgumentException("a report without number");
    }

    /** Whether the number is an order number, which belongs to one patient only. */
    public boolean hasOrderNumber() {
        return !number.startsWith(BY_COLLECTION_TIME);
    }
}
