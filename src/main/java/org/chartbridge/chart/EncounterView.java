package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;

/**
 * A visit as it stands.
 *
 * @param number empty when it has none, and is told by patient and time of admission
 * @param fields every field with its source
 * @param entryId the journal entry that spoke of it last, in order of events
 */
public record EncounterView(
        long id,
        UUID personId,
        VisitStatus status,
        String number,
        String authority,
        Map<VisitField, StatedView> fields,
        String partner,
        long entryId,
        String path,
        Instant recordedAt) {

    public EncounterView {
        fields = fields.isEmpty() ? new EnumMap<>(VisitField.class) : new EnumMap<>(fields);
    }

    /** A field's words; empty when nothing is known. */
    public String text(VisitField field) {
        var stated = fields.get(field);
        return stated == null ? "" : stated.text();
    }

    /** A field's code, or its words where it has none. */
    public String code(VisitField field) {
        var stated = fields.get(field);
        if (stated == null) return "";
        return stated.code().isEmpty() ? stated.text() : stated.code();
    }

    /** The moment of a time; null when it is not known or no time. */
    public @Nullable Instant instant(VisitField field) {
        var stated = fields.get(field);
        return stated == null || stated.code().isEmpty() ? null : Instant.parse(stated.code());
    }

    /** The id only. */
    @Override
    public String toString() {
        return "EncounterView[id=" + id + "]";
    }
}
