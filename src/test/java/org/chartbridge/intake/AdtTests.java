package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.partner.Partner;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.concurrent.atomic.AtomicInteger;

/** ADT from the socket's bytes to the tables, on a real PostgreSQL. All people are invented. */
class AdtTests {
    @AutoClose private final AdtEngine engine = new AdtEngine();
    private final AtomicInteger sent = new AtomicInteger();

    // ------------------------------------------------------------ demographics

    @Test
    void aRegistrationBringsThePatientAndTheVisit() {
        var answer =
                engine.send(
                        adt(
                                "A04",
                                "0800",
                                PID,
                                "PV1|1|O|CLIN^12^^HILL||||70001^ORDWAY^Ann|||MED|||||||||V1^^^EMR"));

        assertThat(answer).contains("MSA|AA|").doesNotContain("ERR|");
        assertThat(record("family_name || ', ' || given_name || ' ' || birth_date || ' ' || sex"))
                .isEqualTo("DOE, Jane 1971-02-03 F");
        assertThat(record("address")).isEqualTo("1 Main St, Apt 2, Springfield, IL 62701");
        assertThat(record("phone")).isEqualTo("555-0100");
        assertThat(record("demographics -> 'city' ->> 'path'")).isEqualTo("PID-11.3");
        assertThat(record("demographics -> 'city' ->> 'partner'")).isEqualTo("emr");
        assertThat(visit("status || ' ' || class || ' ' || location || ' ' || attending"))
                .isEqualTo("in-progress O CLIN · 12 · HILL ORDWAY, Ann");
        assertThat(visit("admitted_as_sent")).isEqualTo("202611220800");
    }

    @Test
    void anOlderUpdateNeverOverwritesANewerOneFieldByField() {
        engine.send(adt("A04", "0800", PID));
        engine.send(adt("A08", "1000", pid("DOE^Jane", "19710203", "9 New Rd^^Springfield", "")));

        engine.send(
                adt("A08", "0900", pid("DOE^Jane", "19710203", "5 Old Ln^^Oldtown", "555-0199")));

        assertThat(record("address")).isEqualTo("9 New Rd, Springfield");
        assertThat(record("phone")).isEqualTo("555-0199");
        assertThat(engine.lastReasons()).contains("demographics-late");
        assertThat(engine.one("select count(*) from statement where kind = 'demographics'"))
                .isEqualTo("3");
    }

    @Test
    void ofEqualTimesTheLaterArrivalStands() {
        engine.send(adt("A04", "0800", PID));
        engine.send(adt("A08", "0800", pid("DOE^Jane", "19710203", "", "555-0101")));
        engine.send(adt("A08", "0800", pid("DOE^Jane", "19710203", "", "555-0102")));

        assertThat(record("phone")).isEqualTo("555-0102");
    }

    /** What a result says on its way is older than whatever registration says of the visit. */
    @Test
    void theVisitBesideAResultIsDescribedAndNeverMoved() {
        engine.send(adt("A01", "0800", PID, "PV1|1|I|ICU^1^A||||||||||||||||V77^^^EMR"));

        engine.send(
                adt(
                                "R01",
                                "1200",
                                PID,
                                "PV1|1|E|ER^9^Z||||||||||||||||V77^^^EMR|"
                                        + "|".repeat(24)
                                        + "20261122070000",
                                "OBR|1||L77|A^A^L|||20261122100000",
                                "OBX|1|NM|K^K^L||4||||||F")
                        .replace("ADT^R01", "ORU^R01"));

        assertThat(engine.lastState()).isEqualTo("charted");
        assertThat(visit("class || ' ' || location")).isEqualTo("I ICU · 1 · A");
        assertThat(engine.one("select count(*) from encounter")).isEqualTo("1");
    }

    /** A result of a master under a number whose birth date is another one is held as a whole ⚠. */
    @Test
    void aResultNeverBringsTheNameThatItIsMatchedBy() {
        engine.send(adt("A04", "0800", PID));

        engine.send(
                adt(
                                "R01",
                                "1200",
                                pid("DOE^Jane", "19800101", "", ""),
                                "OBR|1||L78|A^A^L|||20261122100000",
                                "OBX|1|NM|K^K^L||4||||||F")
                        .replace("ADT^R01", "ORU^R01"));

        assertThat(engine.lastState()).isEqualTo("held");
        assertThat(engine.lastReasons()).contains("known-identifier-other-birth-date");
        assertThat(record("birth_date")).isEqualTo("1971-02-03");
    }

