package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.delivery.SetAside;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

/** Whose what can't be made is, and what it asks for. */
class UnmadePageTests {
    private static final String HEADER = "MSH|^~\\&|EMR|CLINIC|||20261122||ORM^O01|A|P|2.5.1\r";
    private static final String PID = "PID|1||0042^^^CLINIC^MR||DOE^Jane||19710203|F\r";

    @ParameterizedTest
    @CsvSource({
        "ORC|NW|P1^EMR; OBR|1|P1^EMR||K^Potassium^L, P1 K Potassium",
        "ORC|NW|P1^EMR; OBR|1|||K^Potassium^L; OBR|2|||NA^Sodium^L, P1 K Potassium; P1 NA Sodium",
        "ORC|CA|P1^EMR, P1",
        "ORC|CA|P1^EMR; ORC|NW|P2^EMR; OBR|1|P2||K, P1; P2 K",
        "ORC|NW|P1^EMR; RXO|AMOX^Amoxicillin^L|500||mg, P1 AMOX Amoxicillin",
        "ORC|RE|P1^EMR; RXE|1|AMOX^Amoxicillin^L, P1 AMOX Amoxicillin",
        "OBR|1||F1^LIS|K^Potassium^L, K Potassium",
        "RF1||R|CAR^^L|||R7^EMR||||I10^Hypertension^I10, R7 I10 Hypertension",
        "ORC|NW; PV1|1|O, ''",
    })
    void itsNumbersAndTestsAreNamed(String segments, String wanted) {
        var row = row(HEADER + PID + segments.replace("; ", "\r") + "\r");

        assertThat(row.orders()).isEqualTo(wanted);
        assertThat(row.about()).contains("DOE, Jane", "1971", "0042");
    }

    @Test
    void ofManyOrdersTheFirstAreNamedAndTheRestIsCounted() {
        var text = new StringBuilder(HEADER);
        for (int i = 1; i <= 9; i++) text.append("ORC|NW|P%1$d\rOBR|1|P%1$d||T%1$d\r".formatted(i));

        assertThat(row(text.toString()).orders()).isEqualTo("P1 T1; P2 T2; P3 T3; and 6 more");
    }

    @Test
    void whatNamesNobodyOrIsNoMessageNamesNobody() {
        assertThat(row(HEADER + "EVN|A01\r").about()).isEmpty();
        assertThat(row("").about() + row("what is this").orders()).isEmpty();
        assertThat(row(HEADER + PID)).hasToString("Row[7]");
    }

    private static UnmadePage.Row row(String body) {
        var item =
                new SetAside.Item(7, 1, "lab/orders", "ORM^O01", Instant.EPOCH, "", false, false);
        return UnmadePage.row(item, body.getBytes(UTF_8));
    }
}
