package org.chartbridge.fhir;

import org.chartbridge.chart.ConditionView;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.Reference;

import java.util.Date;

/** A diagnosis or problem as a FHIR Condition (v2-to-FHIR DG1[Condition], PRB[Condition]). */
final class ConditionMapper {
    private ConditionMapper() {}

    static Condition of(ConditionView view) {
        var condition = new Condition();
        condition.setId(Long.toString(view.id()));
        condition.getMeta().setLastUpdated(Date.from(view.source().recordedAt()));
        condition.setSubject(new Reference("Patient/" + view.personId()));
        condition.setClinicalStatus(
                coded("http://terminology.hl7.org/CodeSystem/condition-clinical", view.standing()));
        boolean ofVisit = view.source().path().startsWith("DG1");
        condition.addCategory(
                coded(
                        "http://terminology.hl7.org/CodeSystem/condition-category",
                        ofVisit ? "encounter-diagnosis" : "problem-list-item"));
        condition.setCode(Concepts.of(view.code(), null, view.source().partner()));
        if (view.visitId() != 0)
            condition.setEncounter(new Reference("Encounter/" + view.visitId()));
        var onset = Times.dateTime(view.onset(), view.onsetAsSent());
        if (onset != null) condition.setOnset(onset);
        var abated = Times.dateTime(view.abated(), view.abatedAsSent());
        // FHIR con-4: what is active has no end.
        if (abated != null && !view.standing().equals("active")) condition.setAbatement(abated);
        if (!view.clinician().isEmpty())
            condition.setAsserter(new Reference().setDisplay(view.clinician()));
        return condition;
    }

    private static CodeableConcept coded(String system, String code) {
        return new CodeableConcept().addCoding(new Coding(system, code, null));
    }
}