    /** A laboratory's PID changes nothing ⚠ (HL7-RULES §6). */
    @Test
    void aLaboratorysResultSaysNothingOfPatientOrVisit() {
        engine.send(adt("A04", "0800", PID));

        engine.send(
                AdtEngine.LAB,
                adt(
                                "R01",
                                "1200",
                                pid("DOE^Jane", "19710203", "9 Lab Rd^^Labtown", "555-0999"),
                                "PV1|1|E|ER^9^Z||||||||||||||||V79^^^EMR",
                                "OBR|1||L79|A^A^L|||20261122100000",
                                "OBX|1|NM|K^K^L||4||||||F")
                        .replace("ADT^R01", "ORU^R01"));

        assertThat(engine.lastState()).isEqualTo("charted");
        assertThat(record("phone")).isEqualTo("555-0100");
        assertThat(engine.one("select count(*) from encounter")).isEqualTo("0");
    }

    @Test
    void aNumberIsNeverDeleted() {
        engine.send(adt("A04", "0800", PID));

        var alone = engine.send(adt("A08", "0900", PID.replace("M1^^^CLINIC^MR", "\"\"")));
        assertThat(alone).contains("MSA|AE|");
        engine.send(adt("A08", "0901", PID.replace("^MR|", "^MR~\"\"|")));

        assertThat(engine.lastState()).isEqualTo("charted");
        assertThat(record("id_value || ' ' || (identifiers -> 0 ->> 'value')")).isEqualTo("M1 M1");
    }

    @Test
    void anEmptyFieldSaysNothingAndTwoQuotesDelete() {
        engine.send(adt("A04", "0800", PID));

        engine.send(adt("A08", "0900", pid("DOE^Jane", "", "", "\"\"")));

        assertThat(record("phone")).isEmpty();
        assertThat(record("birth_date")).isEqualTo("1971-02-03");
        assertThat(record("address")).startsWith("1 Main St");
    }

    @Test
    void twoQuotesInAComponentDeleteThatComponentOnly() {
        engine.send(adt("A04", "0800", PID.replace("DOE^Jane", "DOE^Jane^Q^JR")));

        engine.send(adt("A08", "0900", pid("DOE^Jane^\"\"", "", "^\"\"", "")));

        assertThat(record("address")).isEqualTo("1 Main St, Springfield, IL 62701");
        assertThat(record("middle_name || '/' || name_suffix")).isEqualTo("/JR");
    }

    @Test
    void partsOfTwoAddressesNeverMakeAThird() {
        engine.send(adt("A04", "0800", PID));

        engine.send(adt("A08", "0900", pid("DOE^Jane", "", "9 New Rd^^Shelbyville", "")));

        assertThat(record("address")).isEqualTo("9 New Rd, Shelbyville");
    }

    @Test
    void nameAndBirthDateAreNeverDeletedAndThatIsFlagged() {
        engine.send(adt("A04", "0800", PID));

        var answer = engine.send(adt("A08", "0900", pid("\"\"", "\"\"", "", "")));

        assertThat(answer).contains("MSA|AA|");
        assertThat(record("family_name || given_name || birth_date"))
                .isEqualTo("DOEJane1971-02-03");
        assertThat(engine.lastReasons())
                .containsExactly("delete-not-followed", "delete-not-followed");

        engine.send(adt("A08", "0901", pid("DOE^\"\"", "", "", "")));
        assertThat(record("given_name")).isEqualTo("Jane");
        assertThat(engine.lastReasons()).containsExactly("delete-not-followed");
    }

    @Test
    void aSenderOfWholePatientsClearsWhatItLeavesEmpty() {
        var whole =
                AdtEngine.partner(
                        "emr",
                        Partner.Demographics.MASTER,
                        Partner.Empty.CLEAR,
                        Partner.Patients.CREATE);
        engine.send(whole, adt("A04", "0800", PID, "AL1|1|DA|P^Penicillin^L"));

        engine.send(whole, adt("A08", "0900", "PID|1||M1^^^CLINIC^MR"));

        assertThat(record("address || phone")).isEmpty();
        assertThat(record("family_name || birth_date")).isEqualTo("DOE1971-02-03");
        assertThat(engine.one("select status from allergy")).isEqualTo("active");
    }

