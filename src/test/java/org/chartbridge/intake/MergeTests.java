package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chartbridge.intake.IdentityEngine.ANN;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.chartbridge.intake.IdentityEngine.oru;

import org.chartbridge.intake.Decisions.NotPossible;
import org.chartbridge.journal.DecisionStore;
import org.chartbridge.partner.Partner;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Which numbers are one patient: merges, links, moves, in any order, and undone. */
class MergeTests {
    private static final Partner TRUSTED = LAB.trusting("CLINIC");
    private static final int SHUFFLES = 5;

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    private static String pid(String number) {
        return "PID|1||" + patient(number);
    }

    private static String patient(String number) {
        return number + "^^^CLINIC^MR||DOE^Jane||19710203|F";
    }

    private static String merge(String trigger, String controlId, String from, String into) {
        return adt(trigger, controlId, pid(into), "MRG|" + from + "^^^CLINIC^MR");
    }

    // ------------------------------------------------------------ merges

    @ParameterizedTest
    @ValueSource(strings = {"A40", "A34", "A18", "A30", "A36", "A47"})
    void aMergedNumberIsThePatientWhoStays(String trigger) {
        engine.send(EMR, adt("A28", "C1", pid("M1")));
        engine.send(EMR, adt("A28", "C2", pid("M2")));
        engine.send(LAB, oru("C3", patient("M1"), "A-1", "4.1", "F"));

        engine.send(EMR, merge(trigger, "C4", "M1", "M2"));

        assertThat(engine.state("C4")).isEqualTo("charted");
        assertThat(engine.persons()).isEqualTo("M1+M2");
        assertThat(engine.values()).isEqualTo("M1+M2 4.1");
        assertThat(stays()).isEqualTo("M2");
    }

    /** A merge is of numbers of one kind: what MRG-1 leaves out stands in PID-3. */
    @ParameterizedTest
    @ValueSource(strings = {"M1", "M1^^^CLINIC", "M1^^^^MR"})
    void aNumberThatLeavesOutItsAuthorityOrTypeIsOfThatOfTheOneThatStays(String from) {
        engine.send(EMR, adt("A28", "C1", pid("M1")));
        engine.send(EMR, adt("A28", "C2", pid("M2")));

        engine.send(EMR, adt("A40", "C3", pid("M2"), "MRG|" + from));

        assertThat(engine.persons()).isEqualTo("M1+M2");
        assertThat(stays()).isEqualTo("M2");
    }

    /** ⚠ HL7-RULES §6: what is left out is not unlike, and what is sent is. */
    @ParameterizedTest
    @ValueSource(strings = {"M1^^^OTHER^MR", "M1^^^OTHER", "M1^^^CLINIC^SS", "M2"})
    void aNumberOfAnotherKindOrTheSameNumberIsHeld(String from) {
        engine.send(EMR, adt("A28", "C1", pid("M1")));
        engine.send(EMR, adt("A28", "C2", pid("M2")));

        engine.send(EMR, adt("A40", "C3", pid("M2"), "MRG|" + from));

        assertThat(engine.state("C3")).isEqualTo("held");
        assertThat(engine.persons()).isEqualTo("M1 / M2");
    }

    /** ⚠ HL7-RULES §6: an account is no patient. */
    @ParameterizedTest
    @ValueSource(strings = {"A35", "A41", "A42"})
    void aMergeOfAccountsOrVisitsNeverMergesPatients(String trigger) {
        engine.send(EMR, adt("A28", "C1", pid("M1")));
        engine.send(EMR, adt("A28", "C2", pid("M2")));

        engine.send(
                EMR,
                adt(
                        trigger,
                        "C3",
                        pid("M2") + "||||||||||ACC2",
                        "MRG|M1^^^CLINIC^MR||ACC1||V1",
                        "PV1|1|I|||||||||||||||||V2"));

        assertThat(engine.persons()).isEqualTo("M1 / M2");
    }

