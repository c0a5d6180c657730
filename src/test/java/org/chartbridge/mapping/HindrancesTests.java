package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.chart.Registration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Objects;
import java.util.Optional;

/** What laboratories say keeps an order from being done. */
class HindrancesTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    OH | HD | ^Prepayment required       | payment
                    OH | HD | ^Account past due          | payment
                    UA |    | ABN^ABN not on file        | abn
                    UA |    | ^Fails medical necessity   | abn
                    OH | HD | AOE^AOE missing: fasting   | aoe
                    OC | CA | ^Specimen hemolyzed        | specimen
                    OC | CA | QNS                        | specimen
                    OH | HD | ^Waiting for the reagent   | ''
                    """)
    void aFillerThatStopsAnOrderSaysWhyInOrc16(
            String control, String status, String reason, String kind) {
        var value =
                hindrance(
                        "ORC|%s|P1|F1||%s|||||||||||%s\n"
                                .formatted(control, status == null ? "" : status, reason));

        assertThat(value).isNotNull();
        assertThat(Objects.requireNonNull(value).code()).isEqualTo(kind);
        assertThat(value.text()).isNotEmpty();
        assertThat(value.path()).isEqualTo("ORC-16");
    }

    @Test
    void aRejectedSpecimenIsToldBySpm21EvenOfAnOrderThatGoesOn() {
        var value =
                hindrance(
                        "ORC|SC|P1|F1||IP\nOBR|1|P1|F1|K\nSPM|1|||SER"
                                + "|".repeat(17)
                                + "RH^Hemolysis\n");

        assertThat(value).isEqualTo(new FieldValue("Hemolysis", "specimen", "", "SPM-21"));
    }

    @Test
    void anUnsignedNoticeIsToldByOrc20() {
        var value = hindrance("ORC|OK|P1|F1||A" + "|".repeat(15) + "4\n");

        assertThat(value).extracting(one -> Objects.requireNonNull(one).code()).isEqualTo("abn");
    }

    @Test
    void aNoteSaysWhyWhereOrcDoesNot() {
        var value = hindrance("ORC|UA|P1|F1\nNTE|1||Ask at order entry question 3 is unanswered\n");

        assertThat(value)
                .isEqualTo(
                        new FieldValue(
                                "Ask at order entry question 3 is unanswered", "aoe", "", "NTE-3"));
    }

    /** ⚠ "Payment received" beside an accepted order holds nothing. */
    @Test
    void wordsBesideAnOrderThatGoesOnHinderNothing() {
        assertThat(hindrance("ORC|OK|P1|F1||IP|||||||||||^Payment received\nNTE|1||ABN on file\n"))
                .isNull();
    }

    @Test
    void thePlacersOwnReasonIsNoHindrance() {
        assertThat(hindrance("ORM^O01", "ORC|HD|P1||||||||||||||^Payment\nOBR|1|P1||K^Potassium\n"))
                .isNull();
    }

    private static @Nullable FieldValue hindrance(String order) {
        return hindrance("ORR^O02", order);
    }

    private static @Nullable FieldValue hindrance(String type, String order) {
        var mapped =
                new OrderFamily()
                        .map(
                                Sent.message(
                                        "MSH|^~\\&|LIS|NORTHLAB|||20261103080000||"
                                                + type
                                                + "|H1|P|2.5.1\n"
                                                + "PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F\n"
                                                + order),
                                Sent.NORTHLAB);
        assertThat(mapped).isInstanceOf(Mapped.Update.class);
        var update = ((Mapped.Update) mapped).update();
        return ((Registration) update)
                .lists().stream()
                        .flatMap(list -> list.items().stream())
                        .map(ListStatement.Item::fields)
                        .flatMap(
                                fields ->
                                        Optional.ofNullable(fields.get(ItemField.HINDRANCE))
                                                .stream())
                        .findFirst()
                        .orElse(null);
    }
}
