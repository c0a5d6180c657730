package org.chartbridge.chart;

import java.util.List;

/** What one message says about one patient or several, free of the syntax it was said in. */
public sealed interface ChartUpdate permits IdentityChange, Registration, Results, Several {

    /** Folder of the partner who says it. */
    String partner();

    /** Whom the message is about; of several patients the first. */
    PatientClaim patient();

    /** The update in parts that are about one patient each; itself, when it is about one. */
    default List<? extends ChartUpdate> parts() {
        return List.of(this);
    }

    /** Every number that it names a patient by; the patient's own is one of them. */
    default List<RecordKey> keys() {
        return List.of(patient().key());
    }

    /** The same, charted whatever its codes are. */
    default ChartUpdate withoutWaiting() {
        return this;
    }

    /** Whether it has to be charted by itself, because it changes who others are. */
    default boolean isAlone() {
        return false;
    }
}