    /**
     * HL7-RULES §6, HL7 v2.5.1 §3.3.36: A36 is of both, and neither is lost, whatever came first.
     */
    @Test
    void aMergeOfPatientAndAccountJoinsThePatientsAndTheAccountGoesOn() {
        var messages =
                List.of(
                        adt("A28", "C1", pid("M1")),
                        adt("A04", "C2", pid("M1") + "||||||||||ACC1", "PV1|1|O"),
                        adt("A04", "C3", pid("M2") + "||||||||||ACC2", "PV1|1|O"),
                        adt("A36", "C4", pid("M2") + "||||||||||ACC2", "MRG|M1^^^CLINIC^MR||ACC1"));
        for (var order : List.of(List.of(0, 1, 2, 3), List.of(3, 2, 1, 0), List.of(2, 3, 0, 1))) {
            try (var other = new IdentityEngine()) {
                for (int i : order) other.send(EMR, messages.get(i));

                assertThat(other.persons()).as("%s", order).isEqualTo("M1+M2");
                assertThat(
                                other.one(
                                        "select string_agg(e.number || ' ' || r.id_value || ' ' ||"
                                            + " coalesce(e.fields -> 'goes-on-as' ->> 'text', ''),"
                                            + " ', ' order by e.number) from encounter e join"
                                            + " patient_record r on r.id = e.record_id"))
                        .as("%s", order)
                        .isEqualTo("ACC1 M1 ACC2, ACC2 M2 ");
                assertThat(other.rebuilt().isEqual()).isTrue();
            }
        }
    }

    @Test
    void theOldNumberOfAnExternalIdIsInItsOwnField() {
        engine.send(EMR, adt("A28", "C1", "PID|1|E1^^^CLINIC^PI|||DOE^Jane||19710203|F"));

        engine.send(
                EMR,
                adt(
                        "A39",
                        "C2",
                        "PID|1|E2^^^CLINIC^PI|||DOE^Jane||19710203|F",
                        "MRG||||E1^^^CLINIC^PI"));

        assertThat(engine.persons()).isEqualTo("E1+E2");
    }

    /** HL7 v2.5.1 §3.3.48. */
    @Test
    void aChangedAlternateNumberIsInItsOwnField() {
        engine.send(EMR, adt("A28", "C1", "PID|1|||E1^^^CLINIC^PI|DOE^Jane||19710203|F"));

        engine.send(
                EMR,
                adt(
                        "A48",
                        "C2",
                        "PID|1|||E2^^^CLINIC^PI|DOE^Jane||19710203|F",
                        "MRG||E1^^^CLINIC^PI"));
        engine.send(EMR, adt("A48", "C3", "PID|1|||E3^^^CLINIC^PI|DOE^Jane||19710203|F", "MRG|E2"));

        assertThat(engine.persons()).isEqualTo("E1+E2");
        assertThat(engine.state("C3")).isEqualTo("refused");
    }

    /** ⚠ The master merges whom it will; of two of whom nothing is alike one number is mistyped. */
    @Test
    void twoOfWhomNothingIsAlikeAreNotMerged() {
        engine.send(EMR, adt("A28", "C1", pid("M1")));
        var other = "PID|1||%s^^^CLINIC^MR||%s||%s|M";
        engine.send(EMR, adt("A28", "C2", other.formatted("M2", "SMITH^Robert", "19500101")));
        engine.send(EMR, adt("A28", "C3", other.formatted("M3", "UNKNOWN^Male", "19000101")));
        engine.send(EMR, adt("A28", "C4", other.formatted("M4", "SMITH^Robert", "19710203")));

        engine.send(EMR, merge("A40", "C5", "M2", "M1"));
        assertThat(engine.reasons("C5")).containsExactly("merge-of-strangers");
        assertThat(engine.persons()).isEqualTo("M1 / M2 / M3 / M4");
        // Somebody unknown may be anybody, and the same birth date says that it is the same person.
        engine.send(EMR, merge("A40", "C6", "M3", "M1"));
        engine.send(EMR, merge("A40", "C7", "M4", "M1"));

        assertThat(engine.persons()).isEqualTo("M1+M3+M4 / M2");
    }

