package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.ANN;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.chartbridge.intake.IdentityEngine.alone;
import static org.chartbridge.intake.IdentityEngine.oru;

import org.chartbridge.partner.Partner;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Patients who are named without a number: never somebody else by themselves ⚠. */
class WithoutIdentifierTests {
    private static final Partner CREATING = alone("northlab", "patients: create");
    private static final Partner MATCHING = alone("northlab", "patients: match");
    private static final Partner MASTER = alone("emr", "patients: create\ndemographics: master");
    private static final String DOE = "DOE^Jane||19710203|F";
    private static final String KNOWN = "PID|1||M1^^^CLINIC^MR||" + DOE;
    private static final String ACCOUNT = "||" + DOE + "||||||||||ACC1";

    @AutoClose private final IdentityEngine engine = new IdentityEngine(MASTER, CREATING);

    /** ⚠ HL7-RULES §6: name and birth date alone never. */
    @Test
    void nameAndBirthDateJoinNobody() {
        engine.send(MASTER, adt("A28", "C1", KNOWN));

        engine.send(CREATING, oru("C2", "||" + DOE, "A-1", "4.1", "F"));

        assertThat(engine.state("C2")).isEqualTo("charted");
        assertThat(engine.reasons("C2")).contains("patient-without-identifier");
        assertThat(engine.values()).isEqualTo("order:A-1 4.1");
        assertThat(engine.persons()).isEqualTo("M1 / order:A-1");
    }

    @Test
    void aCorrectionOfTheOrderIsOfTheSamePatientWhicheverComesFirst() {
        engine.send(CREATING, oru("C2", "||" + DOE, "A-1", "4.6", "C"));
        engine.send(CREATING, oru("C1", "||" + DOE, "A-1", "4.1", "F"));

        assertThat(engine.values()).isEqualTo("order:A-1 4.6");
    }

    @Test
    void ordersOfOneAccountAreOnePatients() {
        engine.send(CREATING, oru("C1", ACCOUNT, "A-1", "4.1", "F"));
        engine.send(CREATING, oru("C2", ACCOUNT, "A-2", "4.2", "F"));

        assertThat(engine.persons()).isEqualTo("account:ACC1");
    }

    /** ⚠ Mother and child share an account. */
    @Test
    void anotherNameOrBirthDateUnderTheAccountIsHeld() {
        engine.send(CREATING, oru("C1", ACCOUNT, "A-1", "4.1", "F"));

        engine.send(CREATING, oru("C2", ACCOUNT.replace("Jane", "Girl"), "A-2", "4.2", "F"));
        engine.send(CREATING, oru("C3", ACCOUNT.replace("1971", "2026"), "A-3", "4.3", "F"));

        assertThat(engine.state("C2")).isEqualTo("held");
        assertThat(engine.state("C3")).isEqualTo("held");
    }

    /** ⚠ Accounts are used again: without a birth date nothing can be compared. */
    @Test
    void anAccountCountsOnlyBesideNameAndBirthDate() {
        var undated = ACCOUNT.replace("19710203", "1971");
        engine.send(CREATING, oru("C1", undated, "A-1", "4.1", "F"));
        engine.send(CREATING, oru("C2", undated, "A-2", "4.2", "F"));

        assertThat(engine.persons()).isEqualTo("order:A-1 / order:A-2");
    }

    /** ⚠ */
    @Test
    void anotherNameUnderTheOrderIsHeld() {
        engine.send(CREATING, oru("C1", "||" + DOE, "A-1", "4.1", "F"));

        engine.send(CREATING, oru("C2", "||ROE^Richard||19800101|M", "A-1", "9.9", "C"));

        assertThat(engine.state("C2")).isEqualTo("held");
        assertThat(engine.values()).isEqualTo("order:A-1 4.1");
    }

    /** ⚠ */
    @Test
    void anOrderOfAPatientWithANumberIsNotTakenByOneWithout() {
        engine.send(CREATING, oru("C1", "M1^^^CLINIC^MR||" + DOE, "A-1", "4.1", "F"));

        engine.send(CREATING, oru("C2", "||" + DOE, "A-1", "9.9", "C"));

        assertThat(engine.reasons("C2")).contains("order-number-of-another-patient");
        assertThat(engine.values()).isEqualTo("M1 4.1");
    }

    @Test
    void whoeverNamesNobodyIsRefused() {
        var answer = engine.send(CREATING, oru("C1", "||^Jane||19710203|F", "A-1", "4.1", "F"));

        assertThat(answer).contains("MSA|AE|").contains("patient-identifier-missing");
    }

    @Test
    void aPersonSaysWhoItIsAndTakesItBack() {
        engine.send(MASTER, adt("A28", "C1", KNOWN));
        engine.send(CREATING, oru("C2", "||" + DOE, "A-1", "4.1", "F"));

        var decision = engine.decisions.merge(engine.record("order:A-1"), engine.record("M1"), ANN);
        engine.send(CREATING, oru("C3", "||" + DOE, "A-1", "4.6", "C"));

        assertThat(engine.values()).isEqualTo("M1+order:A-1 4.6");
        engine.decisions.undo(decision, ANN);
        assertThat(engine.values()).isEqualTo("order:A-1 4.6");
        assertThat(engine.persons()).isEqualTo("M1 / order:A-1");
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    @Test
    void aRegistrationWithoutNumberIsOfItsVisit() {
        var pid = "PID|1||||DOE^Jane||19710203|F";
        var visit = "PV1|1|I|W^1||||||||||||||||V1^^^EMR";
        engine.send(MASTER, adt("A01", "C1", pid, visit));
        engine.send(MASTER, adt("A03", "C2", pid, visit));
        engine.send(MASTER, adt("A28", "C3", pid));

        assertThat(engine.persons()).startsWith("message:C3 ").endsWith(" / visit:V1");
    }

    /** ⚠ A partner that may only match waits for a person, who decides for all of the order. */
    @Test
    void aPartnerThatMayNotBringPatientsWaitsForAPerson() {
        try (var matching = new IdentityEngine(MASTER, MATCHING)) {
            matching.send(MASTER, adt("A28", "C1", KNOWN));
            matching.send(MATCHING, oru("C2", "||" + DOE, "A-1", "4.1", "F"));
            assertThat(matching.reasons("C2")).contains("patient-not-known");

            var decision =
                    matching.decisions.link(matching.entry("C2"), matching.record("M1"), ANN);

            matching.becomes("C2", "charted");
            matching.send(MATCHING, oru("C3", "||" + DOE, "A-1", "4.6", "C"));
            assertThat(matching.values()).isEqualTo("M1+order:A-1 4.6");
            matching.decisions.undo(decision, ANN);
            assertThat(matching.values()).isEmpty();
            assertThat(matching.state("C2")).isEqualTo("held");
        }
    }

    /** A result that goes nowhere is told to its sender, unless the partner's folder says else. */
    @Test
    void withoutTheSettingTheMessageIsRefused() {
        var answer = engine.send(IdentityEngine.EMR, adt("A28", "C1", "PID|1||||" + DOE));

        assertThat(answer).contains("MSA|AE|").contains("patient-identifier-missing");
    }
}
