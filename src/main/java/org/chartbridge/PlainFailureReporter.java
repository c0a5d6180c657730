package org.chartbridge;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

import java.util.Objects;

/** Why a start failed and what to do, as sentences on standard error. */
class PlainFailureReporter implements FailureAnalysisReporter {
    @Override
    public void report(FailureAnalysis analysis) {
        System.err.println();
        System.err.println("Chartbridge did not start.");
        System.err.println(analysis.getDescription());
        System.err.println(Objects.requireNonNullElse(analysis.getAction(), ""));
        System.err.println();
    }
}
