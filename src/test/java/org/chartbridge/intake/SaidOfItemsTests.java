package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** ⚠ What a later message about an item leaves empty stays as it was said (decision 88). */
class SaidOfItemsTests {
    private static final IdentityEngine ENGINE = new IdentityEngine(EMR);
    private static final String PID = "PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final String AMOXICILLIN = "723^Amoxicillin^RXNORM";
    private static final String ALLERGY =
            "select code_text || ' ' || severity || ' ' || reaction || ' ' || clinical_status from"
                    + " allergy where status = 'active'";
    private static final String DRUG =
            "select state || ' ' || code_text || ' ' || dose || ' ' || route || ' ' || refills from"
                    + " medication_order";
    private static final String APPOINTMENT =
            "select state || ' ' || starts_as_sent || ' ' || ends_as_sent || ' ' || clinician || '"
                    + " ' || location from appointment";

    @BeforeEach
    void forget() {
        ENGINE.forget();
    }

    @AfterAll
    static void stop() {
        ENGINE.close();
    }

    @Test
    void anUpdatedAllergyKeepsSeverityAndReaction() {
        send("ADT^A31", 1, "IAM|1|DA|P^Penicillin^L|SV|Anaphylaxis|A");

        send("ADT^A31", 2, "IAM|1|DA|P^Penicillin^L|||U" + "|".repeat(11) + "C^Confirmed");

        assertThat(ENGINE.one(ALLERGY)).isEqualTo("Penicillin SV Anaphylaxis C");
        assertThat(ENGINE.rebuilt().isEqual()).isTrue();
    }

    @Test
    void twoQuotationMarksDeleteAField() {
        send("ADT^A31", 1, "IAM|1|DA|P^Penicillin^L|SV|Anaphylaxis|A");

        send("ADT^A31", 2, "IAM|1|DA|P^Penicillin^L|\"\"||U");
        assertThat(ENGINE.one(ALLERGY)).isEqualTo("Penicillin  Anaphylaxis ");
        send("ADT^A31", 3, "IAM|1|DA|P^Penicillin^L||\"\"|U");

        assertThat(ENGINE.one(ALLERGY)).isEqualTo("Penicillin   ");
    }

    @Test
    void aWholeListSaysEachAllergyAnew() {
        send("ADT^A31", 1, "AL1|1|DA|P^Penicillin^L|SV|Anaphylaxis");

        send("ADT^A31", 2, "AL1|1|DA|P^Penicillin^L|MI");

        assertThat(ENGINE.one(ALLERGY)).isEqualTo("Penicillin MI  ");
    }

    @Test
    void whatIsDeletedAndAddedAgainBeginsAnew() {
        send("ADT^A31", 1, "IAM|1|DA|P^Penicillin^L|SV|Anaphylaxis|A");
        send("ADT^A31", 2, "IAM|1|DA|P^Penicillin^L|||D");

        send("ADT^A31", 3, "IAM|1|DA|P^Penicillin^L|MI||A");

        assertThat(ENGINE.one(ALLERGY)).isEqualTo("Penicillin MI  ");
    }

    @Test
    void anAllergyOfTwoNumbersKeepsWhatWasSaidUnderTheOneThatIsDeleted() {
        send("ADT^A31", 1, "IAM|1|DA|P^Penicillin^L|SV|Anaphylaxis|A|N1^E");
        send("ADT^A31", 2, "IAM|1|DA|P^Penicillin^L|||A|N2^E");
        send("ADT^A31", 3, "IAM|1|DA|P^Penicillin^L|||D|N1^E");

        send("ADT^A31", 4, "IAM|1|DA|P^Penicillin^L|||U|N2^E");

        assertThat(ENGINE.one(ALLERGY)).isEqualTo("Penicillin SV Anaphylaxis ");
    }