    /** ⚠ No message undoes a merge. */
    @Test
    void aMotherAndHerNewbornAreNotMergedNorAreTwins() {
        var mother = "PID|1||M1^^^CLINIC^MR||MOTHER^Mia||19900101|F";
        var twin = "PID|1||%s^^^CLINIC^MR||TWOS^%s||20200101|F" + "|".repeat(16) + "Y|%d";
        engine.send(EMR, adt("A28", "C1", mother));
        engine.send(EMR, adt("A28", "C2", "PID|1||M2^^^CLINIC^MR||MOTHER^Baby||20261119|F"));
        engine.send(EMR, adt("A28", "C3", twin.formatted("T1", "Ann", 1)));
        engine.send(EMR, adt("A28", "C4", twin.formatted("T2", "Beth", 2)));

        engine.send(EMR, adt("A40", "C5", mother, "MRG|M2^^^CLINIC^MR"));
        engine.send(EMR, adt("A40", "C6", twin.formatted("T1", "Ann", 1), "MRG|T2^^^CLINIC^MR"));

        assertThat(engine.reasons("C5")).containsExactly("link-of-relatives");
        assertThat(engine.reasons("C6")).containsExactly("link-of-relatives");
        assertThat(engine.persons()).isEqualTo("M1 / M2 / T1 / T2");
    }

    @Test
    void aCorrectedBirthDateOrAGivenNameInAnotherFormIsNoReasonAgainstAMerge() {
        engine.send(EMR, adt("A28", "C1", "PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F"));
        engine.send(EMR, adt("A28", "C2", "PID|1||M2^^^CLINIC^MR||DOE^Jane||19170203|F"));
        engine.send(EMR, adt("A28", "C3", "PID|1||M3^^^CLINIC^MR||DOE^Janet||19170203|F"));
        engine.send(EMR, adt("A28", "C4", "PID|1||M4^^^CLINIC^MR||DOE^June||19720203|F"));

        for (int i = 2; i <= 4; i++)
            engine.send(
                    EMR,
                    adt(
                            "A40",
                            "C" + (i + 3),
                            "PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F",
                            "MRG|M" + i + "^^^CLINIC^MR"));

        assertThat(engine.persons()).isEqualTo("M1+M2+M3+M4");
    }

    @Test
    void messagesThatStillUseTheOldNumberGoToTheSurvivor() {
        engine.send(EMR, adt("A28", "C1", pid("M2")));
        engine.send(EMR, merge("A40", "C2", "M1", "M2"));

        engine.send(LAB, oru("C3", patient("M1"), "A-1", "4.1", "P"));
        engine.send(LAB, oru("C4", patient("M2"), "A-1", "4.2", "F"));

        assertThat(engine.values()).isEqualTo("M1+M2 4.2");
        assertThat(engine.one("select count(distinct series) from report")).isEqualTo("1");
    }

    @Test
    void aResultHeldForTheOtherNumberGoesOnWhenTheyAreMerged() {
        engine.send(EMR, adt("A28", "C1", pid("M1")));
        engine.send(EMR, adt("A28", "C2", pid("M2")));
        engine.send(LAB, oru("C3", patient("M1"), "A-1", "4.1", "P"));
        engine.send(LAB, oru("C4", patient("M2"), "A-1", "4.2", "F"));
        assertThat(engine.reasons("C4")).containsExactly("order-number-of-another-patient");

        engine.send(EMR, merge("A40", "C5", "M1", "M2"));

        engine.becomes("C4", "charted");
        assertThat(engine.values()).isEqualTo("M1+M2 4.2");
    }

    @Test
    void whatCannotBeAMergeIsHeld() {
        engine.send(EMR, adt("A28", "C1", pid("M1")));
        engine.send(EMR, adt("A28", "C2", pid("M2")));
        engine.send(EMR, adt("A28", "C3", pid("M3")));

        engine.send(EMR, merge("A40", "C4", "M1", "M1"));
        assertThat(engine.reasons("C4")).containsExactly("merge-with-itself");
        engine.send(EMR, adt("A40", "C5", pid("M2"), "MRG|M1^^^CLINIC^PI"));
        assertThat(engine.reasons("C5")).containsExactly("merge-not-paired");
        engine.send(EMR, adt("A40", "C6", pid("M2"), "MRG|M1^^^CLINIC^MR~M3^^^CLINIC^MR"));
        assertThat(engine.reasons("C6")).containsExactly("merge-not-paired");
        engine.send(EMR, merge("A40", "C7", "M1", "M2"));
        engine.send(EMR, merge("A40", "C8", "M2", "M1"));
        assertThat(engine.reasons("C8")).containsExactly("merge-in-a-ring");
        engine.send(EMR, merge("A40", "C9", "M1", "M3"));
        assertThat(engine.reasons("C9")).containsExactly("merged-elsewhere");
        engine.send(EMR, adt("A40", "C10", pid("M3"), "MRG|"));
        assertThat(engine.state("C10")).isEqualTo("refused");
        engine.send(EMR, adt("A40", "C11", pid("M3")));
        assertThat(engine.state("C11")).isEqualTo("refused");

        assertThat(engine.persons()).isEqualTo("M1+M2 / M3");
    }

