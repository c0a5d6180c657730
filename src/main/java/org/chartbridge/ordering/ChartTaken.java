package org.chartbridge.ordering;

import org.chartbridge.chart.AllergyView;
import org.chartbridge.chart.ClinicalDocumentView;
import org.chartbridge.chart.ConditionView;
import org.chartbridge.chart.DocumentContent;
import org.chartbridge.chart.MedicationOrderView;
import org.chartbridge.chart.ObservationView;
import org.chartbridge.chart.ReportView;

import java.time.Instant;
import java.util.List;

/**
 * What goes along with a referral from its patient's chart, as it was read in one picture.
 *
 * @param at when it was read
 * @param reports the last collected first
 * @param leftOut how many of each there are beyond the limits, or that can't go along; for people
 */
record ChartTaken(
        Instant at,
        List<ConditionView> problems,
        List<AllergyView> allergies,
        List<MedicationOrderView> medications,
        List<Results> reports,
        List<Letter> letters,
        List<String> leftOut) {

    ChartTaken {
        problems = List.copyOf(problems);
        allergies = List.copyOf(allergies);
        medications = List.copyOf(medications);
        reports = List.copyOf(reports);
        letters = List.copyOf(letters);
        leftOut = List.copyOf(leftOut);
    }

    /** A report with those of its values that go along. */
    record Results(ReportView report, List<ObservationView> values) {
        Results {
            values = List.copyOf(values);
        }
    }

    /** A PDF of a document. */
    record Letter(ClinicalDocumentView document, DocumentContent content) {}

    /** Prints what says nothing of a patient. */
    @Override
    public String toString() {
        return "ChartTaken[" + at + "]";
    }
}