    @Test
    void aHeldAndReleasedOrderKeepsItsDose() {
        send("RDE^O11", 1, "ORC|NW|P1", "RXE||" + AMOXICILLIN + "|500||mg|||||||2", "RXR|PO");

        send("RDE^O11", 2, "ORC|HD|P1", "RXE||" + AMOXICILLIN);
        assertThat(ENGINE.one(DRUG)).isEqualTo("on-hold Amoxicillin 500 mg PO 2");
        send("RDE^O11", 3, "ORC|RL|P1", "RXE||723^AMOXICILLIN^RXNORM");

        assertThat(ENGINE.one(DRUG)).isEqualTo("active AMOXICILLIN 500 mg PO 2");
        assertThat(ENGINE.rebuilt().isEqual()).isTrue();
    }

    /** ⚠ */
    @Test
    void theDoseOfOneDrugIsNeverThatOfAnother() {
        send("RDE^O11", 1, "ORC|NW|P1", "RXE||" + AMOXICILLIN + "|500||mg|||||||2", "RXR|PO");

        send("RDE^O11", 2, "ORC|XO|P1", "RXE||2582^Clindamycin^RXNORM");

        assertThat(ENGINE.one(DRUG)).isEqualTo("active Clindamycin   ");
    }

    @Test
    void aNoteAboutAnAppointmentTakesNeitherItsTimeNorItsClinician() {
        send("SIU^S12", 1, booked("^^^20261210090000^20261210093000"), "AIP|1||77^Ordway^Olga");

        send("SIU^S14", 2, "SCH||F1", "AIL|1|U|ROOM2");
        assertThat(ENGINE.one(APPOINTMENT))
                .isEqualTo("booked 20261210090000 20261210093000 Ordway, Olga ROOM2");
        send("SIU^S15", 3, "SCH||F1");

        assertThat(ENGINE.one(APPOINTMENT)).startsWith("cancelled 20261210090000");
    }

    /** ⚠ Else it would end before it begins. */
    @Test
    void theEndOfAnAppointmentGoesWithItsBeginning() {
        send("SIU^S12", 1, booked("^^^20261210090000^20261210093000"));

        send("SIU^S13", 2, booked("^^^20261211090000"));

        assertThat(ENGINE.one(APPOINTMENT)).isEqualTo("booked 20261211090000   ");
    }

    @Test
    void aProblemADocumentAndADoseKeepWhatIsNotSaidAgain() {
        send("PPR^PC1", 1, "PRB|AD|20261120|I10^Hypertension^I10||||20200101");
        send("PPR^PC2", 2, "PRB|UP|20261121|I10^Hypertension^I10");
        send("MDM^T01", 3, "TXA|1|CN^Note|TX|20261122070000|||||77^Ordway^Olga|||D1");
        send("MDM^T03", 4, "TXA|1|CN^Note|TX|||||||||D1|||||LA");
        send("VXU^V04", 5, dose("LOT1", "", "CP", "A"));
        send("VXU^V04", 6, dose("", "", "CP", "U"));

        assertThat(ENGINE.one("select onset_as_sent from condition")).isEqualTo("20200101");
        assertThat(
                        ENGINE.one(
                                "select activity_as_sent || clinician || completion from"
                                        + " clinical_document"))
                .isEqualTo("20261122070000Ordway, OlgaLA");
        assertThat(ENGINE.one("select lot from immunization where status = 'active'"))
                .isEqualTo("LOT1");
    }

    /** ⚠ */
    @Test
    void whyADoseWasRefusedSaysNothingOfOneThatWasGiven() {
        send("VXU^V04", 1, dose("", "^Parental decision", "RE", "A"));

        send("VXU^V04", 2, dose("LOT1", "", "CP", "A"));

        assertThat(ENGINE.one("select completion || reason || lot from immunization"))
                .isEqualTo("CPLOT1");
    }

    @Test
    void anOrderKeepsItsNotesWhenItIsChanged() {
        send("ORM^O01", 1, "ORC|NW|P1", "OBR|1|P1||K^Potassium^L", "NTE|1||fasting");

        send("ORM^O01", 2, "ORC|XO|P1", "OBR|1|P1||K^Potassium^L|||20261125080000");

        assertThat(ENGINE.one("select details || ' ' || collected_as_sent from placed_order"))
                .isEqualTo("fasting 20261125080000");
    }