    @Test
    void aLaboratoryMergesOnlyWhatItIsTrustedFor() {
        engine.send(EMR, adt("A28", "C1", pid("M1")));
        engine.send(EMR, adt("A28", "C2", pid("M2")));

        engine.send(LAB, merge("A40", "C3", "M1", "M2"));
        assertThat(engine.reasons("C3")).containsExactly("merge-not-trusted");
        engine.send(TRUSTED, merge("A40", "C4", "M1", "M2"));

        assertThat(engine.state("C4")).isEqualTo("charted");
        assertThat(engine.persons()).isEqualTo("M1+M2");
    }

    // ------------------------------------------------------------ links

    @Test
    void aLinkJoinsAndALaterUnlinkParts() {
        engine.send(EMR, adt("A28", "C1", pid("M1")));
        engine.send(EMR, adt("A28", "C2", pid("M2")));

        engine.send(EMR, adt("A24", "C3", pid("M1"), pid("M2")));
        assertThat(engine.persons()).isEqualTo("M1+M2");
        engine.send(EMR, adt("A37", "C4", pid("M1"), pid("M2")));

        assertThat(engine.persons()).isEqualTo("M1 / M2");
    }

    /** ⚠ HL7-RULES §6: PID-21 is a relation; A24 never links mother and baby. */
    @Test
    void aMotherAndHerBabyAreNeverLinked() {
        engine.send(EMR, adt("A28", "C1", pid("M1")));
        var baby = "PID|1||B1^^^CLINIC^MR||DOE^Baby||20261101|F|||||||||||||M1^^^CLINIC^MR";
        engine.send(EMR, adt("A28", "C2", baby));

        engine.send(EMR, adt("A24", "C3", pid("M1"), baby));
        assertThat(engine.reasons("C3")).contains("link-of-relatives");
        var sameDay = baby.replace("20261101", "19710203");
        engine.send(EMR, adt("A24", "C4", pid("M1"), sameDay));

        assertThat(engine.reasons("C4")).contains("link-of-relatives");
        assertThat(engine.persons()).isEqualTo("B1 / M1");
    }

    /** ⚠ The same day, the same family, and two people. */
    @Test
    void twinsAreNeverLinked() {
        var anna = "PID|1||T1^^^CLINIC^MR||DOE^Anna||20261101|F";
        var ben = "PID|1||T2^^^CLINIC^MR||DOE^Ben||20261101|M";
        var beth = "PID|1||T3^^^CLINIC^MR||DOE^Beth||20261101|F" + "|".repeat(16) + "y";
        var ann = "PID|1||T4^^^CLINIC^MR||DOE^Ann||20261101|F";

        engine.send(EMR, adt("A24", "C1", anna, ben));
        engine.send(EMR, adt("A24", "C2", anna, beth));
        engine.send(EMR, adt("A24", "C3", anna, ann));

        assertThat(engine.reasons("C1")).containsExactly("link-of-relatives");
        assertThat(engine.reasons("C2")).containsExactly("link-of-relatives");
        assertThat(engine.persons()).isEqualTo("T1+T4");
    }

    /** What joins the two still would be told to nobody ⚠. */
    @Test
    void anUnlinkThatAThirdNumberMakesUselessIsHeldUntilThatLinkIsGone() {
        for (int i = 1; i <= 3; i++) engine.send(EMR, adt("A28", "C" + i, pid("M" + i)));
        engine.send(EMR, adt("A24", "C4", pid("M1"), pid("M3")));
        engine.send(EMR, adt("A24", "C5", pid("M3"), pid("M2")));

        engine.send(EMR, adt("A37", "C6", pid("M1"), pid("M2")));

        assertThat(engine.reasons("C6")).containsExactly("unlink-of-joined");
        assertThat(engine.persons()).isEqualTo("M1+M2+M3");

        engine.send(EMR, adt("A37", "C7", pid("M1"), pid("M3")));
        assertThat(engine.persons()).isEqualTo("M1 / M2+M3");
    }

