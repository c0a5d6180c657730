package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.chart.Registration;
import org.chartbridge.hl7.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Objects;

/** Immunizations, appointments, orders and charges, as their sender states them. */
class StatementsTests {
    private static final Mappings MAPPINGS =
            new Mappings(
                    List.of(
                            new ImmunizationFamily(),
                            new AppointmentFamily(),
                            new ScheduleFamily(),
                            new OrderFamily(),
                            new BillingFamily()));

    private static final String PATIENT = "PID|1||E1^^^CLINIC^MR||EXEMPLAR^Olive||19710412|F\n";

    // ------------------------------------------------------------ immunizations

    @Test
    void eachRxaIsADoseWithItsOwnNumber() {
        var items =
                items(
                        "VXU^V04^VXU_V04",
                        PATIENT
                                + """
                                ORC|RE||A1
                                RXA|0|1|20261103||08^HepB^CVX|0.5|mL
                                RXA|0|1|20261103||20^DTaP^CVX|999
                                """);

        assertThat(items)
                .extracting(ListStatement.Item::key)
                .as("an ORC speaks for one RXA")
                .containsExactly("08^CVX 20261103 # A1", "20^CVX 20261103");
        assertThat(text(items.getFirst(), ItemField.DOSE)).isEqualTo("0.5 mL");
        assertThat(items.getLast().fields()).doesNotContainKey(ItemField.DOSE);
    }

    /** ⚠ A refused dose is no protection. */
    @Test
    void aRefusedDoseKeepsItsStatusAndReason() {
        var item =
                items(
                                "VXU^V04",
                                PATIENT
                                        + "RXA|0|1|20261103||88^Flu^CVX|999||||||||||||"
                                        + "00^Parental decision^NIP002||RE|A")
                        .getFirst();

        assertThat(text(item, ItemField.CLINICAL_STATUS)).isEqualTo("RE");
        assertThat(text(item, ItemField.REASON)).isEqualTo("Parental decision");
    }

    @Test
    void noVaccineAdministeredStatesNothingAndADeletionTakesBack() {
        assertThat(statements("VXU^V04", PATIENT + "RXA|0|1|2026||998^None^CVX|999")).isEmpty();
        assertThat(
                        items("VXU^V04", PATIENT + "RXA|0|1|2026||08^HepB^CVX|1||||||||||||||CP|D")
                                .getFirst()
                                .removed())
                .isTrue();
    }

    @Test
    void obxBehindAnRxaStayWithItAndOthersAreListed() {
        var text =
                PATIENT
                        + """
                        OBX|1|ST|X^Before^L||lost||||||F
                        RXA|0|1|20261103||08^HepB^CVX|1
                        OBX|2|CE|64994-7^Eligibility^LN||V02^VFC^HL70064||||||F
                        """;

        assertThat(text(items("VXU^V04", text).getFirst(), ItemField.DETAILS))
                .isEqualTo("Eligibility: VFC");
        assertThat(remarks("VXU^V04", text))
                .containsExactly("W OBX[1] observation-not-charted", "I OBX[2] observation-beside");
    }

    @Test
    void anRxaWithoutAVaccineIsListedAndTheOthersAreCharted() {
        var text = PATIENT + "RXA|0|1|20261103|||1\nRXA|0|1|20261103||08^HepB^CVX|1";

        assertThat(items("VXU^V04", text)).hasSize(1);
        assertThat(remarks("VXU^V04", text)).containsExactly("W RXA[1]-5 item-not-named");
    }

    // ------------------------------------------------------------ appointments

    @Test
    void theEventSaysWhatBecomesOfAnAppointment() {
        var sch = "SCH|P1|F1|||||Reason||30|MIN|^^^20261110100000\n";
        for (var event : List.of("S12 booked", "S13 booked", "S15 cancelled", "S26 no-show")) {
            var parts = event.split(" ", 2);
            var item = items("SIU^" + parts[0], sch + PATIENT).getFirst();
            assertThat(item.key()).isEqualTo("F1");
            assertThat(text(item, ItemField.STATE)).isEqualTo(parts[1]);
            assertThat(text(item, ItemField.BEGAN)).isEqualTo("20261110100000");
        }
        assertThat(items("SIU^S17", sch + PATIENT).getFirst().removed()).isTrue();
    }

