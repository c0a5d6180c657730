package org.chartbridge.fhir;

import org.chartbridge.chart.Source;
import org.chartbridge.journal.Overrides.Overridden;
import org.chartbridge.screening.Alert;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DetectedIssue;
import org.hl7.fhir.r4.model.DetectedIssue.DetectedIssueSeverity;
import org.hl7.fhir.r4.model.DetectedIssue.DetectedIssueStatus;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;

import java.util.Date;

/**
 * An alert as a FHIR DetectedIssue. What it is about is named in words with the message that said
 * it: an order of imaging with contrast has no resource of medication to refer to. An override is a
 * mitigation, and the issue stays.
 */
final class DetectedIssueMapper {
    private DetectedIssueMapper() {}

    static DetectedIssue of(Alert alert, @Nullable Overridden override) {
        var issue = new DetectedIssue();
        issue.setId(alert.person().toString().replace("-", "") + alert.key());
        issue.setStatus(
                override == null ? DetectedIssueStatus.PRELIMINARY : DetectedIssueStatus.FINAL);
        issue.setCode(code(alert));
        issue.setSeverity(
                switch (alert.severity()) {
                    case HIGH -> DetectedIssueSeverity.HIGH;
                    case MODERATE -> DetectedIssueSeverity.MODERATE;
                    case LOW -> DetectedIssueSeverity.LOW;
                });
        issue.setPatient(new Reference("Patient/" + alert.person()));
        issue.setDetail(alert.text() + (alert.rule().isEmpty() ? "" : " (" + alert.rule() + ")"));
        issue.addImplicated(implicated(alert.drug(), alert.order()));
        for (var source : alert.because()) issue.addImplicated(implicated(alert.cause(), source));
        if (override != null) {
            var mitigation = issue.addMitigation();
            mitigation.setAction(new CodeableConcept().setText("Overridden: " + override.reason()));
            mitigation.setDateElement(new DateTimeType(Date.from(override.at())));
            mitigation.setAuthor(new Reference().setDisplay(override.account()));
        }
        return issue;
    }

    private static Reference implicated(String what, Source source) {
        return new Reference()
                .setDisplay(
                        what
                                + ", "
                                + source.partner()
                                + " message "
                                + source.entryId()
                                + " "
                                + source.path());
    }

    /** {@code ALGY}, {@code DRG} are of ActCode's detected issues; a drug unknown here has none. */
    private static CodeableConcept code(Alert alert) {
        var code =
                switch (alert.kind()) {
                    case ALLERGY, CROSS_REACTION -> "ALGY";
                    case INTERACTION -> "DRG";
                    case NOT_SCREENED -> "";
                };
        var concept = new CodeableConcept().setText(alert.kind().title());
        if (!code.isEmpty())
            concept.addCoding(
                    new Coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", code, null));
        return concept;
    }
}
