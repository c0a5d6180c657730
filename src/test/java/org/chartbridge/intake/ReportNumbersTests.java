package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.ANN;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.chartbridge.intake.IdentityEngine.oru;

import org.chartbridge.chart.OneNumber;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashSet;
import java.util.List;
import java.util.UUID;

/**
 * ⚠ HL7-RULES §4, identity: a laboratory's number with and without its namespace (OBR-3.2) is one
 * report; a correction that leaves it out stood beside the value it corrects.
 */
class ReportNumbersTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final String SAME = "M3^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final String ROE = "M2^^^CLINIC^MR||ROE^Rita||19800101|F";

    @Test
    void withAndWithoutTheNamespaceIsOneReportInAnyOrder() {
        var messages =
                List.of(
                        oru("C3", DOE, "A-1", "4.1", "P"),
                        oru("C4", DOE, "A-1^LAB", "4.2", "F"),
                        oru("C5", DOE, "A-1", "4.3", "C"));
        var hashes = new HashSet<String>();
        for (var order : List.of("012", "021", "102", "120", "201", "210"))
            try (var engine = registered()) {
                for (int i = 0; i < 3; i++) engine.send(LAB, messages.get(order.charAt(i) - '0'));

                assertThat(engine.values()).as(order).isEqualTo("M1 4.3");
                assertThat(engine.one("select count(distinct series) from report")).isEqualTo("1");
                assertThat(engine.rebuilt().isEqual()).isTrue();
                hashes.add(engine.hash());
            }

        assertThat(hashes).hasSize(1);
    }

    @Test
    void bothInOneGroupAreOneReport() {
        try (var engine = registered()) {
            var message = oru("C3", DOE, "A-1^LAB", "4.1", "F");
            var obr = message.lines().filter(line -> line.startsWith("OBR")).findFirst();

            engine.send(
                    LAB,
                    message
                            + obr.orElseThrow().replace("A-1^LAB", "A-1")
                            + "\nOBX|1|NM|2951-2^Sodium^LN||140|mmol/L|||||F\n");

            assertThat(engine.one("select count(distinct series) from report")).isEqualTo("1");
            assertThat(engine.values()).isEqualTo("M1 140 / M1 4.1");
        }
    }

    @Test
    void twoNamespacesAreTwoReports() {
        try (var engine = registered()) {
            engine.send(LAB, oru("C3", DOE, "A-1^MICRO", "4.1", "F"));
            engine.send(LAB, oru("C4", DOE, "A-1^CHEM", "4.3", "F"));

            assertThat(engine.values()).isEqualTo("M1 4.1 / M1 4.3");
        }
    }

    /** ⚠ Which of the two is meant, nobody knows. */
    @ParameterizedTest
    @ValueSource(strings = {"012", "021", "102", "120", "201", "210"})
    void betweenTwoNamespacesTheLastOneIsHeld(String order) {
        var messages =
                List.of(
                        oru("C3", DOE, "A-1^MICRO", "4.1", "F"),
                        oru("C4", DOE, "A-1^CHEM", "4.2", "F"),
                        oru("C5", DOE, "A-1", "4.3", "F"));
        try (var engine = registered()) {
            for (int i = 0; i < 3; i++) engine.send(LAB, messages.get(order.charAt(i) - '0'));

            var last = "C" + (order.charAt(2) - '0' + 3);
            assertThat(engine.state(last)).isEqualTo("held");
            assertThat(engine.reasons(last)).containsExactly("order-number-ambiguous");
        }
    }

    @Test
    void anotherPatientsNumberButForItsNamespaceWaits() {
        try (var engine = registered()) {
            engine.send(LAB, oru("C3", DOE, "A-1^MICRO", "4.1", "F"));
            engine.send(LAB, oru("C4", ROE, "A-1", "4.3", "F"));
            engine.send(LAB, oru("C5", DOE, "A-1^MICRO", "4.2", "C"));

            assertThat(engine.values()).isEqualTo("M1 4.2");
            assertThat(engine.reasons("C4")).containsExactly("order-number-of-another-patient");
        }
    }

    @Test
    void aNumberThatIsUsedAgainIsHeldWithoutItsNamespaceToo() {
        try (var engine = registered()) {
            engine.send(LAB, oru("C3", DOE, "A-1^LAB", "4.1", "F"));
            engine.send(
                    LAB,
                    oru("C4", DOE, "A-1", "4.3", "F").replace("20261122074500", "20261222074500"));

            assertThat(engine.reasons("C4"))
                    .containsExactly("collected-too-far-apart", "collected-in-future");
        }
    }

    @Test
    void theDatabaseComparesNumbersLikewise() {
        var numbers =
                List.of(
                        "E1",
                        "E1^EMR",
                        "E1^emr",
                        "E1^LAB",
                        "E1^1.2.840.1",
                        "E1^1.2.840.2",
                        "E1^3.2.1",
                        "E1^4F2A0C1E-1111-2222-3333-0123456789AB",
                        "E1^4f2a0c1e-1111-2222-3333-0123456789ab",
                        "E2^EMR");
        try (var engine = new IdentityEngine()) {
            for (var one : numbers)
                for (var other : numbers)
                    assertThat(engine.one("select same_number('" + one + "', '" + other + "')"))
                            .as(one + " " + other)
                            .isEqualTo(OneNumber.isOne(one, other) ? "t" : "f");
        }
    }

    /** EI.2 with EI.3, EI.3 alone, and EI.2 in other letters. */
    @ParameterizedTest
    @CsvSource({
        "A-1^LAB^1.2.3^ISO, A-1^^1.2.3^ISO, A-1^lab",
        "A-1^^1.2.3^ISO, A-1^Lab, A-1",
        "A-1^^4f2a0c1e-1111-2222-3333-0123456789ab^UUID, A-1^LAB, A-1^LAB^4f2a0c1e^UUID",
    })
    void aNumberInThreeFormsIsOneReportInAnyOrder(String one, String other, String third) {
        var messages =
                List.of(
                        oru("C3", DOE, one, "4.1", "P"),
                        oru("C4", DOE, other, "4.2", "F"),
                        oru("C5", DOE, third, "4.3", "C"));
        var hashes = new HashSet<String>();
        for (var order : List.of("012", "021", "102", "120", "201", "210"))
            try (var engine = registered()) {
                for (int i = 0; i < 3; i++) engine.send(LAB, messages.get(order.charAt(i) - '0'));

                assertThat(engine.values()).as(order).isEqualTo("M1 4.3");
                assertThat(engine.one("select count(distinct series) from report")).isEqualTo("1");
                assertThat(engine.rebuilt().isEqual()).isTrue();
                hashes.add(engine.hash());
            }

        assertThat(hashes).hasSize(1);
    }

    @Test
    void twoUniversalIdsAreTwoReports() {
        try (var engine = registered()) {
            engine.send(LAB, oru("C3", DOE, "A-1^^1.2.3^ISO", "4.1", "F"));
            engine.send(LAB, oru("C4", DOE, "A-1^^1.2.4^ISO", "4.3", "F"));

            assertThat(engine.values()).isEqualTo("M1 4.1 / M1 4.3");
        }
    }

    /** ⚠ Which of the two the universal id is that of, nobody knows. */
    @ParameterizedTest
    @ValueSource(strings = {"012", "021", "102", "120", "201", "210"})
    void betweenTwoNamespacesAUniversalIdIsHeld(String order) {
        var messages =
                List.of(
                        oru("C3", DOE, "A-1^MICRO", "4.1", "F"),
                        oru("C4", DOE, "A-1^CHEM", "4.2", "F"),
                        oru("C5", DOE, "A-1^^1.2.3^ISO", "4.3", "F"));
        try (var engine = registered()) {
            for (int i = 0; i < 3; i++) engine.send(LAB, messages.get(order.charAt(i) - '0'));

            var last = "C" + (order.charAt(2) - '0' + 3);
            assertThat(engine.state(last)).isEqualTo("held");
            assertThat(engine.reasons(last)).containsExactly("order-number-ambiguous");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"A-1^lab", "A-1^^1.2.3^ISO"})
    void anotherPatientsNumberInAnotherFormWaits(String number) {
        try (var engine = registered()) {
            engine.send(LAB, oru("C3", DOE, "A-1^LAB", "4.1", "F"));
            engine.send(LAB, oru("C4", ROE, number, "4.3", "F"));

            assertThat(engine.values()).isEqualTo("M1 4.1");
            assertThat(engine.reasons("C4")).containsExactly("order-number-of-another-patient");
        }
    }

    @Test
    void whatIsFiledElsewhereGoesInEveryForm() {
        try (var engine = registered()) {
            engine.send(LAB, oru("C3", DOE, "A-1^LAB", "4.1", "F"));
            long series = Long.parseLong(engine.one("select distinct series from report"));
            long decision =
                    engine.decisions.file(series, person(engine, "M1"), engine.record("M2"), ANN);

            engine.send(LAB, oru("C4", DOE, "A-1^^1.2.3^ISO", "4.2", "C"));
            engine.send(LAB, oru("C5", DOE, "A-1^lab", "4.3", "C"));

            assertThat(engine.values()).isEqualTo("M2 4.3");
            assertThat(engine.rebuilt().isEqual()).isTrue();

            engine.decisions.undo(decision, ANN);

            assertThat(engine.values()).isEqualTo("M1 4.3");
            assertThat(engine.rebuilt().isEqual()).isTrue();
        }
    }

    @Test
    void whatIsFiledElsewhereGoesWithBothOfItsNumbers() {
        try (var engine = registered()) {
            engine.send(LAB, oru("C3", DOE, "A-1", "4.1", "F"));
            engine.send(LAB, oru("C4", DOE, "A-1^LAB", "4.2", "C"));
            var before = engine.hash();
            long series = Long.parseLong(engine.one("select distinct series from report"));

            long decision =
                    engine.decisions.file(series, person(engine, "M1"), engine.record("M2"), ANN);

            assertThat(engine.values()).isEqualTo("M2 4.2");
            assertThat(engine.one("select count(distinct record_id) from report")).isEqualTo("1");
            engine.send(LAB, oru("C5", DOE, "A-1^LAB", "4.4", "C"));
            assertThat(engine.values()).isEqualTo("M2 4.4");
            assertThat(engine.rebuilt().isEqual()).isTrue();
            engine.decisions.undo(decision, ANN);
            assertThat(engine.values()).isEqualTo("M1 4.4");
            assertThat(engine.hash()).isNotEqualTo(before);
            assertThat(engine.rebuilt().isEqual()).isTrue();
        }
    }

    @Test
    void anUndoneMergeTakesBothNumbersApartAgain() {
        try (var engine = registered()) {
            engine.send(LAB, oru("C3", DOE, "A-1", "4.1", "F"));
            engine.send(EMR, adt("A28", "A3", "PID|1||" + SAME));
            engine.send(EMR, adt("A40", "C4", "PID|1||" + SAME, "MRG|M1^^^CLINIC^MR"));
            engine.send(LAB, oru("C5", SAME, "A-1^LAB", "4.2", "C"));
            assertThat(engine.one("select count(distinct series) from report")).isEqualTo("1");

            engine.decisions.undo(engine.entry("C4"), ANN);

            assertThat(engine.values()).isEqualTo("M1 4.1");
            assertThat(engine.reasons("C5")).containsExactly("order-number-of-another-patient");
            assertThat(engine.rebuilt().isEqual()).isTrue();
        }
    }

    private static UUID person(IdentityEngine engine, String number) {
        return UUID.fromString(
                engine.one(
                        "select person_id from patient_record where id_value = '" + number + "'"));
    }

    private static IdentityEngine registered() {
        var engine = new IdentityEngine();
        engine.send(EMR, adt("A28", "A1", "PID|1||" + DOE));
        engine.send(EMR, adt("A28", "A2", "PID|1||" + ROE));
        return engine;
    }
}