    /** Some cancel by S14 with SCH-25 (table 0278). */
    @ParameterizedTest
    @CsvSource({
        "S14, Cancelled, cancelled",
        "S14, DC, cancelled",
        "S14, Noshow^No show, no-show",
        "S14, COMPLETE, completed",
        "S14, ^No-Show, no-show",
        "S12, Waitlist, waitlist",
        "S12, Booked, booked",
        "S12, Strange, booked",
        "S14, '\"\"', booked",
        "S15, Booked, cancelled",
        "S26, Complete, no-show"
    })
    void anAppointmentThatGoesOnStandsAsItsFillerSaysIt(String event, String sent, String state) {
        var item = items("SIU^" + event, "SCH|P1|F1" + "|".repeat(23) + sent + "\n" + PATIENT);

        assertThat(text(item.getFirst(), ItemField.STATE)).isEqualTo(state);
    }

    @Test
    void theTimeIsThatOfTq1ElseOfTheFirstResource() {
        assertThat(
                        text(
                                items("SIU^S12", "SCH|P1|F1\nTQ1|1||||||20261110080000\n" + PATIENT)
                                        .getFirst(),
                                ItemField.BEGAN))
                .isEqualTo("20261110080000");
        assertThat(
                        text(
                                items(
                                                "SIU^S12",
                                                "SCH|P1|F1\n" + PATIENT + "AIS|1||X|20261110090000")
                                        .getFirst(),
                                ItemField.BEGAN))
                .isEqualTo("20261110090000");
    }

    @Test
    void anAppointmentWithoutANumberOrPatientIsNotCharted() {
        assertThat(remarks("SIU^S12", "SCH|||||||Reason\n" + PATIENT))
                .containsExactly("W SCH[1]-2 item-not-named");
        assertThat(faults("SIU^S12", "SCH|P1|F1\n"))
                .containsExactly("PID[1] patient-identifier-missing");
        assertThat(faults("SIU^S12", PATIENT)).containsExactly("SCH[1] appointment-missing");
    }

    /** Each event of table 0003 has one meaning; none is left to the default. */
    @Test
    void everySchedulingEventSaysWhatBecomesOfTheAppointment() {
        var sch = "SCH|P1|F1\n";
        for (var event : List.of("S12", "S13", "S14", "S18", "S19", "S20", "S21", "S22"))
            assertThat(text(items("SIU^" + event, sch + PATIENT).getFirst(), ItemField.STATE))
                    .as(event)
                    .isEqualTo("booked");
        assertThat(text(items("SIU^S16", sch + PATIENT).getFirst(), ItemField.STATE))
                .isEqualTo("cancelled");
        for (var event : List.of("S11", "S25", "S27"))
            assertThat(map("SIU^" + event, sch + PATIENT))
                    .as(event)
                    .isInstanceOf(Mapped.NotCharted.class);
    }

    @Test
    void blockedAndOpenedSlotsAreNobodysAppointmentAlsoBesideAPatient() {
        for (var body : List.of("SCH|P1|F1\n", "SCH|P1|F1\n" + PATIENT, "")) {
            assertThat(map("SIU^S23", body))
                    .isInstanceOfSatisfying(
                            Mapped.NotCharted.class,
                            said -> {
                                assertThat(said.why()).contains("blocked (S23)");
                                assertThat(said.goesOn()).isTrue();
                            });
            assertThat(map("SIU^S24", body))
                    .isInstanceOfSatisfying(
                            Mapped.NotCharted.class,
                            said -> assertThat(said.why()).contains("open again (S24)"));
        }
    }

    /** An appointment whose X-ray was cancelled is no appointment for an X-ray. */
    @Test
    void whatAnAppointmentLosesIsNotWhatItIsFor() {
        var lost = "SCH|P1|F1\n" + PATIENT + "AIS|1||XR^X-ray^L|20261110090000\n";
        var item = items("SIU^S20", lost).getFirst();
        assertThat(item.fields())
                .doesNotContainKeys(ItemField.CODE, ItemField.BEGAN, ItemField.SUPPORTING);
        assertThat(remarks("SIU^S20", lost)).containsExactly("I AIS[1]-2 resource-not-charted");

        var both = "SCH|P1|F1\n" + PATIENT + "AIS|1|D|XR^X-ray^L\nAIS|2|x|US^Sono^L\n";
        for (var event : List.of("S14", "S18", "S21"))
            assertThat(text(items("SIU^" + event, both).getFirst(), ItemField.CODE))
                    .as(event)
                    .isEqualTo("Sono");
    }

