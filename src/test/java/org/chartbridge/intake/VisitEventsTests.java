package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.AdtTests.PID;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** ADT events beside the stay itself: deletions, bed swaps, changed numbers (HL7-RULES §6). */
class VisitEventsTests {
    private static final String PV1 = "PV1|1|I|WARD^1^A||||||||||||||||V1";
    private static final String RESULT =
            """
            MSH|^~\\&|LIS|NORTHLAB|CHARTBRIDGE|CLINIC|20261122070000||ORU^R01|R1|P|2.5.1
            PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F
            OBR|1||F1|2951-2^Sodium^LN|||20261122063000
            OBX|1|NM|2951-2^Sodium^LN||141|mmol/L|||||F
            """;

    @AutoClose private final AdtEngine engine = new AdtEngine();
    private final AtomicInteger sent = new AtomicInteger();

    /** ⚠ HL7-RULES §6: A23 and A29 never touch charted results. */
    @ParameterizedTest
    @ValueSource(strings = {"A23", "A29"})
    void aDeletionNeverTakesResultsAway(String trigger) {
        engine.send(AdtEngine.EMR, RESULT);
        engine.send(adt("A01", "0800", PID, PV1));

        engine.send(adt(trigger, "0900", PID, PV1));

        assertThat(engine.lastState()).isEqualTo("charted");
        assertThat(engine.one("select value_text || ' ' || standing from observation"))
                .isEqualTo("141 current");
        assertThat(record("family_name || ' ' || given_name || ' ' || birth_date"))
                .isEqualTo("DOE Jane 1971-02-03");
    }

    @Test
    void aDeletedVisitIsShownNoLongerUntilItIsSaidAnew() {
        engine.send(adt("A01", "0800", PID, PV1));
        engine.send(adt("A02", "0830", PID, PV1.replace("WARD^1", "WARD^2")));

        engine.send(adt("A23", "0900", PID, PV1));
        assertThat(visit("status")).isEqualTo("entered-in-error");

        engine.send(adt("A01", "0930", PID, PV1.replace("WARD^1", "ICU^1")));
        assertThat(visit("status || ' ' || location")).isEqualTo("in-progress ICU · 1 · A");
    }

    @Test
    void aDeletionCountsAlsoWhenItArrivesFirst() {
        engine.send(adt("A23", "0900", PID, PV1));

        engine.send(adt("A01", "0800", PID, PV1));

        assertThat(visit("status")).isEqualTo("entered-in-error");
    }

    /** Diagnoses hang on the visit, whoever said them, and come again only when said anew. */
    @Test
    void whatWasDiagnosedInADeletedVisitGoesWithItInAnyOrderOfArrival() {
        var pneumonia = "DG1|1||J18.9^Pneumonia^I10|||A";
        var fever = "DG1|1||R50.9^Fever^I10|||F";
        engine.send(adt("A01", "0800", PID, PV1, pneumonia));
        engine.send(adt("A23", "0900", PID, PV1, fever));
        assertThat(diagnoses()).isEmpty();

        engine.send(adt("A08", "0830", PID, PV1, fever));
        assertThat(diagnoses()).isEmpty();
        assertThat(
                        engine.one(
                                "select string_agg(code_text, ', ' order by code_text) from"
                                        + " condition"))
                .isEqualTo("Fever, Pneumonia");

        engine.send(adt("A01", "0930", PID, PV1));
        assertThat(diagnoses()).isEmpty();

        engine.send(adt("A08", "0940", PID, PV1, pneumonia));
        assertThat(diagnoses()).containsExactly("Pneumonia");
    }

    /** A deletion that was entered before takes nothing from what was said since. */
    @Test
    void anOlderDeletionOfAVisitLeavesItsDiagnoses() {
        engine.send(adt("A01", "0800", PID, PV1, "DG1|1||J18.9^Pneumonia^I10|||A"));

        engine.send(adt("A23", "0700", PID, PV1));

        assertThat(diagnoses()).containsExactly("Pneumonia");
        assertThat(visit("status")).isEqualTo("in-progress");
    }

    private List<String> diagnoses() {
        return engine.list(
                "select code_text from condition where status = 'active' order by code_text");
    }

    @Test
    void aDeletedPersonKeepsNameAndBirthDateOnly() {
        engine.send(adt("A28", "0800", PID));

        engine.send(adt("A29", "0900", PID));

        assertThat(record("family_name || '|' || sex || '|' || address || '|' || phone"))
                .isEqualTo("DOE|F||");
        assertThat(record("demographics -> 'city' ->> 'path'")).isEqualTo("MSH-9");
    }

    @Test
    void anOlderUpdateBringsNothingBackAfterADeletion() {
        engine.send(adt("A29", "0900", PID));

        engine.send(adt("A08", "0800", PID));

        assertThat(record("address || phone")).isEmpty();
    }

