package org.chartbridge.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.ByOrder.Known;
import org.chartbridge.chart.ByOrder.Wanted;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * HL7-RULES §4: instruments without PID: specimen or accession to one open order, else hold. ⚠ A
 * number that was used again must never lead to somebody else.
 */
class ByOrderTests {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Concept POTASSIUM = Concept.of("2823-3", "Potassium", "LN");
    private static final Concept SODIUM = Concept.of("2951-2", "Sodium", "LN");

    @ParameterizedTest
    @CsvSource({"T1, T1", "T1, T1^EMR", "T1^EMR, T1", "T1^EMR, T1^EMR"})
    void theOpenOrderOfTheNumberSaysWhoseItIs(String sent, String ordered) {
        assertThat(found(List.of(order("M1", ordered, POTASSIUM, true, NOON)), sent))
                .isEqualTo("M1");
    }

    @Test
    void whatDiffersInNamespaceTestTimeOrStateIsAnotherOrder() {
        assertThat(found(List.of(order("M1", "T1^OTHER", POTASSIUM, true, NOON)), "T1^EMR"))
                .isEqualTo("order-not-known");
        assertThat(found(List.of(order("M1", "T1", SODIUM, true, NOON)), "T1"))
                .isEqualTo("order-not-known");
        assertThat(found(List.of(order("M1", "T1", POTASSIUM, false, NOON)), "T1"))
                .isEqualTo("order-not-known");
        assertThat(found(List.of(order("M1", "T1", POTASSIUM, true, null)), "T1"))
                .isEqualTo("order-not-known");
        assertThat(found(List.of(), "T1")).isEqualTo("order-not-known");
    }

    /** ⚠ Tubes are numbered anew every year. */
    @ParameterizedTest
    @ValueSource(ints = {-366, -31, 31})
    void anOrderOfAnotherTimeIsNotMeant(int days) {
        var then = NOON.plusSeconds(86_400L * days);

        assertThat(found(List.of(order("M1", "T1", POTASSIUM, true, then)), "T1"))
                .isEqualTo("order-not-known");
    }

    @Test
    void anOrderOfLastYearDoesNotHideThatOfNow() {
        var lastYear = order("M1", "T1", POTASSIUM, true, NOON.minusSeconds(86_400L * 365));

        assertThat(found(List.of(lastYear, order("M2", "T1", POTASSIUM, true, NOON)), "T1"))
                .isEqualTo("M2");
    }

    @Test
    void ordersOfTwoPatientsAreHeld() {
        assertThat(
                        found(
                                List.of(
                                        order("M1", "T1", POTASSIUM, true, NOON),
                                        order("M2", "T1", POTASSIUM, true, NOON)),
                                "T1"))
                .isEqualTo("orders-of-several");
    }

    @Test
    void severalNumbersHaveToLeadToOnePatient() {
        var orders =
                List.of(
                        order("M1", "T1", POTASSIUM, true, NOON),
                        order("M2", "T2", POTASSIUM, true, NOON));

        assertThat(found(orders, "T1", "T2")).isEqualTo("orders-of-several");
    }

    @Test
    void everyReportOfTheMessageNeedsItsOrder() {
        var known = order("M1", "T1", POTASSIUM, true, NOON);
        var results =
                new ByOrder(
                        "analyzer",
                        List.of(
                                new Wanted(List.of("T1"), POTASSIUM, NOON),
                                new Wanted(List.of("T9"), POTASSIUM, NOON)));

        results.find(List.of(known));

        assertThat(said(results)).isEqualTo("order-not-known");
    }

    /** ⚠ A filler counts its own numbers, from one like everybody. */
    @Test
    void aFillersNumberOfAnotherPartnerMeansNothing() {
        var own = filled("analyzer", "77");
        var other = filled("northlab", "77");
        var named = filled("northlab", "77^LIS");

        assertThat(found(List.of(own), "77")).isEqualTo("M1");
        assertThat(found(List.of(other), "77")).isEqualTo("order-not-known");
        assertThat(found(List.of(named), "77")).isEqualTo("order-not-known");
        assertThat(found(List.of(named), "77^LIS")).isEqualTo("M1");
    }

    @Test
    void twoNumbersOfOneOrderAreOnePatient() {
        assertThat(found(List.of(order("M1", "T1", POTASSIUM, true, NOON)), "S9", "T1"))
                .isEqualTo("M1");
    }

    private static String found(List<Known> orders, String... numbers) {
        var results =
                new ByOrder("analyzer", List.of(new Wanted(List.of(numbers), POTASSIUM, NOON)));
        results.find(orders);
        return said(results);
    }

    private static String said(ByOrder results) {
        var patient = results.patient();
        return patient == null
                ? results.doubts("OBR[1]").getFirst().reason().id()
                : patient.value();
    }

    private static Known filled(String partner, String filler) {
        return new Known(
                new RecordKey("CLINIC", "MR", "M1"),
                new UUID(0, 1),
                partner,
                "P9^EMR",
                filler,
                view(POTASSIUM),
                true,
                false,
                NOON,
                NOON);
    }

    private static Known order(
            String patient, String placer, Concept test, boolean open, @Nullable Instant at) {
        return new Known(
                new RecordKey("CLINIC", "MR", patient),
                new UUID(0, patient.charAt(1)),
                "emr",
                placer,
                "",
                view(test),
                open,
                false,
                at,
                at);
    }

    private static CodingView view(Concept test) {
        return new CodingView(test.code(), test.text(), test.system());
    }
}
