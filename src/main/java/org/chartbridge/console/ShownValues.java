package org.chartbridge.console;

import org.chartbridge.chart.ObservationView;
import org.chartbridge.chart.Observations;
import org.chartbridge.chart.Standing;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;

/** Adds to a value what a reader needs to judge it. */
@Component
class ShownValues {
    private final Observations observations;

    ShownValues(Observations observations) {
        this.observations = observations;
    }

    ShownValue withHistory(ObservationView value) {
        return shown(value, null);
    }

    /**
     * A value with its marks, and with its history where there is one.
     *
     * @param before see {@link ShownValue}
     */
    ShownValue shown(ObservationView value, @Nullable ObservationView before) {
        // Most values were said once: only the others are asked for.
        var history =
                value.version() > 1 || value.corrected()
                        ? observations.historyAsSaid(value.series())
                        : List.<ObservationView>of();
        var marks = new ArrayList<Mark>();
        var doubt = value.doubt();
        if (doubt != null) marks.add(Mark.of(doubt));
        if (!value.isNotPerformed()) marks.addAll(Mark.ofFlags(value.flags()));
        marks.addAll(Mark.ofStatus(value.status(), value.corrected(), value.isNotPerformed()));
        return new ShownValue(
                value,
                marks,
                before,
                was(value, history),
                history.size() > 1 ? history : List.of());
    }

    /** The last final value that differs and was current before. */
    private static @Nullable ObservationView was(
            ObservationView now, List<ObservationView> history) {
        if (!now.corrected()) return null;
        for (var old : history)
            if (old.id() != now.id()
                    && old.standing() == Standing.REPLACED
                    && !old.status().isPreliminary()
                    && !said(old).equals(said(now))) return old;
        return null;
    }

    private static String said(ObservationView value) {
        return value.valueText() + "|" + value.unit();
    }
}