    @Test
    void aChangedNameOfTheMasterIsAnUpdateAndFlagged() {
        engine.send(adt("A28", "0800", PID));

        engine.send(adt("A31", "0900", pid("ROE^Jane", "", "", "")));

        assertThat(engine.lastState()).isEqualTo("charted");
        assertThat(engine.lastReasons()).containsExactly("name-changed");
        assertThat(record("family_name")).isEqualTo("ROE");
    }

    @Test
    void anotherPersonUnderAKnownIdentifierIsHeld() {
        engine.send(adt("A28", "0800", PID));

        var answer = engine.send(adt("A08", "0900", pid("SMITH^Robert", "19500101", "", "")));

        assertThat(answer).contains("MSA|AA|").contains("|PID^1^5|205^");
        assertThat(engine.lastState()).isEqualTo("held");
        assertThat(engine.lastReasons()).containsExactly("known-identifier-other-person");
        assertThat(record("family_name || address")).startsWith("DOE1 Main");
        assertThat(engine.one("select count(*) from statement")).isEqualTo("1");
    }

    /** ⚠ A mistyped number; that both are called Maria says nothing. */
    @Test
    void anotherFamilyNameWithAnotherBirthDateIsHeldThoughTheGivenNameAgrees() {
        engine.send(adt("A28", "0800", PID));

        engine.send(adt("A08", "0900", pid("SMITH^Jane", "19500101", "", "")));

        assertThat(engine.lastReasons()).containsExactly("known-identifier-other-person");
        assertThat(record("family_name")).isEqualTo("DOE");
    }

    /** ⚠ Parents and children share a family name; a short form of one name is no other one. */
    @Test
    void anotherGivenNameWithAnotherBirthDateIsHeldThoughTheFamilyNameAgrees() {
        engine.send(adt("A28", "0800", PID));

        // Sent before, and late: it overwrites nothing, and says nothing against anybody.
        engine.send(adt("A31", "0700", pid("DOE^Robert", "20100101", "", "")));
        assertThat(engine.lastState()).isEqualTo("charted");
        engine.send(adt("A31", "0900", pid("D\u00d6E^Jane Ann", "19710204", "", "")));
        assertThat(engine.lastState()).isEqualTo("charted");
        engine.send(adt("A31", "0910", pid("DOE^J", "19710203", "", "")));
        assertThat(engine.lastState()).isEqualTo("charted");
        engine.send(adt("A31", "0920", pid("DOE^Robert", "20100101", "", "")));

        assertThat(engine.lastReasons()).containsExactly("known-identifier-other-person");
        assertThat(record("given_name || birth_date")).isEqualTo("J1971-02-03");
    }

    @Test
    void otherNamesNeedABirthDateThatConfirmsThePerson() {
        engine.send(adt("A28", "0800", PID));

        engine.send(adt("A08", "0900", pid("SMITH^Robert", "", "", "")));
        assertThat(engine.lastReasons()).containsExactly("known-identifier-other-person");
        engine.send(adt("A08", "0910", pid("SMITH^Roberta", "19710203", "", "")));

        assertThat(engine.lastState()).isEqualTo("charted");
        assertThat(record("given_name")).isEqualTo("Roberta");
    }

    @Test
    void anUnidentifiedPatientMayBecomeAnybody() {
        engine.send(adt("A04", "0800", pid("UNKNOWN^Female", "19000101", "", "")));

        engine.send(adt("A08", "0900", pid("DOE^Jane", "19710203", "", "")));

        assertThat(engine.lastState()).isEqualTo("charted");
        assertThat(record("family_name")).isEqualTo("DOE");
    }

    @Test
    void aLabsWordNeverChangesDemographics() {
        engine.send(adt("A04", "0800", PID));

        engine.send(
                AdtEngine.LAB,
                adt("A08", "0900", pid("DOE^Jane", "19710203", "6 Lab Way", "555-0166")));

        assertThat(engine.lastState()).isEqualTo("charted");
        assertThat(record("address || phone"))
                .isEqualTo("1 Main St, Apt 2, Springfield, IL 62701555-0100");
    }

    @Test
    void aLabThatContradictsTheChartIsHeld() {
        engine.send(adt("A04", "0800", PID));

        engine.send(AdtEngine.LAB, adt("A08", "0900", pid("ROE^Jane", "19710203", "", "")));

        assertThat(engine.lastReasons()).containsExactly("known-identifier-other-name");
    }