    @Test
    void aLaboratoryDeletesNobodysDemographics() {
        engine.send(adt("A28", "0800", PID));

        engine.send(AdtEngine.LAB, adt("A29", "0900", PID));

        assertThat(record("phone")).isEqualTo("555-0100");
    }

    @Test
    void aCancelledAnnouncementLeavesTheAdmission() {
        engine.send(adt("A05", "0700", PID, PV1));
        engine.send(adt("A38", "0730", PID, PV1));
        assertThat(visit("status")).isEqualTo("cancelled");

        engine.send(adt("A01", "0800", PID, PV1));

        assertThat(visit("status")).isEqualTo("in-progress");
    }

    @Test
    void aCancelledAnnouncementThatArrivesFirstCounts() {
        engine.send(adt("A38", "0730", PID, PV1));

        engine.send(adt("A05", "0700", PID, PV1));

        assertThat(visit("status")).isEqualTo("cancelled");
    }

    @Test
    void twoPatientsChangeBeds() {
        engine.send(adt("A01", "0700", PID, PV1));
        engine.send(adt("A01", "0710", other(), PV1.replace("|V1", "|V2").replace("^1^A", "^2^B")));

        engine.send(
                adt(
                        "A17",
                        "0800",
                        PID,
                        PV1.replace("^1^A", "^2^B"),
                        other(),
                        PV1.replace("|V1", "|V2")));

        assertThat(
                        engine.list(
                                "select number || ' ' || location || ' ' || status from encounter"
                                        + " order by number"))
                .isEqualTo(List.of("V1 WARD · 2 · B in-progress", "V2 WARD · 1 · A in-progress"));
    }