    @Test
    void aMergeIsNotUnlinked() {
        engine.send(EMR, adt("A28", "C1", pid("M2")));
        engine.send(EMR, merge("A40", "C2", "M1", "M2"));

        engine.send(EMR, adt("A37", "C3", pid("M1"), pid("M2")));

        assertThat(engine.reasons("C3")).containsExactly("unlink-of-merged");
        assertThat(engine.persons()).isEqualTo("M1+M2");
    }

    @Test
    void aNumberThatWasJoinedToTheWrongPatientMoves() {
        engine.send(EMR, adt("A28", "C1", pid("M1")));
        engine.send(EMR, adt("A28", "C2", pid("M2")));
        engine.send(EMR, adt("A28", "C3", pid("M3")));
        engine.send(EMR, adt("A24", "C4", pid("M1"), pid("M2")));
        assertThat(engine.persons()).isEqualTo("M1+M2 / M3");

        engine.send(
                EMR,
                adt(
                        "A43",
                        "C5",
                        "PID|1|M3^^^CLINIC^MR|M1^^^CLINIC^MR||DOE^Jane||19710203|F",
                        "MRG|M1^^^CLINIC^MR|||M2^^^CLINIC^MR"));

        assertThat(engine.persons()).isEqualTo("M1+M3 / M2");
    }

    // ------------------------------------------------------------ any order

    @Test
    void anyOrderOfArrivalGivesTheSamePersons() {
        var said = new ArrayList<String>();
        for (var number : List.of("M1", "M2", "M3", "M4", "M5", "M6"))
            said.add(adt("A28", "C" + (said.size() + 1), pid(number)));
        said.add(merge("A40", "C11", "M1", "M2"));
        said.add(merge("A40", "C12", "M2", "M3"));
        said.add(adt("A24", "C13", pid("M3"), pid("M4")));
        said.add(adt("A37", "C14", pid("M3"), pid("M4")));
        said.add(adt("A24", "C15", pid("M5"), pid("M6")));
        said.add(adt("A37", "C16", pid("M5"), pid("M6")));
        said.add(adt("A24", "C17", pid("M5"), pid("M6")));
        said.add(merge("A47", "C18", "M0", "M6"));
        var seed = System.nanoTime();
        System.out.println("MergeTests seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < SHUFFLES; i++) {
            try (var shuffled = new IdentityEngine()) {
                for (var message : said) shuffled.send(EMR, message);

                assertThat(shuffled.persons())
                        .as("seed " + seed + ", shuffle " + i)
                        .isEqualTo("M0+M5+M6 / M1+M2+M3 / M4");
                assertThat(
                                shuffled.list(
                                        """
                                        select id_value from patient_record
                                        where coalesce(own_person, person_id) = person_id order by 1
                                        """))
                        .as("who stays; seed " + seed + ", shuffle " + i)
                        .containsExactly("M3", "M4", "M5");
            }
            Collections.shuffle(said, random);
        }
    }

    // ------------------------------------------------------------ people and undo

    @Test
    void aPersonMergesAndTakesItBack() {
        engine.send(EMR, adt("A28", "C1", pid("M1")));
        engine.send(EMR, adt("A28", "C2", pid("M2")));
        var wanted = engine.chart();

        long decision = engine.decisions.merge(engine.record("M1"), engine.record("M2"), ANN);
        assertThat(engine.persons()).isEqualTo("M1+M2");
        assertThatThrownBy(
                        () -> engine.decisions.merge(engine.record("M2"), engine.record("M1"), ANN))
                .isInstanceOf(NotPossible.class);
        engine.decisions.undo(decision, ANN);

        assertThat(engine.chart()).isEqualTo(wanted);
    }

    /**
     * Promise 8: the chart that would have been, although messages relied on the merge meanwhile.
     */
    @Test
    void undoingAMergeGivesTheChartThatWouldHaveBeen() {
        String wanted;
        String wantedHash;
        try (var never = new IdentityEngine()) {
            beforeTheMerge(never);
            afterTheMerge(never);
            wanted = never.chart();
            wantedHash = never.hash();
            assertThat(never.state("C8")).isEqualTo("held");
            assertThat(never.state("C9")).isEqualTo("held");
        }
        beforeTheMerge(engine);
        engine.send(EMR, merge("A40", "C90", "M1", "M2"));
        afterTheMerge(engine);
        assertThat(engine.state("C8")).isEqualTo("charted");
        assertThat(engine.state("C9")).isEqualTo("charted");
        var uuids = engine.list("select coalesce(own_person, person_id) from patient_record");

        engine.decisions.undo(engine.entry("C90"), ANN);

        engine.becomes("C8", "held");
        engine.becomes("C9", "held");
        assertThat(engine.chart().replace("C90 charted\n", "")).isEqualTo(wanted);
        assertThat(engine.hash()).isEqualTo(wantedHash);
        assertThat(engine.list("select person_id from patient_record"))
                .as("stable UUIDs")
                .containsExactlyInAnyOrderElementsOf(uuids);
    }

