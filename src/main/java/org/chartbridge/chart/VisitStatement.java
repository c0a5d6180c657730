package org.chartbridge.chart;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * What a message says of one visit (PV1, PV2).
 *
 * @param path the segment that says it
 */
public record VisitStatement(
        VisitKey key, String path, VisitEvent event, Map<VisitField, FieldValue> fields) {

    public VisitStatement {
        fields = fields.isEmpty() ? new EnumMap<>(VisitField.class) : new EnumMap<>(fields);
    }

    /** The account that it names, as what may be moved; one or none. */
    Set<VisitKey> accounts() {
        return VisitKey.account(fields);
    }
}
