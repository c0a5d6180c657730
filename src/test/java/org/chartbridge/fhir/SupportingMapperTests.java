package org.chartbridge.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.StrictErrorHandler;

import org.chartbridge.chart.AppointmentView;
import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.ImmunizationView;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.ReferralView;
import org.chartbridge.chart.Source;
import org.chartbridge.chart.Supporting;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Immunization;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What is contained in an order, a dose or a referral, as it goes over the wire. */
class SupportingMapperTests {
    private static final FhirContext FHIR = FhirContext.forR4Cached();
    private static final UUID PERSON = new UUID(0, 7);
    private static final Source SOURCE =
            new Source("emr", 4, "OBR[1]", Instant.EPOCH, Instant.EPOCH);

    private static final Supporting.Observed WEIGHT =
            new Supporting.Observed(
                    List.of(new CodingView("29463-7", "Weight", "LN")),
                    "72.5",
                    "72.5",
                    "",
                    List.of(),
                    "kilogram",
                    "kg",
                    "UCUM",
                    "",
                    List.of("H"),
                    "O",
                    new Supporting.Timed("2026-11-03T00:00:00Z", "20261103"));

    private static final Supporting ALL =
            new Supporting(
                    List.of(WEIGHT),
                    List.of(
                            new Supporting.Requested(
                                    List.of(new Supporting.Numbered("PLAC", "P1^EMR")),
                                    "G1",
                                    List.of(),
                                    List.of(new CodingView("K", "Potassium", "L")),
                                    null)),
                    List.of(
                            new Supporting.Diagnosed(
                                    List.of(new CodingView("K63.3", "Ulcer", "I10")), null)),
                    List.of(new Supporting.Numbered("PLAC", "ALT")),
                    List.of("PP^EMR"),
                    new Supporting.Visited("O", "ER"),
                    List.of(),
                    List.of(),
                    List.of());

    @Test
    void theAnswersAtOrderEntryAreContainedInTheOrder() {
        var order = onTheWire(ServiceRequestMapper.of(order(ALL)), ServiceRequest.class);

        assertThat(order.getContained())
                .extracting(one -> one.fhirType())
                .containsExactlyInAnyOrder("Specimen", "Observation", "Encounter");
        var weight = (Observation) order.getSupportingInfoFirstRep().getResource();
        assertThat(weight.getValueQuantity().getCode()).isEqualTo("kg");
        assertThat(weight.getValueQuantity().getUnit()).isEqualTo("kilogram");
        assertThat(weight.getEffectiveDateTimeType().getValueAsString()).isEqualTo("2026-11-03");
        assertThat(weight.getStatus()).isEqualTo(Observation.ObservationStatus.UNKNOWN);
        assertThat(order.getBasedOnFirstRep().getIdentifier().getValue()).isEqualTo("PP");
        assertThat(order.getIdentifier()).extracting(id -> id.getValue()).contains("ALT");
    }

    /** dom-3: what is contained is referred to, or refers to what contains it. */
    @Test
    void whatIsSaidOfADoseIsContainedAndPartOfIt() {
        var dose = dose(ALL);

        assertThat(dose.getContained())
                .singleElement()
                .isInstanceOfSatisfying(
                        Observation.class,
                        one -> assertThat(one.getPartOfFirstRep().getReference()).isEqualTo("#"));
    }

    /** A registry may read CVX alone, and NDC may stand in front. */
    @Test
    void aDoseHasEveryCodingOfItsVaccine() {
        var others =
                new Supporting(
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        null,
                        List.of(new CodingView("58160-820-11", "Engerix", "NDC")),
                        List.of(),
                        List.of());

        assertThat(dose(others).getVaccineCode().getCoding())
                .extracting(coding -> coding.getCode())
                .containsExactly("08", "58160-820-11");
    }

    private static Immunization dose(Supporting supporting) {
        return onTheWire(
                ImmunizationMapper.of(
                        new ImmunizationView(
                                1,
                                PERSON,
                                true,
                                new CodingView("08", "HepB", "CVX"),
                                "F1",
                                null,
                                "",
                                "CP",
                                "",
                                "00",
                                "",
                                "",
                                "",
                                "",
                                "",
                                "",
                                "",
                                "",
                                supporting,
                                SOURCE)),
                Immunization.class);
    }

    @Test
    void aReferralSaysWhatItIsForAndHowItStands() {
        var referral =
                onTheWire(
                        ReferralMapper.of(
                                new ReferralView(
                                        3,
                                        PERSON,
                                        true,
                                        "R1^EMR",
                                        "X1",
                                        "requested",
                                        "",
                                        "R",
                                        "Medical",
                                        "",
                                        new CodingView("B", "Biopsy", "L"),
                                        "20261103",
                                        "garbage",
                                        "",
                                        "Ordway, Olga",
                                        "Speck, Sam",
                                        "",
                                        ALL,
                                        SOURCE),
                                "rejected"),
                        ServiceRequest.class);

        assertThat(referral.getIdPart()).isEqualTo("referral-3");
        assertThat(referral.getStatus()).isEqualTo(ServiceRequest.ServiceRequestStatus.REVOKED);
        assertThat(referral.getContained())
                .extracting(one -> one.fhirType())
                .containsExactlyInAnyOrder("Condition", "ServiceRequest", "Observation");
        assertThat(referral.getOccurrencePeriod().hasEnd()).isFalse();
    }

    @Test
    void anAppointmentNamesTheOrdersItIsForAndItsMinutes() {
        var appointment = AppointmentMapper.of(appointment("70 Min"));

        assertThat(appointment.getBasedOn())
                .extracting(order -> order.getIdentifier().getValue())
                .containsExactly("P1", "F1");
        assertThat(appointment.getMinutesDuration()).isEqualTo(70);
        assertThat(AppointmentMapper.of(appointment("2 weeks")).hasMinutesDuration()).isFalse();
    }

    private static AppointmentView appointment(String duration) {
        return new AppointmentView(
                1,
                PERSON,
                true,
                "A1",
                "booked",
                "",
                new CodingView("", "", ""),
                "",
                "",
                null,
                "",
                null,
                "",
                duration,
                "",
                "",
                List.of("P1^EMR", "F1"),
                Supporting.NONE,
                SOURCE);
    }

    @Test
    void nothingBesideIsNothingContained() {
        assertThat(ServiceRequestMapper.of(order(Supporting.NONE)).getSupportingInfo()).isEmpty();
    }

    private static PlacedOrderView order(Supporting supporting) {
        return new PlacedOrderView(
                5,
                PERSON,
                true,
                new CodingView("K", "Potassium", "L"),
                "P1",
                "F1",
                "",
                "active",
                "NW",
                "",
                "",
                null,
                "",
                Instant.parse("2026-11-03T08:00:00Z"),
                "202611030800",
                null,
                "",
                "",
                "",
                "Blood",
                "",
                supporting,
                SOURCE,
                "");
    }

    /** Encoded and read again by a parser that forgives nothing. */
    private static <T extends DomainResource> T onTheWire(T resource, Class<T> type) {
        var parser = FHIR.newJsonParser().setParserErrorHandler(new StrictErrorHandler());
        return parser.parseResource(type, parser.encodeResourceToString(resource));
    }
}
