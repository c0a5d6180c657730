package org.chartbridge.mapping;

import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;
import org.springframework.stereotype.Component;

import java.util.List;

/**
 * Says where every fact of a message comes from: maps it once more under a {@link Recorder}, by the
 * same code that charted it. Pure like {@link Mappings#map}.
 */
@Component
public final class Explainer {
    private final Mappings mappings;

    Explainer(Mappings mappings) {
        this.mappings = mappings;
    }

    /**
     * The facts in the order of the message; none when it states nothing for the chart.
     *
     * @param partner as it was when the message was charted
     */
    public List<Explained> explain(Message message, Partner partner) {
        return explain(message, partner, true);
    }

    List<Explained> explain(Message message, Partner partner, boolean withPlaces) {
        var recorder = new Recorder();
        var mapped =
                ScopedValue.where(Recorder.RECORDING, recorder)
                        .call(() -> mappings.map(message, partner));
        return switch (mapped) {
            case Mapped.Update(var update, _) ->
                    Attributes.of(update, Repairs.of(message, partner), recorder, withPlaces);
            case Mapped.NotUnderstood _, Mapped.NotCharted _ -> List.of();
        };
    }
}
