package org.chartbridge.fhir;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;

import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueSeverity;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;

import java.util.List;

/** An order that was not placed, with all that keeps it from it: what, where and the remedy. */
final class NotPlaced extends BaseServerResponseException {
    private static final long serialVersionUID = 1;

    /**
     * One reason.
     *
     * @param expression FHIRPath of the element; empty when it is about none
     * @param text for people, with the remedy; never a value that came
     */
    record Fault(IssueType type, String expression, String text) {}

    private NotPlaced(int status, List<Fault> faults, IssueSeverity severity) {
        super(status, "not placed", outcome(faults, severity));
    }

    /** What the request says can't be ordered: 422. */
    static NotPlaced faulty(List<Fault> faults) {
        return new NotPlaced(422, faults, IssueSeverity.ERROR);
    }

    /**
     * One reason and its status.
     *
     * @param status of HTTP
     */
    static NotPlaced because(int status, IssueType type, String expression, String text) {
        return new NotPlaced(
                status,
                List.of(new Fault(type, expression, text)),
                status < 300 ? IssueSeverity.INFORMATION : IssueSeverity.ERROR);
    }

    /** What has to be known about an order that was placed. */
    static OperationOutcome warnings(List<Fault> warnings) {
        return outcome(warnings, IssueSeverity.WARNING);
    }

    /** What was done. */
    static OperationOutcome told(String text) {
        return outcome(
                List.of(new Fault(IssueType.INFORMATIONAL, "", text)), IssueSeverity.INFORMATION);
    }

    /** What was done, and what has to be known about it. */
    static OperationOutcome told(String text, List<String> warnings) {
        var outcome = told(text);
        for (var warning : warnings)
            outcome.addIssue()
                    .setSeverity(IssueSeverity.WARNING)
                    .setCode(IssueType.BUSINESSRULE)
                    .setDiagnostics(warning);
        return outcome;
    }

    private static OperationOutcome outcome(List<Fault> faults, IssueSeverity severity) {
        var outcome = new OperationOutcome();
        for (var fault : faults) {
            var issue =
                    outcome.addIssue()
                            .setSeverity(severity)
                            .setCode(fault.type())
                            .setDiagnostics(fault.text());
            if (!fault.expression().isEmpty()) issue.addExpression(fault.expression());
        }
        return outcome;
    }
}
