package org.chartbridge.chart;

import java.util.List;

/** What one message says about one patient or several, free of the syntax it was said in. */
public sealed interface ChartUpdate permits Registration, Results, Several {

    /** Whom the message is about; of several patients the first. */
    PatientClaim patient();

    /** The update in parts that are about one patient each; itself, when it is about one. */
    default List<? extends ChartUpdate> parts() {
        return List.of(this);
    }
}
