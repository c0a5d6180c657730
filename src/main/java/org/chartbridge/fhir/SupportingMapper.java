package org.chartbridge.fhir;

import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.ObservationStatus;
import org.chartbridge.chart.Supporting;
import org.chartbridge.partner.Ucum;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Condition;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What stands beside an order, a document, an immunization or a referral, as resources that are
 * contained in it (v2-to-FHIR OML_O21, MDM_T02, VXU_V04): they are this message's word about it and
 * no results, orders or problems of the patient, so no search finds them ⚠ (HL7-RULES §5 and §7).
 */
final class SupportingMapper {
    private final Supporting supporting;
    private final UUID person;
    private final String partner;

    /**
     * @param partner whose words these are
     */
    SupportingMapper(Supporting supporting, UUID person, String partner) {
        this.supporting = supporting;
        this.person = person;
        this.partner = partner;
    }

    /** v2-to-FHIR OBX[Observation]. */
    List<Observation> observations() {
        var all = new ArrayList<Observation>();
        for (var observed : supporting.observations()) {
            var observation = new Observation();
            observation.setId("#observation-" + (all.size() + 1));
            observation.setStatus(
                    ObservationStatus.of(observed.status())
                            .map(status -> Statuses.of(status, false))
                            .orElse(Observation.ObservationStatus.UNKNOWN));
            observation.setCode(concept(observed.test()));
            observation.setSubject(subject());
            var time = time(observed.time());
            if (time != null) observation.setEffective(time);
            var value = value(observed);
            if (value != null) observation.setValue(value);
            for (var flag : observed.flags())
                observation.addInterpretation(Interpretations.of(flag));
            if (!observed.range().isEmpty())
                observation.addReferenceRange().setText(observed.range());
            all.add(observation);
        }
        return all;
    }

    /** v2-to-FHIR ORC and OBR[ServiceRequest]. How an order stands, only its own message says. */
    List<ServiceRequest> requests() {
        var all = new ArrayList<ServiceRequest>();
        for (var requested : supporting.requests()) {
            var request = new ServiceRequest();
            request.setId("#request-" + (all.size() + 1));
            request.setStatus(ServiceRequest.ServiceRequestStatus.UNKNOWN);
            request.setIntent(ServiceRequest.ServiceRequestIntent.ORDER);
            request.setSubject(subject());
            if (!requested.service().isEmpty()) request.setCode(concept(requested.service()));
            for (var number : requested.numbers())
                request.addIdentifier(Numbers.of(number.type(), number.number()));
            if (!requested.group().isEmpty())
                request.setRequisition(Numbers.of("PGN", requested.group()));
            requested.parents().forEach(parent -> request.addBasedOn(order(parent)));
            var ordered = time(requested.ordered());
            if (ordered != null) request.setAuthoredOnElement(ordered);
            all.add(request);
        }
        return all;
    }

    /** The services that are named, without what else is said of them. */
    List<CodeableConcept> services() {
        return supporting.requests().stream().map(one -> concept(one.service())).toList();
    }

    /** v2-to-FHIR DG1[Condition]; no more than what the referral is for. */
    List<Condition> conditions() {
        var all = new ArrayList<Condition>();
        for (var diagnosed : supporting.diagnoses()) {
            var condition = new Condition();
            condition.setId("#condition-" + (all.size() + 1));
            condition.setSubject(subject());
            condition.setCode(concept(diagnosed.diagnosis()));
            var began = time(diagnosed.began());
            if (began != null) condition.setOnset(began);
            all.add(condition);
        }
        return all;
    }

    /** Further numbers of the item itself. */
    List<Identifier> numbers() {
        return supporting.numbers().stream()
                .map(number -> Numbers.of(number.type(), number.number()))
                .toList();
    }

    /** Orders that the item goes deeper into, by their numbers. */
    List<Reference> parents() {
        return supporting.parents().stream().map(SupportingMapper::order).toList();
    }

    /** A visit that has no number; null when none is told of. */
    @Nullable Encounter visit() {
        var said = supporting.visit();
        if (said == null) return null;
        var visit = new Encounter();
        visit.setId("#visit");
        visit.setStatus(Encounter.EncounterStatus.UNKNOWN);
        visit.setClass_(EncounterMapper.patientClass(said.patientClass()));
        visit.setSubject(subject());
        if (!said.location().isEmpty())
            visit.addLocation().setLocation(new Reference().setDisplay(said.location()));
        return visit;
    }

    /** An order that is known by its number only. */
    static Reference order(String number) {
        return new Reference().setType("ServiceRequest").setIdentifier(Numbers.of(number));
    }

    private @Nullable Type value(Supporting.Observed observed) {
        if (!observed.number().isEmpty()) {
            var quantity = new Quantity().setValue(new BigDecimal(observed.number()));
            if (!observed.comparator().isEmpty())
                quantity.setComparator(Quantity.QuantityComparator.fromCode(observed.comparator()));
            if (!observed.unit().isEmpty()) quantity.setUnit(observed.unit());
            // Never guessed: only where OBX-6.3 says so, and UCUM has it.
            if (observed.unitSystem().equalsIgnoreCase("UCUM")
                    && !observed.unitCode().isEmpty()
                    && Ucum.isUnit(observed.unitCode()))
                quantity.setSystem(CodeSystems.UCUM).setCode(observed.unitCode());
            return quantity;
        }
        if (!observed.codings().isEmpty()) {
            var concept = concept(observed.codings());
            if (!concept.hasText() && !observed.text().isEmpty()) concept.setText(observed.text());
            return concept;
        }
        return observed.text().isBlank() ? null : new StringType(observed.text());
    }

    private CodeableConcept concept(List<CodingView> codings) {
        var concept = new CodeableConcept();
        for (var coding : codings) Concepts.add(concept, coding, partner);
        return concept;
    }

    private Reference subject() {
        return new Reference("Patient/" + person);
    }

    private static @Nullable DateTimeType time(Supporting.@Nullable Timed time) {
        if (time == null || time.instant().isEmpty()) return null;
        try {
            return Times.dateTime(Instant.parse(time.instant()), time.asSent());
        } catch (DateTimeException e) {
            return null;
        }
    }
}
