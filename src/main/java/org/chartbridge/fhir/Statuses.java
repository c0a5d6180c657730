package org.chartbridge.fhir;

import org.chartbridge.chart.ObservationStatus;
import org.hl7.fhir.r4.model.DiagnosticReport.DiagnosticReportStatus;
import org.hl7.fhir.r4.model.Observation;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Statuses of v2 as FHIR says them: OBX-11 (table 0085) and OBR-25 (table 0123). */
final class Statuses {
    /** Table 0123 without Y and Z, which stand in answers to queries only; and not sent. */
    private static final List<String> TABLE_0123 =
            List.of("O", "I", "S", "A", "P", "C", "R", "F", "X", "M", "N", "");

    private Statuses() {}

    /**
     * What FHIR calls it.
     *
     * @param corrected the chart knows that the value before it was final and another
     */
    static Observation.ObservationStatus of(ObservationStatus status, boolean corrected) {
        return switch (status) {
            case SPECIMEN_IN_LAB -> Observation.ObservationStatus.REGISTERED;
            case NOT_VERIFIED, PRELIMINARY, PARTIAL -> Observation.ObservationStatus.PRELIMINARY;
            case FINAL, VERIFIED, FINAL_UNCHANGED ->
                    corrected
                            ? Observation.ObservationStatus.CORRECTED
                            : Observation.ObservationStatus.FINAL;
            case CORRECTED -> Observation.ObservationStatus.CORRECTED;
            case AMENDED, APPENDED -> Observation.ObservationStatus.AMENDED;
            case CANNOT_BE_OBTAINED -> Observation.ObservationStatus.CANCELLED;
            // None of these is ever current, so none is served.
            case NOT_ASKED, ORDER_DETAIL -> Observation.ObservationStatus.UNKNOWN;
            case DELETED, WRONG_PATIENT -> Observation.ObservationStatus.ENTEREDINERROR;
        };
    }

    /** The letters of OBX-11 that FHIR calls one of these. */
    static List<String> letters(Set<String> fhir, boolean corrected) {
        return Arrays.stream(ObservationStatus.values())
                .filter(status -> fhir.contains(of(status, corrected).toCode()))
                .map(ObservationStatus::letter)
                .toList();
    }

    /** What FHIR calls an OBR-25. A status outside the table, or none, is {@code unknown}. */
    static DiagnosticReportStatus ofReport(String letter) {
        return switch (letter) {
            case "O", "I", "S", "N" -> DiagnosticReportStatus.REGISTERED;
            case "A", "R" -> DiagnosticReportStatus.PARTIAL;
            case "P", "M" -> DiagnosticReportStatus.PRELIMINARY;
            case "F" -> DiagnosticReportStatus.FINAL;
            case "C" -> DiagnosticReportStatus.CORRECTED;
            case "X" -> DiagnosticReportStatus.CANCELLED;
            default -> DiagnosticReportStatus.UNKNOWN;
        };
    }

    /** The letters of OBR-25 that FHIR calls one of these. */
    static List<String> reportLetters(Set<String> fhir) {
        return TABLE_0123.stream()
                .filter(letter -> fhir.contains(ofReport(letter).toCode()))
                .toList();
    }
}