    @Test
    void whatIsPutBesideAnAppointmentDoesNotTakeItsPlace() {
        var added =
                "SCH|P1|F1\n"
                        + PATIENT
                        + "AIS|1|A|IV^Contrast^L\n"
                        + "AIP|1|A|9^Interpreter^Ida\n"
                        + "AIP|2|?|8^Doctor^Dora\n";
        var item = items("SIU^S18", added).getFirst();
        assertThat(item.fields()).doesNotContainKey(ItemField.CODE);
        assertThat(text(item, ItemField.CLINICIAN)).contains("Doctor");
        assertThat(text(items("SIU^S12", added).getFirst(), ItemField.CODE)).isEqualTo("Contrast");
    }

    // ------------------------------------------------------------ orders

    @Test
    void oneOrcGovernsTheObrThatFollowItAndEmptyNumbersInherit() {
        var items =
                items(
                        "OML^O21",
                        PATIENT
                                + """
                                ORC|NW|P1|||||||20261103075900|||77^Ordway^Olga
                                OBR|1|||K^Potassium^L
                                OBR|2|P2||NA^Sodium^L
                                ORC|CA|P3
                                OBR|3|||GLU^Glucose^L
                                """);

        assertThat(items)
                .extracting(item -> item.key() + " " + text(item, ItemField.STATE))
                .containsExactly("P1 active", "P2 active", "P3 cancelled");
        assertThat(text(items.get(1), ItemField.CLINICIAN)).isEqualTo("Ordway, Olga");
    }

    @Test
    void oneNumberForSeveralTestsIsToldApartByTheTest() {
        assertThat(
                        items(
                                "ORM^O01",
                                PATIENT + "ORC|NW|P1\nOBR|1|||K^Potassium^L\nOBR|2|||NA^Sodium^L"))
                .extracting(ListStatement.Item::key)
                .containsExactly("P1 K^L", "P1 NA^L");
    }

    /** ⚠ Answers asked for at order entry are no results. */
    @Test
    void obxOfAnOrderStayWithItAndEarlierResultsAreListed() {
        var text =
                PATIENT
                        + """
                        ORC|NW|P1
                        OBR|1|||K^Potassium^L
                        OBX|1|ST|FAST^Fasting^L||yes||||||F
                        ORC|RE|P0
                        OBR|2|P0||K^Potassium^L|||||||||||||||||||||F
                        OBX|2|NM|K^K^L||4||||||F
                        """;

        var items = items("OML^O21", text);
        assertThat(items).hasSize(1);
        assertThat(text(items.getFirst(), ItemField.DETAILS)).isEqualTo("Fasting: yes");
        assertThat(remarks("OML^O21", text))
                .containsExactly("W OBX[2] observation-not-charted", "I OBX[1] observation-beside");
    }

    @Test
    void notesOfAnOrderStayWithItBehindItsAnswers() {
        var items =
                items(
                        "OML^O21",
                        PATIENT
                                + """
                                ORC|NW|P1
                                OBR|1|||K^Potassium^L
                                NTE|1||Draw without a tourniquet
                                OBX|1|ST|FAST^Fasting^L||yes||||||F
                                NTE|1||since midnight
                                NTE|2||she says
                                ORC|NW|P2
                                OBR|2|||NA^Sodium^L
                                NTE|1||
                                """);

        assertThat(text(items.getFirst(), ItemField.DETAILS))
                .isEqualTo("Fasting: yes\nDraw without a tourniquet\nsince midnight\nshe says");
        assertThat(items.getLast().fields()).doesNotContainKey(ItemField.DETAILS);
    }

    @Test
    void notesOfMedicationStayWithItsOrderAndThoseOfThePatientWithNone() {
        var items =
                items(
                        "ORM^O01",
                        PATIENT
                                + """
                                NTE|1||Patient is hard of hearing
                                ORC|NW|P1
                                RXO|A^Amoxicillin^L|500||mg
                                NTE|1||Call the ward before dispensing
                                ORC|NW|P2
                                RXO|B^Bisoprolol^L|5||mg
                                """);

        assertThat(text(items.getFirst(), ItemField.DETAILS))
                .isEqualTo("Call the ward before dispensing");
        assertThat(items.getLast().fields()).doesNotContainKey(ItemField.DETAILS);
    }

