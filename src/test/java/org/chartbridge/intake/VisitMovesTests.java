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

/** Visits and accounts that are another patient's: A45, A44 (HL7-RULES §6, decision 0041). */
class VisitMovesTests {
    private static final String V1 = "PV1|1|I|W^1||||||||||||||||V1^^^EMR";
    private static final String FEVER = "DG1|1||R50.9^Fever^I10|||A";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    private static String patient(String number) {
        return number + "^^^CLINIC^MR||DOE^Jane||19710203|F";
    }

    private static String pid(String number) {
        return "PID|1||" + patient(number);
    }

    private static String pid(String number, String account) {
        return pid(number) + "||||||||||" + account + "^^^BILL";
    }

    private static String visitMove(String controlId, String from, String to) {
        return adt("A45", controlId, pid(to), "MRG|" + from + "^^^CLINIC^MR||||V1^^^EMR", V1);
    }

    private static String accountMove(String controlId, String from, String to) {
        return adt("A44", controlId, pid(to), "MRG|" + from + "^^^CLINIC^MR||ACC1^^^BILL");
    }

    /** Each visit with its patient and the diagnoses that show with it. */
    private String visits() {
        return engine.one(
                """
                select p.id_value || ' ' || e.number || ' ' || e.status
                       || coalesce((select string_agg(' ' || c.code, '' order by c.code)
                                    from condition c
                                    where c.record_id = e.record_id and c.visit_id = e.id and c.status = 'active'), '')
                from encounter e
                join patient_record p on p.id = e.record_id
                order by e.number
                """);
    }

    private void twoPatients() {
        engine.send(EMR, adt("A28", "C1", pid("M1")));
        engine.send(EMR, adt("A28", "C2", pid("M2")));
    }

    /** ⚠ Results hang on the number they were sent under. */
    @Test
    void aVisitGoesWithItsDiagnosesAndNoResultDoes() {
        twoPatients();
        engine.send(EMR, adt("A01", "C3", pid("M1"), V1, FEVER));
        engine.send(LAB, oru("C4", patient("M1"), "A-1", "4.1", "F"));

        var answer = engine.send(EMR, visitMove("C5", "M1", "M2"));

        assertThat(answer).contains("MSA|AA|C5");
        assertThat(engine.state("C5")).isEqualTo("charted");
        assertThat(visits()).isEqualTo("M2 V1 in-progress R50.9");
        assertThat(engine.values()).isEqualTo("M1 4.1");
        assertThat(engine.persons()).isEqualTo("M1 / M2");
    }

    @Test
    void whatIsSaidOfItLaterUnderEitherNumberIsOfTheVisitWhereItIs() {
        engine.send(EMR, visitMove("C5", "M1", "M2"));
        engine.send(EMR, adt("A01", "C3", pid("M1"), V1, FEVER));
        assertThat(visits()).isEqualTo("M2 V1 in-progress R50.9");

        engine.send(EMR, adt("A03", "C6", pid("M2"), V1, FEVER.replace("R50.9", "J18.9")));

        assertThat(visits()).isEqualTo("M2 V1 finished J18.9");
        engine.send(EMR, adt("A08", "C4", pid("M1"), V1, FEVER.replace("R50.9", "R05")));
        assertThat(engine.reasons("C4")).contains("list-late");
        assertThat(visits()).isEqualTo("M2 V1 finished J18.9");
    }

    @Test
    void whatCameTooEarlyForTheRightPatientGoesOnWithTheMove() {
        twoPatients();
        engine.send(EMR, adt("A01", "C3", pid("M1"), V1));
        engine.send(EMR, adt("A03", "C6", pid("M2"), V1));
        assertThat(engine.reasons("C6")).containsExactly("visit-of-another-patient");

        engine.send(EMR, visitMove("C5", "M1", "M2"));

        engine.becomes("C6", "charted");
        assertThat(visits()).isEqualTo("M2 V1 finished");
    }

    @Test
    void ofTwoMovesTheLaterStandsAndAVisitMayGoBack() {
        twoPatients();
        engine.send(EMR, adt("A01", "C3", pid("M1"), V1));

        engine.send(EMR, visitMove("C9", "M2", "M1"));
        engine.send(EMR, visitMove("C5", "M1", "M2"));

        assertThat(visits()).isEqualTo("M1 V1 in-progress");
        engine.send(EMR, visitMove("C10", "M1", "M3"));
        assertThat(visits()).isEqualTo("M3 V1 in-progress");
    }

