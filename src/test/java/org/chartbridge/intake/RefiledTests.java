package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chartbridge.intake.IdentityEngine.ANN;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.chartbridge.intake.IdentityEngine.oru;

import org.chartbridge.intake.Decisions.NotPossible;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;

/** Reports that a person files with another patient than they were reported for (HL7-RULES §6). */
class RefiledTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final String ROE = "M2^^^CLINIC^MR||ROE^Rita||19800101|F";
    private static final String POE = "M3^^^CLINIC^MR||POE^Paul||19900909|M";
    private static final int SHUFFLES = 6;

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @BeforeEach
    void registered() {
        register(engine);
    }

    private static void register(IdentityEngine in) {
        in.send(EMR, adt("A28", "A1", "PID|1||" + DOE));
        in.send(EMR, adt("A28", "A2", "PID|1||" + ROE));
        in.send(EMR, adt("A28", "A3", "PID|1||" + POE));
    }

    private long series(String number) {
        return Long.parseLong(
                engine.one("select distinct series from report where number = '" + number + "'"));
    }

    private UUID person(String number) {
        return UUID.fromString(
                engine.one(
                        "select person_id from patient_record where id_value = '" + number + "'"));
    }

    private long file(String report, String from, String to) {
        return engine.decisions.file(series(report), person(from), engine.record(to), ANN);
    }

    @Test
    void whatWasMisfiledIsWithItsPatientAndSoIsWhatComesLaterUntilThatIsTakenBack() {
        String wanted;
        try (var never = new IdentityEngine()) {
            register(never);
            never.send(LAB, oru("C3", DOE, "A-1", "4.1", "P"));
            never.send(LAB, oru("C4", DOE, "A-2", "5.1", "F"));
            never.send(LAB, oru("C5", DOE, "A-1", "4.3", "F"));
            wanted = never.hash();
        }
        engine.send(LAB, oru("C3", DOE, "A-1", "4.1", "P"));
        engine.send(LAB, oru("C4", DOE, "A-2", "5.1", "F"));

        var preview =
                engine.decisions.previewFile(series("A-1"), person("M1"), engine.record("M2"));
        assertThat(preview.patients())
                .extracting(one -> one.numbers() + " " + one.reports())
                .containsExactly("M1 1", "M2 1");
        assertThat(engine.values()).as("a look").isEqualTo("M1 4.1 / M1 5.1");
        long decision = file("A-1", "M1", "M2");

        assertThat(engine.values()).isEqualTo("M1 5.1 / M2 4.1");
        engine.send(LAB, oru("C5", DOE, "A-1", "4.3", "F"));
        assertThat(engine.state("C5")).isEqualTo("charted");
        assertThat(engine.values()).isEqualTo("M1 5.1 / M2 4.3");
        assertThat(engine.one("select count(distinct record_id) from observation")).isEqualTo("2");
        assertThat(
                        engine.one(
                                "select p.id_value from journal j join patient_record p on p.id ="
                                        + " j.record_id where j.control_id = 'C5'"))
                .isEqualTo("M2");
        assertThat(engine.deliveries()).as("nothing twice").containsExactly("C3", "C4", "C5");
        assertThat(engine.rebuilt().isEqual()).isTrue();

        engine.decisions.undo(decision, ANN);

        assertThat(engine.values()).isEqualTo("M1 4.3 / M1 5.1");
        assertThat(engine.hash()).isEqualTo(wanted);
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    /** Held before, because the number was another patient's; a withdrawal goes where it is. */
    @Test
    void theLaboratoryMaySpeakOfItUnderEitherPatientAndNobodyElse() {
        String wanted;
        try (var never = new IdentityEngine()) {
            register(never);
            never.send(LAB, oru("C3", DOE, "A-1", "4.1", "F"));
            never.send(LAB, oru("C4", ROE, "A-1", "4.2", "C"));
            never.send(LAB, oru("C5", POE, "A-1", "9.9", "F"));
            never.send(LAB, oru("C6", DOE, "A-1", "4.2", "W"));
            never.becomes("C4", "charted");
            never.becomes("C5", "held");
            wanted = never.hash();
        }
        engine.send(LAB, oru("C3", DOE, "A-1", "4.1", "F"));
        engine.send(LAB, oru("C4", ROE, "A-1", "4.2", "C"));
        assertThat(engine.reasons("C4")).containsExactly("order-number-of-another-patient");

        long decision = file("A-1", "M1", "M2");

        engine.becomes("C4", "charted");
        assertThat(engine.values()).isEqualTo("M2 4.2");
        engine.send(LAB, oru("C5", POE, "A-1", "9.9", "F"));
        assertThat(engine.reasons("C5")).containsExactly("order-number-of-another-patient");
        engine.send(LAB, oru("C6", DOE, "A-1", "4.2", "W"));
        // The number is free with the withdrawal: what waited for it goes on.
        engine.becomes("C5", "charted");
        assertThat(engine.values()).isEqualTo("M3 9.9");
        assertThat(engine.rebuilt().isEqual()).isTrue();

        engine.decisions.undo(decision, ANN);
        // As if it had never been: the withdrawal freed the number for the first that waited.
        engine.becomes("C4", "charted");
        engine.becomes("C5", "held");
        assertThat(engine.values()).isEqualTo("M2 4.2");
        assertThat(engine.hash()).isEqualTo(wanted);
    }

    @Test
    void whatWasFiledWronglyIsFiledBackOrWithAThirdAndTheLastDecisionStands() {
        engine.send(LAB, oru("C3", DOE, "A-1", "4.1", "P"));
        file("A-1", "M1", "M2");
        long third = file("A-1", "M2", "M3");
        engine.send(LAB, oru("C4", DOE, "A-1", "4.2", "P"));
        assertThat(engine.values()).isEqualTo("M3 4.2");
        engine.decisions.undo(third, ANN);
        assertThat(engine.values()).isEqualTo("M2 4.2");

        file("A-1", "M2", "M1");

        engine.send(LAB, oru("C5", DOE, "A-1", "4.3", "F"));
        assertThat(engine.values()).isEqualTo("M1 4.3");
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    @Test
    void whatCannotBeFiledStaysWhereItIs() {
        engine.send(EMR, adt("A40", "A4", "PID|1||" + POE, "MRG|M4^^^CLINIC^MR"));
        engine.send(LAB, oru("C3", DOE, "A-1", "4.1", "F"));
        engine.send(LAB, oru("C4", DOE, "", "5.1", "F"));
        long series = series("A-1");
        var doe = person("M1");
        var before = engine.hash();

        assertThatThrownBy(() -> engine.decisions.file(series, doe, engine.record("M1"), ANN))
                .hasMessageContaining("this patient's already");
        assertThatThrownBy(() -> engine.decisions.file(series, doe, engine.record("M4"), ANN))
                .hasMessageContaining("merged");
        assertThatThrownBy(() -> engine.decisions.file(series, doe, -1, ANN))
                .isInstanceOf(NotPossible.class);
        assertThatThrownBy(() -> engine.decisions.file(-1, doe, engine.record("M2"), ANN))
                .hasMessageContaining("look again");
        long unnumbered =
                Long.parseLong(engine.one("select series from report where number like '@%'"));
        assertThatThrownBy(() -> engine.decisions.file(unnumbered, doe, engine.record("M2"), ANN))
                .hasMessageContaining("no number");
        assertThat(engine.hash()).isEqualTo(before);

        file("A-1", "M1", "M2");
        long now = series("A-1");
        assertThatThrownBy(() -> engine.decisions.file(now, doe, engine.record("M2"), ANN))
                .as("somebody was quicker")
                .hasMessageContaining("look again");
    }

    @Test
    void anyOrderOfArrivalAroundADecisionGivesTheSameChart() {
        var said = new ArrayList<String>();
        said.add(oru("C3", DOE, "A-1", "4.1", "P"));
        said.add(oru("C4", DOE, "A-2", "5.1", "F"));
        said.add(oru("C5", DOE, "A-1", "4.2", "F"));
        said.add(oru("C6", DOE, "A-1", "4.3", "C"));
        said.add(oru("C7", ROE, "A-3", "6.1", "F"));
        var seed = System.nanoTime();
        var random = new Random(seed);
        String wanted = null;
        for (int i = 0; i < SHUFFLES; i++) {
            if (i > 0) register(engine);
            Collections.shuffle(said, random);
            boolean filed = false;
            for (var message : said) {
                engine.send(LAB, message);
                if (filed || !message.contains("A-1") || random.nextBoolean()) continue;
                file("A-1", "M1", "M2");
                filed = true;
            }
            if (!filed) file("A-1", "M1", "M2");
            var facts =
                    engine.facts()
                            .lines()
                            .filter(one -> !one.contains(" filed|")) // It has the hour of now.
                            .collect(Collectors.joining("\n"));
            if (wanted == null) wanted = facts;
            assertThat(facts).as("seed " + seed + ", " + engine.order()).isEqualTo(wanted);
            engine.forget();
        }
    }
}
