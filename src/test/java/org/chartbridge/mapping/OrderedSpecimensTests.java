package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.FieldValue;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.Registration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** Which specimen and container belong to which order. HL7 v2.5.1 §4.4.6 to §4.4.10. */
class OrderedSpecimensTests {

    /** ⚠ OML^O33, O35: they stand before the orders on them. */
    @ParameterizedTest
    @ValueSource(strings = {"O33", "O35"})
    void whatStandsBeforeTheOrdersIsTheirs(String trigger) {
        assertThat(
                        specimens(
                                trigger,
                                """
                                SPM|1|X1&EMR||SER
                                SAC|||C1
                                ORC|NW|I1
                                OBR|1|I1||NA^Sodium
                                OBR|2|I2||K^Potassium
                                SPM|2|X2&EMR||BLD
                                SAC|||C2
                                ORC|NW|I3
                                OBR|1|I3||CBC
                                SAC|||C3
                                ORC|NW|I4
                                OBR|1|I4||A1C
                                """))
                .containsExactly("I1 X1~C1", "I2 X1~C1", "I3 X2~C2", "I4 X2~C3");
    }

    /** Some call it O33 and write it as O21. */
    @ParameterizedTest
    @ValueSource(strings = {"O21", "O33"})
    void whatStandsBelowAnOrderIsThatOrders(String trigger) {
        assertThat(
                        specimens(
                                trigger,
                                """
                                ORC|NW|I1
                                OBR|1|I1||NA^Sodium
                                SPM|1|X1&EMR||SER
                                SAC|||C1
                                ORC|NW|I2
                                OBR|1|I2||CBC
                                SPM|1|X2&EMR||BLD
                                SAC|||C2
                                ORC|NW|I3
                                OBR|1|I3||A1C
                                """))
                .containsExactly("I1 X1~C1", "I2 X2~C2", "I3 ");
    }

    @Test
    void aSpecimenWithoutOrdersIsNobodys() {
        assertThat(
                        specimens(
                                "O33",
                                """
                                SPM|1|X1&EMR||SER
                                SPM|2|X2&EMR||BLD
                                ORC|NW|I1
                                OBR|1|I1||CBC
                                SPM|3|X3&EMR||SER
                                """))
                .containsExactly("I1 X2");
    }

    private static List<String> specimens(String trigger, String orders) {
        var message =
                Sent.message(
                        "MSH|^~\\&|EMR|CLINIC|||20261103080000||OML^"
                                + trigger
                                + "|H1|P|2.5.1\nPID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F\n"
                                + orders);
        var update = ((Mapped.Update) new OrderFamily().map(message, Sent.NORTHLAB)).update();
        return ((Registration) update)
                .lists().stream()
                        .flatMap(list -> list.items().stream())
                        .map(
                                item ->
                                        text(item.fields().get(ItemField.PLACER_NUMBER))
                                                + " "
                                                + text(
                                                        item.fields()
                                                                .get(ItemField.SPECIMEN_NUMBER)))
                        .toList();
    }

    private static String text(@Nullable FieldValue value) {
        return value == null ? "" : value.text();
    }
}