    @Test
    void whatALabBroughtIsReplacedByTheMasterAndKeptAsHistory() {
        engine.send(
                AdtEngine.LAB, adt("A08", "1200", pid("DOE^Jannet", "19710203", "6 Lab Way", "")));
        assertThat(record("demographics")).isEqualTo("{}");

        engine.send(adt("A08", "0900", pid("DOE^Jane", "19710203", "1 Main St", "")));

        assertThat(record("given_name || ' ' || address")).isEqualTo("Jane 1 Main St");
        assertThat(engine.one("select said -> 'given' ->> 'text' from statement where weight = 0"))
                .isEqualTo("Jannet");
    }

    @Test
    void aPatientNobodyMayBringIsHeld() {
        var matching =
                AdtEngine.partner(
                        "emr",
                        Partner.Demographics.MASTER,
                        Partner.Empty.KEEP,
                        Partner.Patients.MATCH);

        engine.send(matching, adt("A08", "0900", PID));

        assertThat(engine.lastReasons()).containsExactly("patient-not-known");
        assertThat(engine.one("select count(*) from patient_record")).isEqualTo("0");
    }

    @Test
    void aMessageWithoutPatientIdentifierIsRefused() {
        var answer = engine.send(adt("A08", "0900", "PID|1||||DOE^Jane"));

        assertThat(answer).contains("MSA|AE|").contains("|PID^1^3|101");
        assertThat(engine.lastState()).isEqualTo("refused");
    }

    @Test
    void anEventTimeAfterItsOwnMessageDoesNotStandOverLaterOnes() {
        engine.send(
                adt("A08", "0800", PID).replace("EVN|A08|202611220800", "EVN|A08|212611220800"));
        assertThat(engine.lastReasons()).contains("event-time-in-future");

        engine.send(adt("A08", "0900", pid("DOE^Jane", "", "", "555-0107")));

        assertThat(record("phone")).isEqualTo("555-0107");
    }

    @Test
    void pendingEventsAreKeptAndNotCharted() {
        engine.send(adt("A04", "0800", PID));
        for (var trigger : new String[] {"A14", "A16"}) {
            var answer = engine.send(adt(trigger, "0900", PID, "MRG|M2^^^CLINIC^MR"));

            assertThat(answer).as(trigger).contains("MSA|AA|").contains("|I|");
            assertThat(engine.lastState()).isEqualTo("ignored");
            assertThat(engine.lastReasons()).containsExactly("type-not-charted");
        }
        assertThat(record("family_name")).isEqualTo("DOE");
    }

    // ------------------------------------------------------------ visits

    @Test
    void aStayFromAdmissionToDischarge() {
        engine.send(adt("A05", "0700", PID, "PV1|1|I|||||||||||||||||V1"));
        assertThat(visit("status")).isEqualTo("planned");
        engine.send(adt("A01", "0800", PID, "PV1|1|I|WARD^1^A||||||||||||||||V1"));
        engine.send(adt("A02", "0900", PID, "PV1|1|I|ICU^5^B||||||||||||||||V1"));
        assertThat(visit("status || ' ' || location")).isEqualTo("in-progress ICU · 5 · B");

        engine.send(adt("A03", "1000", PID, "PV1|1|I|ICU^5^B||||||||||||||||V1"));

        assertThat(visit("status || ' ' || admitted_as_sent || ' ' || discharged_as_sent"))
                .isEqualTo("finished 202611220800 202611221000");
        assertThat(engine.one("select count(*) from encounter")).isEqualTo("1");
    }

    @Test
    void aCancelledTransferPutsThePatientBack() {
        engine.send(adt("A01", "0800", PID, "PV1|1|I|WARD^1^A||||||||||||||||V1"));
        engine.send(adt("A02", "0900", PID, "PV1|1|I|ICU^5^B||||||||||||||||V1"));

        engine.send(adt("A12", "0930", PID, "PV1|1|I|WARD^1^A||||||||||||||||V1"));

        assertThat(visit("status || ' ' || location")).isEqualTo("in-progress WARD · 1 · A");
    }

