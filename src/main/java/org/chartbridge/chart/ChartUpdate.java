package org.chartbridge.chart;

/** What one message says about one patient, free of the syntax it was said in. */
public sealed interface ChartUpdate permits Registration, Results {

    /** Whom the message is about. */
    PatientClaim patient();
}
