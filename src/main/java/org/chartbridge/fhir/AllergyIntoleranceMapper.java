package org.chartbridge.fhir;

import org.chartbridge.chart.AllergyView;
import org.hl7.fhir.r4.model.AllergyIntolerance;
import org.hl7.fhir.r4.model.AllergyIntolerance.AllergyIntoleranceCategory;
import org.hl7.fhir.r4.model.AllergyIntolerance.AllergyIntoleranceCriticality;
import org.hl7.fhir.r4.model.AllergyIntolerance.AllergyIntoleranceSeverity;
import org.hl7.fhir.r4.model.AllergyIntolerance.AllergyIntoleranceType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Reference;

import java.util.Date;
import java.util.Set;

/**
 * An allergy as a FHIR AllergyIntolerance (v2-to-FHIR AL1[AllergyIntolerance]). "No known
 * allergies" is none: no resource says so.
 */
final class AllergyIntoleranceMapper {
    private static final String ALTERNATE_CODES =
            "http://hl7.org/fhir/StructureDefinition/alternate-codes";

    /** Table 0127, but MC: a contraindication is none. */
    private static final Set<String> ALLERGIES = Set.of("DA", "FA", "MA", "EA", "AA", "PA", "LA");

    /** Table 0128. */
    private static final Set<String> SEVERITIES = Set.of("SV", "MO", "MI", "U");

    private AllergyIntoleranceMapper() {}

    static AllergyIntolerance of(AllergyView view) {
        var allergy = new AllergyIntolerance();
        allergy.setId(Long.toString(view.id()));
        allergy.getMeta().setLastUpdated(Date.from(view.source().recordedAt()));
        view.numbers().forEach(number -> allergy.addIdentifier(Numbers.of(number)));
        allergy.setPatient(new Reference("Patient/" + view.personId()));
        // What never was one has no clinical status (FHIR R4 AllergyIntolerance, ait-2).
        if (!view.inError())
            allergy.setClinicalStatus(
                    coded(
                            "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
                            view.counts() ? "active" : "inactive"));
        verification(allergy, view);
        allergy.setCode(
                Concepts.ofAll(view.substance(), view.alternates(), view.source().partner()));
        switch (view.category()) {
            case "DA" -> allergy.addCategory(AllergyIntoleranceCategory.MEDICATION);
            case "FA" -> allergy.addCategory(AllergyIntoleranceCategory.FOOD);
            case "EA", "PA", "LA" -> allergy.addCategory(AllergyIntoleranceCategory.ENVIRONMENT);
            case "AA" -> allergy.addCategory(AllergyIntoleranceCategory.BIOLOGIC);
            default -> {} // Table 0127 has letters that FHIR has no category for.
        }
        switch (view.severity()) {
            case "SV" -> allergy.setCriticality(AllergyIntoleranceCriticality.HIGH);
            case "MI" -> allergy.setCriticality(AllergyIntoleranceCriticality.LOW);
            default -> {} // Moderate has no criticality, and unknown says nothing.
        }
        original(allergy, view);
        var onset = Times.dateTime(view.onset(), view.onsetAsSent());
        if (onset != null) allergy.setOnset(onset);
        if (!view.reaction().isEmpty()) reaction(allergy, view);
        return allergy;
    }

    /** What FHIR's few words leave out: the letters of tables 0127 and 0128 as they were sent. */
    private static void original(AllergyIntolerance allergy, AllergyView view) {
        if (ALLERGIES.contains(view.category())) allergy.setType(AllergyIntoleranceType.ALLERGY);
        if (ALLERGIES.contains(view.category()) || view.category().equals("MC")) {
            var category =
                    allergy.hasCategory()
                            ? allergy.getCategory().getFirst()
                            : allergy.addCategoryElement();
            category.addExtension(ALTERNATE_CODES, asSent("v2-0127", view.category()));
        }
        if (SEVERITIES.contains(view.severity()))
            allergy.getCriticalityElement()
                    .addExtension(ALTERNATE_CODES, asSent("v2-0128", view.severity()));
    }

    private static CodeableConcept asSent(String table, String letters) {
        return coded("http://terminology.hl7.org/CodeSystem/" + table, letters);
    }

    /** IAM-17, table 0438. */
    private static void verification(AllergyIntolerance allergy, AllergyView view) {
        var system = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";
        if (view.inError()) {
            allergy.setVerificationStatus(coded(system, "entered-in-error"));
            return;
        }
        switch (view.clinicalStatus()) {
            case "C", "I" -> allergy.setVerificationStatus(coded(system, "confirmed"));
            case "U", "P", "S", "D" -> allergy.setVerificationStatus(coded(system, "unconfirmed"));
            default -> {} // Nothing was said.
        }
    }

    private static void reaction(AllergyIntolerance allergy, AllergyView view) {
        var reaction = allergy.addReaction();
        for (var one : view.reaction().split("; ", -1)) reaction.addManifestation().setText(one);
        switch (view.severity()) {
            case "SV" -> reaction.setSeverity(AllergyIntoleranceSeverity.SEVERE);
            case "MO" -> reaction.setSeverity(AllergyIntoleranceSeverity.MODERATE);
            case "MI" -> reaction.setSeverity(AllergyIntoleranceSeverity.MILD);
            default -> {} // Unknown.
        }
    }

    private static CodeableConcept coded(String system, String code) {
        return new CodeableConcept().addCoding(new Coding(system, code, null));
    }
}
