package org.chartbridge.chart;

import java.util.List;

/**
 * What one message says in parts: about several patients, or registration beside results. It is
 * charted whole or held whole: half of a message would look like all of it.
 *
 * @param parts in the order of the message, at least two, none of them in parts itself
 */
public record Several(List<ChartUpdate> parts) implements ChartUpdate {

    public Several {
        parts = List.copyOf(parts);
        if (parts.size() < 2) throw new IllegalArgumentException("a single part is no Several");
        if (parts.stream().anyMatch(Several.class::isInstance))
            throw new IllegalArgumentException("parts within parts");
    }

    /** One update of some parts: the only one, or all of them. */
    public static ChartUpdate of(List<? extends ChartUpdate> parts) {
        return parts.size() == 1 ? parts.getFirst() : new Several(List.copyOf(parts));
    }

    @Override
    public Several withoutWaiting() {
        return new Several(parts.stream().map(ChartUpdate::withoutWaiting).toList());
    }

    @Override
    public boolean isAlone() {
        return parts.stream().anyMatch(ChartUpdate::isAlone);
    }

    /** All parts are of one message. */
    @Override
    public String partner() {
        return parts.getFirst().partner();
    }

    @Override
    public List<RecordKey> keys() {
        return parts.stream().flatMap(part -> part.keys().stream()).distinct().toList();
    }

    /** The first patient. */
    @Override
    public PatientClaim patient() {
        return parts.getFirst().patient();
    }
}
