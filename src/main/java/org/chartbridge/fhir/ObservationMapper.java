package org.chartbridge.fhir;

import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.NoteView;
import org.chartbridge.chart.ObservationView;
import org.chartbridge.partner.Ucum;
import org.hl7.fhir.r4.model.Annotation;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/** One version of a value as a FHIR Observation (v2-to-FHIR OBX[Observation]). */
final class ObservationMapper {
    private static final String SUB_ID =
            "http://hl7.org/fhir/StructureDefinition/observation-v2-subid";
    private static final String ANALYZED =
            "http://hl7.org/fhir/StructureDefinition/observation-analysis-date-time";

    private ObservationMapper() {}

    static Observation observation(ObservationView view) {
        var observation = new Observation();
        observation.setId("Observation/" + view.series() + "/_history/" + version(view));
        observation
                .getMeta()
                .setVersionId(version(view))
                .setLastUpdated(Date.from(updated(view)))
                .setSource(CodeSystems.entry(view.entryId()));
        // R4: "not known which of the status values currently applies"; status is a modifier.
        observation.setStatus(
                view.doubt() == null
                        ? Statuses.of(view.status(), view.corrected())
                        : Observation.ObservationStatus.UNKNOWN);
        observation
                .addCategory()
                .addCoding()
                .setSystem(CodeSystems.CATEGORY)
                .setCode("laboratory")
                .setDisplay("Laboratory");
        observation.setCode(test(view));
        observation.setSubject(new Reference("Patient/" + view.personId()));
        var effective = Times.dateTime(view.observedAt(), view.observedAsSent());
        if (effective != null) observation.setEffective(effective);
        if (view.issuedAt() != null) observation.setIssued(Date.from(view.issuedAt()));
        observation.addPerformer(
                new Reference()
                        .setDisplay(
                                view.performer().isEmpty() ? view.partner() : view.performer()));
        value(observation, view);
        view.flagList().stream()
                .filter(flag -> !flag.isBlank())
                .map(Interpretations::of)
                .forEach(observation::addInterpretation);
        if (!view.referenceRange().isEmpty())
            observation.addReferenceRange().setText(view.referenceRange());
        if (!view.method().isEmpty()) observation.getMethod().setText(view.method());
        if (view.doubt() != null)
            observation.addNote(new Annotation().setText(view.doubt().words()));
        for (var note : view.notes()) observation.addNote(note(note));
        if (!view.subId().isEmpty())
            observation
                    .addExtension()
                    .setUrl(SUB_ID)
                    .addExtension(
                            new Extension("original-sub-identifier", new StringType(view.subId())));
        if (view.analyzedAt() != null)
            observation
                    .addExtension()
                    .setUrl(ANALYZED)
                    .setValue(new DateTimeType(Date.from(view.analyzedAt())));
        return observation;
    }

    /** ⚠ What is served otherwise is another version, or a client would keep what it had. */
    static String version(ObservationView view) {
        return view.doubt() == null
                ? Integer.toString(view.version())
                : view.version() + "-" + view.doubt().entryId();
    }

    private static Instant updated(ObservationView view) {
        var doubt = view.doubt();
        return doubt != null && doubt.since().isAfter(view.recordedAt())
                ? doubt.since()
                : view.recordedAt();
    }

    /** The codings that were sent, and LOINC where it was only translated to. */
    private static CodeableConcept test(ObservationView view) {
        var concept =
                Concepts.of(
                        new CodingView(view.code(), view.codeText(), view.codeSystem()),
                        view.alternate(),
                        view.partner());
        if (!view.loinc().isEmpty() && !concept.hasCoding(CodeSystems.LOINC, view.loinc()))
            concept.addCoding().setSystem(CodeSystems.LOINC).setCode(view.loinc());
        return concept;
    }

    static Annotation note(NoteView view) {
        return new Annotation().setText(view.text());
    }

    /** A value, or why there is none: what was not performed never has a value. */
    private static void value(Observation observation, ObservationView view) {
        if (view.isNotPerformed()) {
            observation.setDataAbsentReason(absent("not-performed", view.valueText()));
            return;
        }
        var several = SeveralValues.of(view);
        if (!several.isEmpty()) {
            several(observation, several);
            return;
        }
        var value = value(view);
        if (value != null) observation.setValue(value);
        else if (!view.status().isPreliminary())
            observation.setDataAbsentReason(absent("unknown", ""));
    }

    /**
     * Codings of one concept mean the same, so each of several values is a component; the value
     * says all of them in words. A component's code has no coding, as that of the observation has
     * its own value (obs-7).
     */
    private static void several(Observation observation, List<CodeableConcept> values) {
        var words = new ArrayList<String>();
        for (var value : values) {
            words.add(value.getText());
            observation
                    .addComponent()
                    .setValue(value)
                    .getCode()
                    .setText(observation.getCode().getText() + " " + words.size());
        }
        observation.setValue(new CodeableConcept().setText(String.join("; ", words)));
    }

    private static @Nullable Type value(ObservationView view) {
        if (view.valueNumber() != null) return quantity(view);
        if (!view.valueCodings().isEmpty()) {
            var concept = new CodeableConcept();
            for (var coding : view.valueCodings()) Concepts.add(concept, coding, view.partner());
            if (!concept.hasText() && !view.valueText().isEmpty())
                concept.setText(view.valueText());
            return concept;
        }
        return view.valueText().isBlank() ? null : new StringType(withUnit(view));
    }

    /**
     * What is measured and yet no number (a range, a titre, {@code 4,5}) means nothing without its
     * unit (OBX-6) ⚠. Words have none, whatever their sender writes there.
     */
    private static String withUnit(ObservationView view) {
        var text = view.valueText();
        boolean measured = text.codePoints().anyMatch(Character::isDigit);
        return !measured || view.unit().isEmpty() || text.contains(view.unit())
                ? text
                : text + " " + view.unit();
    }

    private static Quantity quantity(ObservationView view) {
        var quantity = new Quantity().setValue(view.valueNumber());
        if (!view.comparator().isEmpty())
            quantity.setComparator(Quantity.QuantityComparator.fromCode(view.comparator()));
        if (!view.unit().isEmpty()) {
            quantity.setUnit(view.unit());
            // Never guessed: a unit is UCUM only when OBX-6.3 or the partner's table says so.
            boolean said = view.unitSystem().equalsIgnoreCase("UCUM") && Ucum.isUnit(view.unit());
            var ucum = said ? view.unit() : view.ucum();
            if (!ucum.isEmpty()) quantity.setSystem(CodeSystems.UCUM).setCode(ucum);
        }
        return quantity;
    }

    private static CodeableConcept absent(String code, String text) {
        var reason = new CodeableConcept();
        reason.addCoding().setSystem(CodeSystems.ABSENT).setCode(code);
        if (!text.isEmpty()) reason.setText(text);
        return reason;
    }
}