    @Test
    void aCancelThatArrivesBeforeWhatItCancelsCountsThen() {
        engine.send(adt("A01", "0800", PID, "PV1|1|I|WARD^1^A||||||||||||||||V1"));

        engine.send(adt("A13", "1030", "1000", PID, "PV1|1|I|WARD^1^A||||||||||||||||V1"));
        assertThat(engine.lastReasons()).containsExactly("nothing-to-cancel");
        engine.send(adt("A03", "1005", "1000", PID, "PV1|1|I|WARD^1^A||||||||||||||||V1"));

        assertThat(visit("status")).isEqualTo("in-progress");
    }

    @Test
    void aCancelledAdmissionIsACancelledVisit() {
        engine.send(adt("A01", "0800", PID, "PV1|1|I|WARD^1^A||||||||||||||||V1"));
        engine.send(adt("A02", "0900", PID, "PV1|1|I|ICU^5^B||||||||||||||||V1"));

        engine.send(adt("A11", "0930", PID, "PV1|1|I|WARD^1^A||||||||||||||||V1"));

        assertThat(visit("status")).isEqualTo("cancelled");
    }

    @Test
    void movementsFollowTheTimeTheyHappenedAndNotTheTimeTheyWereEntered() {
        engine.send(adt("A01", "0800", PID, "PV1|1|I|WARD^1^A||||||||||||||||V1"));
        engine.send(adt("A02", "1100", "1100", PID, "PV1|1|I|ICU^5^B||||||||||||||||V1"));

        // Entered later, happened earlier.
        engine.send(adt("A02", "1200", "1000", PID, "PV1|1|I|OR^2^||||||||||||||||V1"));

        assertThat(visit("location")).isEqualTo("ICU · 5 · B");
    }

    @Test
    void anAccountStandsForAMissingVisitNumber() {
        var withAccount = PID + "|||||ACC7^^^BILL";
        engine.send(adt("A01", "0800", withAccount, "PV1|1|I|WARD^1^A"));
        engine.send(adt("A03", "0900", withAccount, "PV1|1|I|WARD^1^A"));

        assertThat(visit("number_kind || ' ' || authority || ' ' || number || ' ' || status"))
                .isEqualTo("account BILL ACC7 finished");
    }

    @Test
    void withoutAnyNumberPatientAndAdmissionTimeTellTheVisit() {
        engine.send(adt("A01", "0800", PID, "PV1|1|I|WARD^1^A" + "|".repeat(41) + "202611220755"));
        engine.send(adt("A03", "0900", PID, "PV1|1|I|WARD^1^A" + "|".repeat(41) + "202611220755"));

        assertThat(visit("number_kind || ' ' || status")).isEqualTo("admitted finished");
        engine.send(adt("A02", "0930", PID, "PV1|1|I|ICU^1^A"));
        assertThat(engine.lastReasons()).containsExactly("visit-not-identified");
        assertThat(engine.one("select count(*) from encounter")).isEqualTo("1");
    }

    /** ⚠ Neither its discharge nor its cancellation could ever name it. */
    @ParameterizedTest
    @ValueSource(strings = {"A01", "A04", "A05"})
    void aVisitThatNothingTellsFromOthersIsNotCharted(String trigger) {
        engine.send(adt(trigger, "0800", PID, "PV1|1|I|WARD^1^A"));

        assertThat(engine.lastReasons()).containsExactly("visit-not-identified");
        assertThat(engine.one("select count(*) from encounter")).isEqualTo("0");
    }

    @Test
    void theVisitNumberOfAnotherPatientIsHeld() {
        engine.send(adt("A01", "0800", PID, "PV1|1|I|WARD^1^A||||||||||||||||V1"));

        engine.send(
                adt(
                        "A01",
                        "0900",
                        "PID|1||M2^^^CLINIC^MR||POE^Max||19800101|M",
                        "PV1|1|I|WARD^1^B||||||||||||||||V1"));

        assertThat(engine.lastReasons()).containsExactly("visit-of-another-patient");
        assertThat(engine.one("select count(*) from patient_record")).isEqualTo("1");
    }

    @Test
    void personEventsAndClassNMakeNoVisit() {
        engine.send(adt("A28", "0800", PID, "PV1|1|N"));
        engine.send(adt("A31", "0900", PID, "PV1|1|O|||||||||||||||||V9"));
        engine.send(adt("A08", "1000", PID, "PV1|1|N|||||||||||||||||V9"));

        assertThat(engine.one("select count(*) from encounter")).isEqualTo("0");
        assertThat(engine.lastState()).isEqualTo("charted");
    }

    // ------------------------------------------------------------ lists