    @Test
    void aSwapOfOnePatientIsRefused() {
        var answer = engine.send(adt("A17", "0800", PID, PV1));

        assertThat(answer).contains("MSA|AE|").contains("two-patients-wanted");
        assertThat(engine.one("select count(*) from encounter")).isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource({"A42", "A50"})
    void aFormerVisitNumberSaysUnderWhichItGoesOn(String trigger) {
        engine.send(adt("A01", "0800", PID, PV1));

        engine.send(
                adt(trigger, "0900", PID, "MRG|M1^^^CLINIC^MR||||V1", PV1.replace("|V1", "|V2")));

        assertThat(
                        engine.list(
                                "select number || ' ' || status || ' ' || coalesce(fields ->"
                                    + " 'goes-on-as' ->> 'text', '') from encounter order by 1"))
                .isEqualTo(List.of("V1 in-progress V2", "V2 unknown "));
    }

    /** HL7 v2.5.1 §3.3.41, §3.3.42: PID, MRG and PV1 repeat together. */
    @Test
    void severalNumbersOfOneMessageGoOnEachAsTheOneBesideIt() {
        engine.send(
                adt(
                        "A42",
                        "0900",
                        PID,
                        "MRG|M1^^^CLINIC^MR||||V1",
                        PV1.replace("|V1", "|V2"),
                        other(),
                        "MRG|M2^^^CLINIC^MR||||V3",
                        PV1.replace("|V1", "|V4")));
        engine.send(
                adt(
                        "A41",
                        "0910",
                        PID + "|||||ACC2",
                        "MRG|M1^^^CLINIC^MR||ACC1",
                        PID + "|||||ACC4",
                        "MRG|M1^^^CLINIC^MR||ACC3"));

        assertThat(
                        engine.list(
                                "select number || ' ' || (fields -> 'goes-on-as' ->> 'text') from"
                                    + " encounter where fields -> 'goes-on-as' is not null order by"
                                    + " 1"))
                .isEqualTo(List.of("ACC1 ACC2", "ACC3 ACC4", "V1 V2", "V3 V4"));
    }

    @Test
    void aSecondPatientWithoutAFormerNumberIsRefusedWhole() {
        var answer =
                engine.send(
                        adt(
                                "A41",
                                "0900",
                                PID + "|||||ACC2",
                                "MRG|M1^^^CLINIC^MR||ACC1",
                                other() + "|||||ACC4"));

        assertThat(answer).contains("MSA|AE|").contains("prior-number-missing");
        assertThat(engine.one("select count(*) from encounter")).isEqualTo("0");
    }

    @Test
    void aChangeOfNumberBeforeTheVisitGivesTheSame() {
        engine.send(adt("A50", "0900", PID, "MRG|M1^^^CLINIC^MR||||V1", PV1.replace("|V1", "|V2")));

        engine.send(adt("A01", "0800", PID, PV1));
        engine.send(adt("A02", "0930", PID, PV1.replace("|V1", "|V2")));

        assertThat(engine.list("select number || ' ' || status from encounter order by 1"))
                .isEqualTo(List.of("V1 in-progress", "V2 in-progress"));
    }

    @ParameterizedTest
    @CsvSource({"A35", "A41", "A49"})
    void aFormerAccountSaysUnderWhichItGoesOn(String trigger) {
        engine.send(adt("A04", "0800", PID + "|||||ACC1", "PV1|1|O"));

        engine.send(adt(trigger, "0900", PID + "|||||ACC2", "MRG|M1^^^CLINIC^MR||ACC1"));

        assertThat(
                        engine.one(
                                "select fields -> 'goes-on-as' ->> 'text' from encounter where"
                                        + " number = 'ACC1'"))
                .isEqualTo("ACC2");
        assertThat(engine.one("select count(distinct person_id) from patient_record"))
                .isEqualTo("1");
    }

    /** ⚠ A visit number of another patient is never taken over by a change of number. */
    @Test
    void aFormerNumberOfAnotherPatientIsHeld() {
        engine.send(adt("A01", "0800", other(), PV1));

        engine.send(adt("A50", "0900", PID, "MRG|M1^^^CLINIC^MR||||V1", PV1.replace("|V1", "|V2")));

        assertThat(engine.lastReasons()).containsExactly("visit-of-another-patient");
        assertThat(engine.one("select count(*) from encounter")).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A35", "A41", "A42", "A49", "A50"})
    void aChangeOfNumberWithoutTheFormerOneIsRefused(String trigger) {
        var answer = engine.send(adt(trigger, "0900", PID, PV1));

        assertThat(answer).contains("MSA|AE|").contains("prior-number-missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A09", "A10", "A21", "A22", "A32", "A33", "A51", "A54", "A55"})
    void whatOnlyDescribesAVisitBeginsAndEndsNone(String trigger) {
        engine.send(adt("A01", "0800", PID, PV1));
        engine.send(adt("A03", "0830", PID, PV1));

        engine.send(adt(trigger, "0900", PID, PV1.replace("WARD^1", "HALL^7")));

        assertThat(visit("status || ' ' || location")).isEqualTo("finished HALL · 7 · A");
    }

    /** HL7 v2.5.1 §3.3.12: PV1-3 of the cancel says where the patient is after it ⚠. */
    @Test
    void aCancelledTransferBringsThePatientBackWhateverCameBetweenAndInAnyOrder() {
        var messages =
                List.of(
                        adt("A01", "0700", PID, PV1),
                        adt("A02", "0800", PID, PV1.replace("WARD^1", "ICU^5")),
                        adt("A08", "0900", PID, PV1.replace("WARD^1", "ICU^5")),
                        adt("A12", "1000", PID, PV1));
        for (var order : List.of(List.of(0, 1, 2, 3), List.of(3, 2, 1, 0), List.of(1, 3, 0, 2))) {
            try (var own = new AdtEngine()) {
                for (var i : order) own.send(messages.get(i));

                assertThat(own.one("select location || ' ' || status from encounter"))
                        .as(order.toString())
                        .isEqualTo("WARD · 1 · A in-progress");
            }
        }
    }

    @Test
    void aCancelOfAnEarlierTransferLeavesThePatientWhereTheLaterOneBrought() {
        engine.send(adt("A01", "0700", PID, PV1));
        engine.send(adt("A02", "0800", PID, PV1.replace("WARD^1", "ICU^5")));
        engine.send(adt("A02", "0900", PID, PV1.replace("WARD^1", "OR^2")));

        engine.send(
                AdtTests.message("V" + sent.incrementAndGet(), "A12", "1000", "0800", PID, PV1));

        assertThat(visit("location")).isEqualTo("OR · 2 · A");
    }

    @Test
    void aCancelledDischargeTellsThePlaceAndNothingElseOfTheDischarge() {
        engine.send(adt("A01", "0700", PID, PV1));
        var discharged = PV1 + "|".repeat(17) + "HOME" + "|".repeat(9) + "202611220800";
        engine.send(adt("A03", "0800", PID, discharged.replace("WARD^1", "LOUNGE^3")));
        engine.send(adt("A08", "0830", PID, PV1.replace("WARD^1", "LOUNGE^3")));

        engine.send(adt("A13", "0900", PID, discharged));

        assertThat(visit("status || ' ' || location || '|' || disposition || discharged_as_sent"))
                .isEqualTo("in-progress WARD · 1 · A|");
    }

    private static String other() {
        return "PID|2||M2^^^CLINIC^MR||ROE^Rita||19820304|F";
    }

    private String adt(String trigger, String time, String... segments) {
        return AdtTests.message("V" + sent.incrementAndGet(), trigger, time, "", segments);
    }

    private String record(String columns) {
        return engine.one("select " + columns + " from patient_record");
    }

    private String visit(String columns) {
        return engine.one("select " + columns + " from encounter");
    }
}
