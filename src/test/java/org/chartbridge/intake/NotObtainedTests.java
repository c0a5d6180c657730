package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.chartbridge.intake.IdentityEngine.oru;

import org.chartbridge.chart.NoteView;
import org.chartbridge.chart.Observations;
import org.chartbridge.chart.ResultSearch;
import org.chartbridge.chart.WrongPatients;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** ⚠ HL7-RULES §4: what a laboratory says against a value that stands is told to people. */
class NotObtainedTests {
    private static final String PATIENT = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @BeforeEach
    void aPatient() {
        engine.send(EMR, adt("A28", "A1", "PID|1||" + PATIENT));
    }

    @Test
    void whatCannotBeObtainedAfterAFinalValueIsListedUntilTheNextWord() {
        engine.send(LAB, oru("C2", PATIENT, "A-1", "4.1", "F"));
        assertThat(listed()).isEmpty();

        engine.send(LAB, oru("C3", PATIENT, "A-1", "hemolyzed", "X"));

        assertThat(engine.values()).as("table 0085 knows no such move").isEqualTo("M1 4.1");
        assertThat(engine.reasons("C3")).contains("result-status-not-applied");
        assertThat(listed())
                .singleElement()
                .satisfies(
                        row -> {
                            assertThat(row.status()).isEqualTo("X");
                            assertThat(row.tests()).containsExactly("Potassium");
                            assertThat(row.firstEntry()).isEqualTo(engine.entry("C2"));
                            assertThat(row.number()).isEqualTo("A-1");
                            assertThat(row.toString()).doesNotContain("J. D.");
                        });
        for (var next : List.of("F 4.1", "C 4.2", "D 4.1", "W 4.1"))
            try (var other = new IdentityEngine()) {
                other.send(EMR, adt("A28", "A1", "PID|1||" + PATIENT));
                other.send(LAB, oru("C2", PATIENT, "A-1", "4.1", "F"));
                other.send(LAB, oru("C3", PATIENT, "A-1", "hemolyzed", "X"));
                other.send(LAB, oru("C4", PATIENT, "A-1", next.substring(2), next.substring(0, 1)));

                assertThat(listed(other))
                        .as(next)
                        .filteredOn(row -> row.status().equals("X"))
                        .isEmpty();
            }
    }

    @Test
    void theSameInAnotherOrderOfArrivalIsListedToo() {
        engine.send(LAB, oru("C3", PATIENT, "A-1", "hemolyzed", "X"));
        engine.send(LAB, oru("C2", PATIENT, "A-1", "4.1", "F"));

        assertThat(engine.values()).isEqualTo("M1 4.1");
        assertThat(listed()).extracting(WrongPatients.Row::status).containsExactly("X");
    }

    /** ⚠ Whichever came first, it takes no value from the chart, and somebody is asked. */
    @Test
    void aFinalWithoutAValueIsListedUntilTheNextWordInAnyOrderOfArrival() {
        engine.send(LAB, oru("C2", PATIENT, "A-1", "4.1", "F"));
        engine.send(LAB, oru("C3", PATIENT, "A-1", "", "F") + "NTE|1|L|Verified.");
        try (var other = new IdentityEngine()) {
            other.send(EMR, adt("A28", "A1", "PID|1||" + PATIENT));
            other.send(LAB, oru("C3", PATIENT, "A-1", "", "F") + "NTE|1|L|Verified.");
            assertThat(other.values()).isEqualTo("M1 ");
            other.send(LAB, oru("C2", PATIENT, "A-1", "4.1", "F"));

            for (var one : List.of(engine, other)) {
                assertThat(one.values()).isEqualTo("M1 4.1");
                assertThat(withoutEffect(one))
                        .singleElement()
                        .satisfies(
                                row -> {
                                    assertThat(row.entryId()).isEqualTo(one.entry("C3"));
                                    assertThat(row.firstEntry()).isEqualTo(one.entry("C2"));
                                });
                assertThat(notes(one))
                        .containsExactly(
                                "The laboratory sent this again later, as final and without a"
                                        + " value.\nVerified.");
            }
            assertThat(other.hash()).isEqualTo(engine.hash());
        }
        engine.send(LAB, oru("C4", PATIENT, "A-1", "4.1", "F"));

        assertThat(withoutEffect(engine)).isEmpty();
        assertThat(notes(engine)).isEmpty();
    }

    private static List<String> notes(IdentityEngine engine) {
        var person = engine.jdbc.sql("select id from person").query(UUID.class).single();
        return new Observations(engine.jdbc)
                .find(ResultSearch.of(person), 0, 10).items().stream()
                        .flatMap(value -> value.notes().stream())
                        .map(NoteView::text)
                        .toList();
    }

    private static List<WrongPatients.Row> withoutEffect(IdentityEngine engine) {
        return new WrongPatients(engine.jdbc).withoutEffect(Instant.EPOCH);
    }

    @Test
    void whatWasNeverFinalIsNotPerformedAndNotListed() {
        engine.send(LAB, oru("C2", PATIENT, "A-1", "4.1", "P"));
        engine.send(LAB, oru("C3", PATIENT, "A-1", "hemolyzed", "X"));

        assertThat(listed()).isEmpty();
    }

    /** ⚠ HL7-RULES §3: it would be charted there with the patient's. */
    @Test
    void qualityControlBesideAPatientsResultIsNotSentOn() {
        var text =
                oru("C2", PATIENT, "A-1", "4.1", "F")
                        + """
                        SPM|1|||SER|||||||P
                        OBR|2||Q-1|2823-3^Potassium^LN|||20261122074500
                        OBX|2|NM|2823-3^Potassium^LN||9.9|mmol/L|||||F
                        SPM|2|||SER|||||||Q
                        """;

        engine.send(LAB, text);

        assertThat(engine.values()).isEqualTo("M1 4.1");
        var sent =
                engine.jdbc
                        .sql("select body from delivery where control_id = 'C2'")
                        .query((row, _) -> new String(row.getBytes(1), StandardCharsets.UTF_8))
                        .single();
        assertThat(sent).contains("|4.1|", "SPM|1|").doesNotContain("9.9", "Q-1", "SPM|2|");
        assertThat(engine.reasons("C2")).containsExactly("quality-control-left-out");
    }

    private List<WrongPatients.Row> listed() {
        return listed(engine);
    }

    private static List<WrongPatients.Row> listed(IdentityEngine engine) {
        return new WrongPatients(engine.jdbc).since(Instant.EPOCH);
    }
}