    @Test
    void aListOfAllergiesReplacesTheSendersOwnOnly() {
        var other =
                AdtEngine.partner(
                        "clinic2",
                        Partner.Demographics.MASTER,
                        Partner.Empty.KEEP,
                        Partner.Patients.CREATE);
        engine.send(
                adt("A28", "0800", PID, "AL1|1|DA|P^Penicillin^L|SV|Hives", "AL1|2|FA|^Peanut"));
        engine.send(other, adt("A28", "0810", PID, "AL1|1|EA|^Latex"));

        engine.send(adt("A31", "0900", PID, "AL1|1|FA|^Peanut|MI|Itching"));

        assertThat(allergies())
                .isEqualTo("clinic2 Latex active / emr Peanut active / emr Penicillin ended");
        engine.send(adt("A31", "1000", PID));
        assertThat(engine.lastState()).isEqualTo("charted");
        assertThat(allergies())
                .isEqualTo("clinic2 Latex active / emr Peanut active / emr Penicillin ended");
    }

    @Test
    void onlyTwoQuotesEmptyAList() {
        engine.send(
                adt(
                        "A28",
                        "0800",
                        PID,
                        "AL1|1|DA|P^Penicillin^L",
                        "IN1|1|PPO|I1|Acme||||||||||||||||||||||||||||||||||P-1"));

        engine.send(adt("A31", "0900", PID, "AL1|\"\"", "IN1|1|\"\""));

        assertThat(allergies()).isEqualTo("emr Penicillin ended");
        assertThat(engine.one("select status from coverage")).isEqualTo("ended");
    }

    @Test
    void noKnownAllergiesIsNoAllergyAndTakesNoneAway() {
        engine.send(adt("A28", "0800", PID, "AL1|1|DA|^NKDA"));
        assertThat(allergies()).isEmpty();
        assertThat(engine.one("select none_known from patient_list")).isEqualTo("t");

        engine.send(adt("A31", "0900", PID, "AL1|1|DA|P^Penicillin^L"));
        assertThat(engine.one("select none_known from patient_list")).isEqualTo("f");
        engine.send(adt("A31", "1000", PID, "AL1|1|DA|716186003^No known allergy^SCT"));

        assertThat(allergies()).isEqualTo("emr Penicillin active");
        assertThat(engine.lastReasons()).containsExactly("none-known-contradicts-list");
    }

    /** ⚠ "No known allergies except penicillin" names one, and nobody may read it as none. */
    @Test
    void whatNoneKnownIsSaidToExceptIsAnAllergy() {
        engine.send(
                adt(
                        "A28",
                        "0800",
                        PID,
                        "AL1|1|DA|^No known allergies except PENICILLIN",
                        "AL1|2|DA|^NKA but latex",
                        "AL1|3|DA|NKA^No known drug allergies; latex - hives^L"));

        assertThat(allergies().split(" / "))
                .containsExactlyInAnyOrder(
                        "emr No known allergies except PENICILLIN active",
                        "emr NKA but latex active",
                        "emr No known drug allergies; latex - hives active");
        assertThat(engine.one("select none_known from patient_list")).isEqualTo("f");

        for (var none :
                new String[] {
                    "^no known  drug allergies (NKDA)",
                    "^No known allergies to medications.",
                    "NKA^No known allergies, asked today^L"
                }) {
            engine.send(adt("A31", "0900", PID, "AL1|1|DA|\"\""));
            engine.send(adt("A31", "0900", PID, "AL1|1|DA|" + none));
            assertThat(engine.one("select none_known from patient_list")).as(none).isEqualTo("t");
        }
    }

    @Test
    void anUnreadableAllergyTakesNoneAway() {
        engine.send(adt("A28", "0800", PID, "AL1|1|DA|P^Penicillin^L", "AL1|2|FA|^Peanut"));

        engine.send(adt("A31", "0900", PID, "AL1|1|DA||SV", "AL1|2|EA|^Latex"));

        assertThat(allergies())
                .isEqualTo("emr Latex active / emr Peanut active / emr Penicillin active");
        assertThat(engine.lastReasons()).contains("item-not-named");
    }