    /** ⚠ An account two patients use moves the visits of none but those it names. */
    @Test
    void allVisitsOfAnAccountGoAndNoneOfAnotherPatient() {
        twoPatients();
        engine.send(EMR, adt("A28", "C3", pid("M7")));
        engine.send(EMR, adt("A01", "C4", pid("M1", "ACC1"), V1));
        engine.send(EMR, adt("A01", "C5", pid("M1", "ACC1"), V1.replace("|V1^", "|V2^")));
        engine.send(EMR, adt("A01", "C6", pid("M1", "ACC2"), V1.replace("|V1^", "|V3^")));
        engine.send(EMR, adt("A01", "C7", pid("M7", "ACC1"), V1.replace("|V1^", "|V4^")));

        engine.send(EMR, accountMove("C8", "M1", "M2"));

        assertThat(visits())
                .isEqualTo(
                        "M2 V1 in-progress / M2 V2 in-progress / M1 V3 in-progress / M7 V4"
                                + " in-progress");
        engine.send(EMR, adt("A01", "C9", pid("M1", "ACC1"), V1.replace("|V1^", "|V5^")));
        assertThat(visits()).endsWith("M2 V5 in-progress");
    }

    /** Promise 8, also after messages relied on the move. */
    @Test
    void takenBackItGivesTheChartThatWouldHaveBeen() {
        String wanted;
        try (var never = new IdentityEngine()) {
            before(never);
            after(never);
            assertThat(never.reasons("C6")).containsExactly("visit-of-another-patient");
            wanted = never.hash();
        }
        before(engine);
        engine.send(EMR, visitMove("C5", "M1", "M2"));
        after(engine);
        assertThat(visits()).isEqualTo("M2 V1 finished J18.9");
        assertThat(engine.rebuilt().isEqual()).isTrue();

        engine.decisions.undo(engine.entry("C5"), ANN);

        engine.becomes("C6", "held");
        assertThat(visits()).isEqualTo("M1 V1 in-progress R50.9");
        assertThat(engine.hash()).isEqualTo(wanted);
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    private static void before(IdentityEngine to) {
        to.send(EMR, adt("A28", "C1", pid("M1")));
        to.send(EMR, adt("A28", "C2", pid("M2"), "AL1|1|DA|P^Penicillin^L|SV"));
        to.send(EMR, adt("A01", "C3", pid("M1"), V1, FEVER));
        to.send(LAB, oru("C4", patient("M1"), "A-1", "4.1", "F"));
    }

    private static void after(IdentityEngine to) {
        to.send(EMR, adt("A03", "C6", pid("M2"), V1, FEVER.replace("R50.9", "J18.9")));
        to.send(EMR, adt("A08", "C2", pid("M1"), V1));
        to.send(LAB, oru("C8", patient("M1"), "A-1", "4.2", "C"));
    }

    @Test
    void aMoveToWhereItIsIsHeld() {
        engine.send(EMR, visitMove("C5", "M1", "M1"));

        assertThat(engine.reasons("C5")).containsExactly("merge-with-itself");
    }

    @Test
    void aMoveBetweenTwoWhoNeverHadTheVisitIsHeldUntilOneDoes() {
        engine.send(EMR, adt("A01", "C3", pid("M1"), V1));

        engine.send(EMR, visitMove("C9", "M2", "M3"));
        assertThat(engine.reasons("C9")).containsExactly("visit-of-another-patient");

        engine.send(EMR, visitMove("C5", "M1", "M2"));
        engine.becomes("C9", "charted");
        assertThat(visits()).isEqualTo("M3 V1 in-progress");
    }

    @Test
    void whoMayNotSayWhoIsWhoMovesNoVisit() {
        twoPatients();
        engine.send(EMR, adt("A01", "C3", pid("M1"), V1));

        engine.send(LAB, visitMove("C5", "M1", "M2"));

        assertThat(engine.reasons("C5")).contains("merge-not-trusted");
        assertThat(visits()).isEqualTo("M1 V1 in-progress");
    }

    /** A patient merged away meanwhile, before or after the move. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aMoveIsOfThePatientWhoStays(boolean mergedFirst) {
        var merge = adt("A40", "C6", pid("M2"), "MRG|M1^^^CLINIC^MR");
        var move = visitMove("C7", "M1", "M3");
        engine.send(EMR, adt("A01", "C3", pid("M2"), V1, FEVER));

        engine.send(EMR, mergedFirst ? merge : move);
        engine.send(EMR, mergedFirst ? move : merge);

        engine.becomes("C7", "charted");
        assertThat(visits()).isEqualTo("M3 V1 in-progress R50.9");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A45 MRG|M1^^^CLINIC^MR",
                "A45 MRG|||||V1^^^EMR",
                "A44 MRG|M1^^^CLINIC^MR||\"\"",
                "A44 PV1|1|I"
            })
    void aMoveThatDoesNotSayOfWhatOrFromWhomIsRefused(String sent) {
        var answer =
                engine.send(EMR, adt(sent.substring(0, 3), "C5", pid("M2"), sent.substring(4)));

        assertThat(answer).contains("MSA|AE|C5").contains("prior-number-missing");
        assertThat(engine.one("select count(*) from assertion")).isEqualTo("0");
    }
}
