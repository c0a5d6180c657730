package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.ANN;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.chartbridge.intake.IdentityEngine.oru;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;

/** One number with and without its type, or with its authority in other letters (HL7-RULES §6). */
class SameNumberTests {
    private static final String JANE = "||DOE^Jane||19710203|F";
    private static final String TYPED = "M1^^^CLINIC^MR" + JANE;
    private static final String UNTYPED = "M1^^^CLINIC" + JANE;
    private static final String RITA = "||ROE^Rita||19800101|F";
    private static final long SEED = 54;
    private static final int SHUFFLES = 12;

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    @ParameterizedTest
    @ValueSource(strings = {"M1^^^CLINIC", "M1^^^Clinic^MR", "M1^^^clinic"})
    void isOnePatientWhoseNameAndBirthDateAgree(String number) {
        engine.send(EMR, adt("A28", "C1", "PID|1||" + TYPED));

        engine.send(LAB, oru("C2", number + JANE, "A-1", "4.1", "F"));

        assertThat(engine.state("C2")).isEqualTo("charted");
        assertThat(engine.values()).isEqualTo("M1 4.1");
        assertThat(engine.one("select count(distinct person_id) from patient_record"))
                .isEqualTo("1");
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    /** ⚠ */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "||ROE^Jane||19710203|F",
                "||DOE^Jane||19710302|F",
                "||DOE^June||19710203|F"
            })
    void isHeldWhereNameOrBirthDateDiffers(String other) {
        engine.send(EMR, adt("A28", "C1", "PID|1||" + TYPED));

        engine.send(LAB, oru("C2", "M1^^^CLINIC" + other, "A-1", "4.1", "F"));

        assertThat(engine.reasons("C2")).isNotEmpty();
        assertThat(engine.state("C2")).isEqualTo("held");
        assertThat(engine.one("select count(*) from patient_record")).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "M1^^^CLINIC^PI",
                "M1^^^OTHER",
                "M1^^^OTHER^MR",
                "M2^^^CLINIC",
                "m1^^^CLINIC"
            })
    void anotherTypeAuthorityOrValueIsAnotherNumber(String number) {
        engine.send(EMR, adt("A28", "C1", "PID|1||" + TYPED));

        engine.send(EMR, adt("A28", "C2", "PID|1||" + number + RITA));

        assertThat(engine.state("C2")).isEqualTo("charted");
        assertThat(engine.one("select count(distinct person_id) from patient_record"))
                .isEqualTo("2");
    }

    /** ⚠ */
    @Test
    void aNumberWithoutTypeThatTwoPatientsHaveWithOneIsHeld() {
        engine.send(EMR, adt("A28", "C1", "PID|1||" + TYPED));
        engine.send(EMR, adt("A28", "C2", "PID|1||M1^^^CLINIC^PI" + RITA));

        engine.send(LAB, oru("C3", UNTYPED, "A-1", "4.1", "F"));

        assertThat(engine.reasons("C3")).containsExactly("patient-match-uncertain");
    }

    @Test
    void aCorrectionUnderTheOtherFormCorrectsAndTakesTheLinkAlongWhenItIsSplit() {
        engine.send(EMR, adt("A28", "C1", "PID|1||" + TYPED));
        engine.send(LAB, oru("C2", TYPED, "A-1", "4.1", "F"));

        engine.send(LAB, oru("C3", UNTYPED, "A-1", "4.4", "C"));

        assertThat(engine.values()).isEqualTo("M1 4.4");
        assertThat(engine.rebuilt().isEqual()).isTrue();
        var before = engine.hash();
        var person = person();
        var all =
                new HashSet<>(
                        engine.list("select id::text from patient_record").stream()
                                .map(Long::valueOf)
                                .toList());
        long untyped =
                Long.parseLong(engine.one("select id from patient_record where id_type = ''"));
        long split = engine.decisions.split(person, all, new HashSet<>(List.of(untyped)), ANN);
        engine.becomes("C3", "held");
        engine.decisions.undo(split, ANN);
        engine.becomes("C3", "charted");
        assertThat(engine.hash()).isEqualTo(before);
    }

    private java.util.UUID person() {
        return java.util.UUID.fromString(
                engine.one("select distinct person_id from patient_record"));
    }

    @Test
    void whatWaitsForThePatientGoesOnWhenTheOtherFormIsRegistered() {
        var strict = IdentityEngine.alone("strict", "patients: match");
        try (var other = new IdentityEngine(EMR, strict)) {
            other.send(strict, oru("C1", UNTYPED, "A-1", "4.1", "F"));
            assertThat(other.reasons("C1")).containsExactly("patient-not-known");

            other.send(EMR, adt("A28", "C2", "PID|1||" + TYPED));

            other.becomes("C1", "charted");
            assertThat(other.values()).isEqualTo("M1 4.1");
        }
    }

    /** A merge that leaves the type of MRG-1 out retires the number that is in the chart. */
    @Test
    void aMergeWithoutTheTypeIsOfTheNumberInTheChart() {
        engine.send(EMR, adt("A28", "C1", "PID|1||" + TYPED));
        engine.send(EMR, adt("A28", "C2", "PID|1||M2^^^CLINIC^MR" + JANE));
        engine.send(LAB, oru("C3", TYPED, "A-1", "4.1", "F"));

        engine.send(EMR, adt("A40", "C4", "PID|1||M2^^^CLINIC" + JANE, "MRG|M1^^^CLINIC"));

        assertThat(engine.state("C4")).isEqualTo("charted");
        assertThat(engine.values()).isEqualTo("M1+M2 4.1");
        assertThat(engine.rebuilt().isEqual()).isTrue();
        engine.decisions.undo(engine.entry("C4"), ANN);
        assertThat(engine.values()).doesNotContain("M2");
    }

    @Test
    void anUnlinkThatNamesTheNumberOtherwiseIsHeld() {
        engine.send(EMR, adt("A28", "C1", "PID|1||" + TYPED));
        engine.send(EMR, adt("A28", "C2", "PID|1||M2^^^CLINIC^MR" + JANE));
        engine.send(EMR, adt("A24", "C3", "PID|1||" + TYPED, "PID|2||M2^^^CLINIC^MR" + JANE));

        engine.send(EMR, adt("A37", "C4", "PID|1||" + UNTYPED, "PID|2||M2^^^CLINIC" + JANE));

        assertThat(engine.reasons("C4")).containsExactly("patient-match-uncertain");
    }

    @Test
    void anyOrderOfArrivalGivesTheSameChart() {
        var messages = new ArrayList<List<String>>();
        messages.add(List.of("emr", adt("A28", "C1", "PID|1||" + TYPED)));
        messages.add(List.of("emr", adt("A08", "C2", "PID|1||M1^^^Clinic^MR" + JANE)));
        messages.add(List.of("lab", oru("C3", UNTYPED, "A-1", "4.1", "F")));
        messages.add(List.of("lab", oru("C4", TYPED, "A-1", "4.4", "C")));
        messages.add(List.of("lab", oru("C5", "M1^^^clinic" + JANE, "A-2", "5.1", "F")));
        messages.add(
                List.of("emr", adt("A40", "C6", "PID|1||M2^^^CLINIC" + JANE, "MRG|M1^^^CLINIC")));
        messages.add(List.of("emr", adt("A28", "C7", "PID|1||M2^^^CLINIC^MR" + JANE)));
        var random = new Random(SEED);
        String first = null;
        for (int i = 0; i < SHUFFLES; i++) {
            try (var one = new IdentityEngine()) {
                for (var message : messages)
                    one.send(message.getFirst().equals("emr") ? EMR : LAB, message.getLast());
                for (int id = 1; id <= messages.size(); id++) one.becomes("C" + id, "charted");
                if (first == null) first = facts(one);
                assertThat(facts(one)).as(one.order()).isEqualTo(first);
            }
            Collections.shuffle(messages, random);
        }
    }

    /** The row of an order hangs on the number under which it came first, as after a merge. */
    private static String facts(IdentityEngine of) {
        return of.facts().replaceAll("(?m)^clinical_order .*", "");
    }
}