    /** ⚠ Half a sentence may say the opposite. Codes and names within a component are cut. */
    @Test
    void anAmpersandThatNobodyEscapedIsALetterOfATextAndASeparatorOfACode() {
        var order =
                items(
                                "ORM^O01",
                                PATIENT
                                        + "ORC|NW|P1\n"
                                        + "OBR|1|||K^Potassium^L|||||||||Fever & rash, no sepsis\n")
                        .getFirst();
        var drug =
                items(
                                "ORM^O01",
                                PATIENT
                                        + "ORC|NW|P1\n"
                                        + "RXE||A^Amoxicillin^L|500||mg\n"
                                        + "TQ1|1||BID&Twice a day&HL70335\n")
                        .getFirst();

        assertThat(text(order, ItemField.REASON)).isEqualTo("Fever & rash, no sepsis");
        assertThat(text(drug, ItemField.FREQUENCY)).isEqualTo("BID");
    }

    /** A filler that repeats what it was asked for, and nothing was asked for before it. */
    @Test
    void ordersWhichAllSayThatResultsFollowAreNoEarlierResults() {
        var items =
                items(
                        "OML^O21",
                        PATIENT
                                + """
                                ORC|RE|P1|F1||CM
                                OBR|1|||K^Potassium^L
                                OBX|1|ST|FAST^Fasting^L||yes||||||F
                                ORC|RE|P2
                                OBR|2|||NA^Sodium^L
                                """);

        assertThat(items)
                .extracting(item -> item.key() + " " + text(item, ItemField.STATE))
                .containsExactly("P1 completed", "P2 active");
        assertThat(text(items.getFirst(), ItemField.DETAILS)).isEqualTo("Fasting: yes");
    }

    /** HL7-RULES §5: the number is enough; what was ordered stays as it was said. */
    @Test
    void anOrcAloneIsAWordAboutTheOrdersOfItsNumber() {
        var items = items("ORM^O01", PATIENT + "ORC|ca|P1^EMR|F1||CM\nORC|HD|P2\nORC|RL|P3");

        assertThat(items)
                .extracting(item -> item.key() + " " + text(item, ItemField.STATE))
                .containsExactly("stop P1^EMR cancelled", "stop P2 on-hold", "stop P3 active");
        assertThat(text(items.getFirst(), ItemField.PLACER_NUMBER)).isEqualTo("P1^EMR");
        assertThat(items.getFirst().fields()).doesNotContainKey(ItemField.CODE);
    }

    /** ⚠ What it stops would go on standing as active. */
    @Test
    void anOrcThatStopsAnOrderNeedsItsObrOrItsNumber() {
        for (var orc : List.of("ORC|CA", "ORC|CA||F1", "ORC|DE||F1", "ORC|RU||F1"))
            assertThat(faults("ORM^O01", PATIENT + orc))
                    .containsExactly("ORC[1] order-detail-missing");
        assertThat(faults("ORM^O01", PATIENT)).containsExactly("ORC[1] order-segment-missing");
        assertThat(faults("ORM^O01", PATIENT + "ORC|CA|P1\nRXO|"))
                .containsExactly("RXO[1] order-detail-missing");
        assertThat(remarks("ORM^O01", PATIENT + "ORC|CA|P1\nRXO|X")).isEmpty();
    }