    @Test
    void singleAllergiesAreAddedUpdatedAndDeletedByTheirAction() {
        engine.send(
                adt(
                        "A28",
                        "0800",
                        PID,
                        "IAM|1|DA|P^Penicillin^L|SV|Hives|A",
                        "IAM|2|FA|^Peanut|MI||A",
                        "IAM|3|EA|^Latex|||X"));
        assertThat(allergies()).isEqualTo("emr Peanut active / emr Penicillin active");

        engine.send(
                adt("A31", "0900", PID, "IAM|1|DA|P^Penicillin^L|||D", "IAM|2|FA|^Peanut|SV||U"));

        assertThat(allergies()).isEqualTo("emr Peanut active / emr Penicillin ended");
        assertThat(engine.one("select severity from allergy where code_text = 'Peanut'"))
                .isEqualTo("SV");
    }

    @Test
    void anUnknownActionIsRefusedWithItsPlace() {
        var answer = engine.send(adt("A28", "0800", PID, "IAM|1|DA|P^Penicillin^L|||Z"));

        assertThat(answer).contains("MSA|AE|").contains("|IAM^1^6|103");
    }

    @Test
    void diagnosesOfOneVisitDoNotTouchThoseOfAnother() {
        engine.send(
                adt(
                        "A01",
                        "0800",
                        PID,
                        "PV1|1|I|||||||||||||||||V1",
                        "DG1|1||J18.9^Pneumonia^I10||202611220700|A"));
        engine.send(
                adt(
                        "A01",
                        "0900",
                        PID,
                        "PV1|1|I|||||||||||||||||V2",
                        "DG1|1||I10^Hypertension^I10|||F"));

        engine.send(
                adt(
                        "A08",
                        "1000",
                        PID,
                        "PV1|1|I|||||||||||||||||V1",
                        "DG1|1||A40.3^Sepsis^I10|||F"));

        assertThat(
                        engine.one(
                                "select c.code || ' ' || e.number || ' ' || c.status from condition"
                                        + " c join encounter e on e.id = c.visit_id order by 1"))
                .isEqualTo("A40.3 V1 active / I10 V2 active / J18.9 V1 ended");
    }

    @Test
    void coverageKeepsNumbersAndOrder() {
        engine.send(
                adt(
                        "A28",
                        "0800",
                        PID,
                        "IN1|1|PPO^Gold plan|I1|Acme Health||||G77^|Works"
                                + " Inc|||20260101|20261231|||DOE^John|SPO"
                                + "|".repeat(19)
                                + "POL-1",
                        "IN1|2|HMO|I2|Second Health" + "|".repeat(32) + "POL-2"));

        assertThat(
                        engine.one(
                                "select priority || ' ' || plan_text || ' ' || insurer || ' ' ||"
                                    + " policy_number || ' ' || relationship from coverage order by"
                                    + " priority"))
                .isEqualTo("1 Gold plan Acme Health POL-1 SPO / 2 HMO Second Health POL-2 ");
    }

    @Test
    void guarantorsAreTheSendersWholeList() {
        var mother =
                "GT1|1|G-1^^^CLINIC|ADAMS^Ida^M^^||7 Invented Way^Apt 3^Springfield^IL^62701^USA|"
                        + "^PRN^PH^^^555^0100|||||MTH^Mother^HL70063||20260101";
        var works = "GT1|2" + "|".repeat(20) + "Invented Works";
        engine.send(adt("A28", "0800", PID, mother, works));
        assertThat(guarantors())
                .isEqualTo(
                        "1 ADAMS, Ida M MTH 7 Invented Way, Apt 3, Springfield, IL 62701, USA"
                                + " 555 0100 active / 2 Invented Works    active");
        assertThat(
                        engine.one(
                                "select name_parts || '|' || address_parts from guarantor order by"
                                        + " 1"))
                .isEqualTo("ADAMS^Ida^M^|7 Invented Way^Apt 3^Springfield^IL^62701^USA / |");

        engine.send(adt("A08", "0900", PID, works));
        assertThat(engine.one("select name || ' ' || status from guarantor order by name"))
                .isEqualTo("ADAMS, Ida M ended / Invented Works active");

        engine.send(adt("A08", "1000", PID, "GT1|\"\""));
        assertThat(engine.one("select distinct status from guarantor")).isEqualTo("ended");
    }