    /** What was charted before words were kept is what its statement says. */
    @Test
    void whatWasChartedBeforeIsKeptToo() {
        send("ADT^A31", 1, "IAM|1|DA|P^Penicillin^L|SV|Anaphylaxis|A");
        ENGINE.jdbc.sql("update allergy set words = null").update();

        send("ADT^A31", 2, "IAM|1|DA|P^Penicillin^L|||U");

        assertThat(ENGINE.one(ALLERGY)).isEqualTo("Penicillin SV Anaphylaxis ");
    }

    @Test
    void anyOrderOfArrivalGivesTheSameItems() {
        var messages =
                List.of(
                        message("ADT^A31", 1, "IAM|1|DA|P^Penicillin^L|SV|Rash|A|N1^E"),
                        message("ADT^A31", 2, "IAM|1|DA|P^Penicillin^L||Anaphylaxis|U|N1^E"),
                        message("ADT^A31", 3, "IAM|1|DA|P^Penicillin^L|MI||U|N1^E"),
                        message("ADT^A31", 4, "IAM|1|FA|N^Nuts^L|SV|Hives|A"),
                        message("ADT^A31", 5, "IAM|1|FA|N^Nuts^L|||D"),
                        message("ADT^A31", 6, "IAM|1|FA|N^Nuts^L|MO||A"),
                        message("RDE^O11", 1, "ORC|NW|P1", "RXE||X^Xylo^L|5||mg", "RXR|PO"),
                        message("RDE^O11", 2, "ORC|XO|P1", "RXE||Y^Ypsi^L|7||mg|||||||3"),
                        message("RDE^O11", 3, "ORC|HD|P1", "RXE||X^Xylo^L"),
                        message("RDE^O11", 4, "ORC|RL|P1", "RXE||Y^Ypsi^L"),
                        message("SIU^S12", 1, booked("^^^20261210090000^20261210093000")),
                        message("SIU^S13", 2, booked("^^^20261211090000")),
                        message("SIU^S14", 3, "SCH||F1", "AIL|1|U|ROOM2"),
                        message("SIU^S15", 4, "SCH||F1"));
        var seed = System.nanoTime();
        System.out.println("SaidOfItemsTests seed " + seed);
        var random = new Random(seed);
        var wanted = items(messages);
        assertThat(wanted)
                .contains(
                        "Penicillin MI Anaphylaxis ",
                        "Nuts MO  ",
                        "active Ypsi 7 mg  3",
                        "cancelled 20261211090000   ROOM2");
        for (int i = 0; i < 6; i++) {
            var shuffled = new ArrayList<>(messages);
            Collections.shuffle(shuffled, random);

            assertThat(items(shuffled)).as("seed " + seed).isEqualTo(wanted);
        }
        assertThat(ENGINE.rebuilt().isEqual()).isTrue();
    }

    private static List<String> items(List<String> messages) {
        ENGINE.forget();
        for (var message : messages) ENGINE.send(EMR, message);
        assertThat(ENGINE.one("select count(*) from journal where state <> 'charted'"))
                .isEqualTo("0");
        var all = new ArrayList<String>();
        for (var sql : List.of(ALLERGY, DRUG, APPOINTMENT)) all.addAll(ENGINE.list(sql));
        Collections.sort(all);
        return all;
    }

    private static String booked(String timing) {
        return "SCH||F1" + "|".repeat(9) + timing;
    }

    private static String dose(String lot, String reason, String completion, String action) {
        return "ORC|RE||I1\nRXA|0|1|20261119||08^HepB^CVX|1|||||||||%s|||%s||%s|%s"
                .formatted(lot, reason, completion, action);
    }

    private static void send(String type, int hour, String... segments) {
        ENGINE.send(EMR, message(type, hour, segments));
        assertThat(ENGINE.state(id(type, hour))).isEqualTo("charted");
    }

    private static String id(String type, int hour) {
        return type.substring(0, 3) + hour;
    }

    private static String message(String type, int hour, String... segments) {
        return "MSH|^~\\&|EMR|CLINIC|CB|CB|202611220%d00||%s|%s|P|2.5.1\n%s\n%s\n"
                .formatted(hour, type, id(type, hour), PID, String.join("\n", segments));
    }
}