    /** HL7 v2.5.1 §4.5.1.2, §4.5.3.2: they are one number. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    ORC|NW|P1_OBR|1|P2||K^K^L                             ; P2    ; true
                    ORC|NW|P1^A_OBR|1|P1^B||K^K^L                         ; P1^B  ; true
                    ORC|CA|P1_OBR|1|P2||K^K^L                             ; P2    ; true
                    ORC|NW|P1_OBR|1|P1||K^K^L                             ; P1    ; false
                    ORC|NW|P1^A_OBR|1|P1||K^K^L                           ; P1    ; false
                    ORC|NW|P1_OBR|1|||K^K^L                               ; P1    ; false
                    ORC|NW|_OBR|1|P2||K^K^L                               ; P2    ; false
                    ORC|NW|P1_OBR|1|P1||K^K^L_OBR|2|P2||NA^NA^L           ; P1,P2 ; false
                    ORC|NW|P1_OBR|1|P3||K^K^L_OBR|2|P2||NA^NA^L           ; P3,P2 ; true
                    """)
    void twoNumbersOfOneOrderAreRemarkedAndItIsKnownByTheObrs(
            String order, String keys, boolean remarked) {
        var message = PATIENT + order.replace('_', '\n');

        assertThat(items("OML^O21", message))
                .extracting(item -> item.key())
                .containsExactly(keys.split(","));
        assertThat(remarks("OML^O21", message))
                .extracting(one -> one.replace("-2.1 ", "-2 "))
                .isEqualTo(remarked ? List.of("W OBR[1]-2 order-numbers-differ") : List.of());
    }

    /** ⚠ Whether it orders or ends something nobody knows. */
    @Test
    void anOrc1OutsideItsTableOrdersNothingAndIsRemarked() {
        var zz = PATIENT + "ORC|ZZ|P1\nOBR|1|||K^K^L\nORC|nw|P2\nOBR|2|||NA^NA^L";

        assertThat(items("ORM^O01", zz)).extracting(item -> item.key()).containsExactly("P2");
        assertThat(remarks("ORM^O01", zz)).containsExactly("W ORC[1]-1 order-control-not-known");
        assertThat(remarks("ORM^O01", PATIENT + "ORC|ZZ|P1\nORC|NW|P2\nOBR|1|||K^K^L"))
                .containsExactly("W ORC[1]-1 order-control-not-known");
        assertThat(
                        remarks(
                                "ORM^O01",
                                PATIENT
                                        + "ORC|ZZ|P1\nOBR|1|||CT^CT with contrast^L\n"
                                        + "ORC|ZZ|P2\nRXO|X^X^L"))
                .containsExactly("W ORC[1]-1 order-not-screened", "W ORC[2]-1 order-not-screened");
    }

    @Test
    void theFillersStatusDecidesWhereThereIsOne() {
        for (var row :
                List.of("SC|CM completed", "SC|CA cancelled", "SC|IP active", "HD| on-hold")) {
            var parts = row.split("[| ]", 3);
            var text = PATIENT + "ORC|%s|P1|F1||%s\nOBR|1|||K^K^L".formatted(parts[0], parts[1]);
            assertThat(text(items("ORM^O01", text).getFirst(), ItemField.STATE))
                    .as(row)
                    .isEqualTo(parts[2]);
        }
    }

    // ------------------------------------------------------------ charges

    @Test
    void ofChargesTheInsuranceIsCharted() {
        assertThat(
                        statements("DFT^P03", PATIENT + "FT1|1\nIN1|1|GOLD^Gold|77|Acme Health")
                                .getFirst()
                                .kind())
                .isEqualTo(ListKind.COVERAGE);
        assertThat(map("BAR^P01", PATIENT)).isInstanceOf(Mapped.NotCharted.class);
    }

    private static Mapped map(String type, String text) {
        return MAPPINGS.map(
                Sent.message(
                        "MSH|^~\\&|EMR|CLINIC|CB|CLINIC|20261103080000||"
                                + type
                                + "|C1|P|2.5.1\n"
                                + text),
                Sent.NORTHLAB);
    }

    private static List<ListStatement> statements(String type, String text) {
        return switch (map(type, text)) {
            case Mapped.Update(Registration registration, _) -> registration.lists();
            case Mapped.Update _ -> throw new AssertionError("wanted one statement");
            case Mapped.NotUnderstood(var faults) -> throw new AssertionError(faults.toString());
            case Mapped.NotCharted(var why, _, _) -> throw new AssertionError(why);
        };
    }

    private static List<ListStatement.Item> items(String type, String text) {
        return statements(type, text).getFirst().items();
    }

    private static String text(ListStatement.Item item, ItemField field) {
        return Objects.requireNonNull(item.fields().get(field), "the item lacks " + field).text();
    }

    private static List<String> remarks(String type, String text) {
        return switch (map(type, text)) {
            case Mapped.Update(_, var remarks) ->
                    remarks.stream()
                            .map(f -> f.severity() + " " + f.location() + " " + f.reason())
                            .toList();
            case Mapped.NotUnderstood(var faults) -> throw new AssertionError(faults.toString());
            case Mapped.NotCharted(var why, _, _) -> throw new AssertionError(why);
        };
    }

    private static List<String> faults(String type, String text) {
        return switch (map(type, text)) {
            case Mapped.NotUnderstood(var faults) ->
                    faults.stream().map(StatementsTests::inShort).toList();
            case Mapped.Update _, Mapped.NotCharted _ -> throw new AssertionError("no faults");
        };
    }

    private static String inShort(Fault fault) {
        return fault.location() + " " + fault.reason();
    }
}