    /** Without a name it says nothing, and nobody is taken away for it. */
    @Test
    void aGuarantorWithoutANameIsRemarkedAndNotCharted() {
        engine.send(adt("A28", "0800", PID, "GT1|1||ADAMS^Ida"));

        engine.send(adt("A08", "0900", PID, "GT1|1|||||||||SEL", "GT1|2||^^M"));

        assertThat(engine.lastState()).isEqualTo("charted");
        assertThat(engine.lastReasons()).contains("item-not-named");
        assertThat(engine.one("select name || ' ' || status from guarantor"))
                .isEqualTo("ADAMS, Ida active");
    }

    @Test
    void aChargeWithAGuarantorAloneIsCharted() {
        engine.send(adt("A28", "0800", PID).replace("ADT^A28", "BAR^P01") + "\nGT1|1||ADAMS^Ida\n");

        assertThat(engine.lastState()).isEqualTo("charted");
        assertThat(engine.one("select name from guarantor")).isEqualTo("ADAMS, Ida");
    }

    private String guarantors() {
        return engine.one(
                "select priority || ' ' || name || ' ' || relationship || ' ' || address || ' ' ||"
                        + " phone || ' ' || status from guarantor order by priority");
    }

    @Test
    void aListOfManyIsRefused() {
        var many = new String[501];
        for (int i = 0; i < many.length; i++) many[i] = "AL1|" + i + "|DA|C" + i + "^Drug^L";
        var all = new String[many.length + 1];
        all[0] = PID;
        System.arraycopy(many, 0, all, 1, many.length);

        var answer = engine.send(adt("A28", "0800", all));

        assertThat(answer).contains("MSA|AE|");
        assertThat(engine.lastReasons()).contains("too-many-items");
    }

    // ------------------------------------------------------------ the group

    @Test
    void messagesOfOneGroupSeeEachOther() {
        var replies =
                new java.util.ArrayList<java.util.concurrent.CompletionStage<Reception.Reply>>();
        for (int i = 0; i < 40; i++)
            replies.add(
                    engine.begin(
                            AdtEngine.EMR,
                            adt(
                                    i == 0 ? "A01" : "A08",
                                    "%02d%02d".formatted(8 + i / 60, i % 60),
                                    pid("DOE^Jane", "19710203", "", "555-01%02d".formatted(i)),
                                    "PV1|1|I|WARD^" + i + "||||||||||||||||V1",
                                    "AL1|1|DA|^Drug " + i)));

        replies.forEach(AdtEngine::text);

        assertThat(engine.one("select count(*) from journal where state = 'charted'"))
                .isEqualTo("40");
        assertThat(record("phone")).isEqualTo("555-0139");
        assertThat(visit("location")).isEqualTo("WARD · 39");
        assertThat(engine.one("select code_text from allergy where status = 'active'"))
                .isEqualTo("Drug 39");
        assertThat(engine.one("select count(*) from allergy")).isEqualTo("40");
    }

    // ------------------------------------------------------------

    static final String PID =
            pid("DOE^Jane", "19710203", "1 Main St^Apt 2^Springfield^IL^62701", "555-0100");

    static String pid(String name, String born, String address, String phone) {
        return "PID|1||M1^^^CLINIC^MR||%s||%s|F|||%s||%s".formatted(name, born, address, phone);
    }

    /** An event that happened when it was entered. */
    private String adt(String trigger, String time, String... segments) {
        return message("M" + sent.incrementAndGet(), trigger, time, "", segments);
    }

    private String adt(String trigger, String time, String happened, String pid, String pv1) {
        return happened.length() == 4
                ? message("M" + sent.incrementAndGet(), trigger, time, happened, pid, pv1)
                : message("M" + sent.incrementAndGet(), trigger, time, "", happened, pid, pv1);
    }

    static String message(
            String controlId, String trigger, String time, String happened, String... segments) {
        return """
        MSH|^~\\&|EMR|CLINIC|CHARTBRIDGE|CLINIC|20261122%s00||ADT^%s|%s|P|2.5.1
        EVN|%s|20261122%s||||%s
        %s
        """
                .formatted(
                        time,
                        trigger,
                        controlId,
                        trigger,
                        time,
                        happened.isEmpty() ? "" : "20261122" + happened,
                        String.join("\n", segments));
    }

    private String record(String columns) {
        return engine.one("select " + columns + " from patient_record");
    }

    private String visit(String columns) {
        return engine.one("select " + columns + " from encounter");
    }

    private String allergies() {
        return engine.one(
                "select partner || ' ' || code_text || ' ' || status from allergy"
                        + " where item_key not like '#%' order by 1");
    }
}