    /** What people and partners did is not undone with it, and is listed for a person to place. */
    @Test
    void whatWasDoneWhileAMergeHeldIsListedWhenItIsUndone() {
        beforeTheMerge(engine);
        engine.send(EMR, adt("A28", "C6", pid("M5")));
        engine.send(EMR, adt("A28", "C61", pid("M6")));
        long merge = engine.decisions.merge(engine.record("M1"), engine.record("M2"), ANN);
        engine.send(LAB, oru("C8", patient("M2"), "A-1", "4.2", "F"));
        engine.send(LAB, oru("C9", "L7^^^NORTHLAB^PI||DOE^Jane||19710203|F", "A-4", "3.3", "F"));
        long link = engine.decisions.link(engine.entry("C9"), engine.record("M2"), ANN);
        engine.becomes("C9", "charted");
        engine.decisions.merge(engine.record("M5"), engine.record("M6"), ANN);
        engine.jdbc.sql("update delivery set state = 'accepted'").update();

        long undo = engine.decisions.undo(merge, ANN);

        var meanwhile = new DecisionStore(engine.jdbc).meanwhile(undo);
        assertThat(meanwhile.decisions()).as("not the one about others").containsExactly(link);
        assertThat(meanwhile.left()).containsExactly(engine.entry("C8"));
        assertThat(engine.persons()).isEqualTo("L7+M2 / M1 / M5+M6");
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    @Test
    void anUndoAfterWhichNothingWasDoneListsNothing() {
        beforeTheMerge(engine);
        long merge = engine.decisions.merge(engine.record("M1"), engine.record("M2"), ANN);

        long undo = engine.decisions.undo(merge, ANN);

        assertThat(new DecisionStore(engine.jdbc).meanwhile(undo).isEmpty()).isTrue();
        assertThat(new DecisionStore(engine.jdbc).meanwhile(merge).isEmpty()).isTrue();
    }

    // ------------------------------------------------------------ splits

    /** Splits M1 off the patient that it is, as whoever sees all of that patient's numbers. */
    private static long split(IdentityEngine in, String number) {
        var person = personOf(in, number);
        return in.decisions.split(person, recordsOf(in, person), Set.of(in.record(number)), ANN);
    }

    private static UUID personOf(IdentityEngine in, String number) {
        return UUID.fromString(
                in.one("select person_id from patient_record where id_value = '" + number + "'"));
    }

    private static Set<Long> recordsOf(IdentityEngine in, UUID person) {
        return in.list("select id from patient_record where person_id = '" + person + "'").stream()
                .map(Long::valueOf)
                .collect(Collectors.toSet());
    }

    /** HL7-RULES §6: not same, by a decision; undo gives the chart as if it had never been. */
    @Test
    void whatAMessageJoinedIsSplitAndTheSplitTakenBack() {
        beforeTheMerge(engine);
        engine.send(EMR, merge("A40", "C90", "M1", "M2"));
        afterTheMerge(engine);
        var wanted = engine.chart();
        var wantedHash = engine.hash();
        assertThat(engine.values()).contains("M1+M2 4.2");

        var preview =
                engine.decisions.previewSplit(
                        personOf(engine, "M1"),
                        recordsOf(engine, personOf(engine, "M1")),
                        Set.of(engine.record("M1")));
        assertThat(preview.patients())
                .extracting(one -> one.numbers() + " " + one.reports() + " " + one.visits())
                .containsExactly("M1 2 1", "M2 1 0");
        assertThat(engine.hash()).as("a look changes nothing").isEqualTo(wantedHash);

        long split = split(engine, "M1");

        assertThat(engine.persons()).isEqualTo("M1 / M2");
        engine.becomes("C8", "held");
        engine.becomes("C9", "held");
        assertThat(engine.values()).isEqualTo("M1 3.3 / M1 4.1 / M2 5.1");
        assertThat(engine.rebuilt().isEqual()).isTrue();

        engine.decisions.undo(split, ANN);

        engine.becomes("C8", "charted");
        engine.becomes("C9", "charted");
        assertThat(engine.chart()).isEqualTo(wanted);
        assertThat(engine.hash()).isEqualTo(wantedHash);
        assertThat(stays()).isEqualTo("M2");
        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    /** What a person said is not one patient is joined by no later message, over nobody else ⚠. */
    @Test
    void whatWouldJoinWhatWasSplitIsHeldUntilTheSplitIsTakenBack() {
        for (int i = 1; i <= 4; i++) engine.send(EMR, adt("A28", "C" + i, pid("M" + i)));
        engine.decisions.merge(engine.record("M1"), engine.record("M2"), ANN);
        long split = split(engine, "M1");

        engine.send(EMR, merge("A40", "C11", "M1", "M2"));
        assertThat(engine.reasons("C11")).containsExactly("kept-apart");
        engine.send(EMR, merge("A40", "C12", "M2", "M1"));
        assertThat(engine.reasons("C12")).containsExactly("kept-apart");
        engine.send(EMR, adt("A24", "C13", pid("M1"), pid("M3")));
        assertThat(engine.persons()).isEqualTo("M1+M3 / M2 / M4");
        engine.send(EMR, adt("A24", "C14", pid("M3"), pid("M2")));
        assertThat(engine.reasons("C14")).containsExactly("kept-apart");
        engine.send(
                EMR,
                adt(
                        "A43",
                        "C15",
                        "PID|1|M2^^^CLINIC^MR|M3^^^CLINIC^MR||DOE^Jane||19710203|F",
                        "MRG|M3^^^CLINIC^MR|||M4^^^CLINIC^MR"));
        assertThat(engine.reasons("C15")).containsExactly("kept-apart");
        assertThatThrownBy(
                        () -> engine.decisions.merge(engine.record("M3"), engine.record("M2"), ANN))
                .isInstanceOf(NotPossible.class)
                .hasMessageContaining("split");
        engine.send(EMR, adt("A37", "C16", pid("M1"), pid("M2")));
        assertThat(engine.state("C16")).as("it says the same").isEqualTo("charted");
        assertThat(engine.persons()).isEqualTo("M1+M3 / M2 / M4");
        assertThat(engine.rebuilt().isEqual()).isTrue();

        engine.decisions.undo(split, ANN);

        engine.becomes("C14", "charted");
        assertThat(engine.persons()).isEqualTo("M1+M2+M3 / M4");
    }

    @Test
    void aNumberThatWasMergedIntoTheWrongPatientIsMergedIntoTheRightOneAfterASplit() {
        for (int i = 1; i <= 3; i++) engine.send(EMR, adt("A28", "C" + i, pid("M" + i)));
        engine.send(EMR, merge("A40", "C4", "M1", "M2"));
        engine.send(EMR, merge("A40", "C5", "M1", "M3"));
        assertThat(engine.reasons("C5")).containsExactly("merged-elsewhere");

        long split = split(engine, "M1");
        engine.decisions.again(engine.entry("C5"), ANN);

        engine.becomes("C5", "charted");
        assertThat(engine.persons()).isEqualTo("M1+M3 / M2");
        assertThat(engine.rebuilt().isEqual()).isTrue();
        assertThatThrownBy(() -> engine.decisions.undo(split, ANN))
                .isInstanceOf(NotPossible.class)
                .hasMessageContaining("entry " + engine.entry("C5"));
        assertThat(engine.persons()).isEqualTo("M1+M3 / M2");
        engine.decisions.undo(engine.entry("C5"), ANN);
        engine.decisions.undo(split, ANN);
        assertThat(engine.persons()).isEqualTo("M1+M2 / M3");
    }

    @Test
    void aSplitThatCannotBeLeavesEverythingAsItWas() {
        for (int i = 1; i <= 3; i++) engine.send(EMR, adt("A28", "C" + i, pid("M" + i)));
        engine.send(EMR, merge("A40", "C4", "M1", "M2"));
        var person = personOf(engine, "M1");
        var shown = recordsOf(engine, person);
        var m1 = engine.record("M1");
        var before = engine.hash();

        for (var off : List.of(Set.<Long>of(), shown, Set.of(engine.record("M3")), Set.of(m1, -1L)))
            assertThatThrownBy(() -> engine.decisions.split(person, shown, off, ANN))
                    .isInstanceOf(NotPossible.class);
        assertThatThrownBy(() -> engine.decisions.split(UUID.randomUUID(), shown, Set.of(m1), ANN))
                .isInstanceOf(NotPossible.class);
        assertThatThrownBy(() -> engine.decisions.split(person, Set.of(m1), Set.of(m1), ANN))
                .as("less than there is was shown")
                .isInstanceOf(NotPossible.class);
        assertThat(engine.hash()).isEqualTo(before);

        engine.decisions.split(person, shown, Set.of(m1), ANN);
        assertThatThrownBy(() -> engine.decisions.split(person, shown, Set.of(m1), ANN))
                .as("somebody was quicker")
                .isInstanceOf(NotPossible.class)
                .hasMessageContaining("meanwhile");
    }

    @Test
    void anyOrderOfArrivalAroundASplitGivesTheSameChart() {
        var said = new ArrayList<String>();
        said.add(adt("A28", "C1", pid("M1")));
        said.add(adt("A28", "C2", pid("M2"), "AL1|1|DA|P^Penicillin^L|SV"));
        said.add(adt("A01", "C5", pid("M1"), "PV1|1|I|W^1||||||||||||||||V1^^^EMR"));
        said.add(adt("A08", "C7", pid("M2").replace("19710203|F", "19710203|F|||9 New Rd")));
        said.add(adt("A03", "C9", pid("M1"), "PV1|1|I|W^1||||||||||||||||V1^^^EMR"));
        said.add(adt("A01", "C10", pid("M2"), "PV1|1|I|W^1||||||||||||||||V2^^^EMR"));
        said.add(adt("A08", "C11", pid("M1").replace("19710203|F", "19710203|F|||1 Old Rd")));
        var seed = System.nanoTime();
        var random = new Random(seed);
        String wanted = null;
        for (int i = 0; i < SHUFFLES; i++) {
            Collections.shuffle(said, random);
            int at = random.nextInt(said.size() + 1);
            for (int k = 0; k < said.size(); k++) {
                if (k == at) mergedAndSplit();
                engine.send(EMR, said.get(k));
            }
            if (at == said.size()) mergedAndSplit();
            engine.send(LAB, oru("C12", patient("M1"), "A-1", "4.1", "F"));
            engine.send(LAB, oru("C13", patient("M2"), "A-2", "5.1", "F"));
            assertThat(engine.persons()).isEqualTo("M1 / M2");
            var facts =
                    engine.facts()
                            .lines()
                            .filter(one -> !one.contains(" apart|")) // It has the hour of now.
                            .collect(Collectors.joining("\n"));
            if (wanted == null) wanted = facts;
            assertThat(facts).as("seed " + seed + ", " + engine.order()).isEqualTo(wanted);
            engine.forget();
        }
    }

    private void mergedAndSplit() {
        engine.send(EMR, merge("A40", "C90", "M1", "M2"));
        split(engine, "M1");
    }

    private static void beforeTheMerge(IdentityEngine to) {
        to.send(EMR, adt("A28", "C1", pid("M1")));
        to.send(EMR, adt("A28", "C2", pid("M2"), "AL1|1|DA|P^Penicillin^L|SV"));
        to.send(LAB, oru("C3", patient("M1"), "A-1", "4.1", "P"));
        to.send(LAB, oru("C4", patient("M2"), "A-2", "5.1", "F"));
        to.send(EMR, adt("A01", "C5", pid("M1"), "PV1|1|I|W^1||||||||||||||||V1^^^EMR"));
    }

    private static void afterTheMerge(IdentityEngine to) {
        to.send(EMR, adt("A08", "C7", pid("M2").replace("19710203|F", "19710203|F|||9 New Rd")));
        to.send(LAB, oru("C8", patient("M2"), "A-1", "4.2", "F"));
        to.send(EMR, adt("A03", "C9", pid("M2"), "PV1|1|I|W^1||||||||||||||||V1^^^EMR"));
        to.send(LAB, oru("C10", patient("M1"), "A-3", "3.3", "F"));
    }

    private String stays() {
        return engine.one(
                "select id_value from patient_record where coalesce(own_person, person_id) ="
                        + " person_id");
    }
}
