package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.chartbridge.intake.IdentityEngine.ANN;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.chartbridge.intake.IdentityEngine.oru;

import org.chartbridge.database.DatabaseUnusable;
import org.chartbridge.journal.RebuildReport;
import org.chartbridge.journal.RebuildReport.Change;
import org.chartbridge.journal.Rebuilds;
import org.chartbridge.partner.Partner;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The chart from the journal, beside the live one; on a real PostgreSQL. */
class RebuildTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final String ROE = "M2^^^CLINIC^MR||ROE^Sam||19550505|M";
    private static final String UNKNOWN_TO_US = "L7^^^NORTHLAB^PI||DOE^Jane||19710203|F";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    /** Two patients, a corrected result, and something of every other kind. */
    private void someMessages() {
        engine.send(EMR, adt("A28", "A1", "PID|1||" + DOE, "AL1|1|DA|P^Penicillin^L|SV"));
        engine.send(EMR, adt("A01", "A2", "PID|1||" + ROE, "PV1|1|I|W^1||||||||||||||||V1^^^EMR"));
        engine.send(LAB, oru("C3", DOE, "A-1", "4.1", "F"));
        engine.send(LAB, oru("C4", DOE, "A-1", "4.6", "C"));
        engine.send(LAB, oru("C5", ROE, "A-2", "5.1", "P") + "\nNTE|1|L|Haemolysed.");
        engine.send(EMR, adt("A08", "A6", "PID|1||" + DOE + "|||9 New Rd^^Springfield"));
    }

    // ------------------------------------------------------------ equal

    @Test
    void theChartFromTheJournalIsTheLiveOne() {
        someMessages();

        var report = engine.rebuilt();

        assertThat(report.differences()).isEmpty();
        assertThat(report.remarks()).isEmpty();
        assertThat(report.isEqual()).isTrue();
        assertThat(report.entries()).isEqualTo(6);
        assertThat(report.facts()).isGreaterThan(12);
        assertThat(report.liveHash()).isEqualTo(engine.hash()).isEqualTo(report.rebuiltHash());
    }

    @Test
    void decisionsAreRepeatedAtTheirPlace() {
        someMessages();
        engine.send(LAB, oru("C7", UNKNOWN_TO_US, "A-7", "4.2", "P"));
        engine.send(LAB, oru("C8", UNKNOWN_TO_US, "A-7", "4.3", "F"));
        engine.decisions.link(engine.entry("C7"), engine.record("M1"), ANN);
        engine.becomes("C8", "charted");
        engine.send(LAB, oru("C9", UNKNOWN_TO_US, "A-8", "4.4", "F"));
        var second = "M1^^^CLINIC^MR||POE^Ida||19900101|F";
        engine.send(LAB, oru("C10", second, "A-9", "6.1", "F"));
        engine.decisions.create(engine.entry("C10"), ANN);
        engine.becomes("C10", "charted");
        var stranger = "S1^^^ELSE^MR||MOE^Al||19900101|M";
        engine.send(LAB, oru("C11", stranger, "A-10", "6.2", "F"));
        engine.decisions.notOurs(engine.entry("C11"), ANN);
        engine.decisions.merge(engine.record("L7"), engine.record("M2"), ANN);
        engine.send(LAB, oru("C12", stranger, "A-11", "6.3", "F"));
        engine.decisions.again(engine.entry("C12"), ANN);
        engine.becomes("C12", "held");

        var report = engine.rebuilt();

        assertThat(report.remarks()).isEmpty();
        assertThat(report.differences()).isEmpty();
        assertThat(report.isEqual()).isTrue();
        assertThat(engine.persons()).isEqualTo("L7+M1+M2 / M1*");
    }

    @Test
    void whatWaitedAndWentOnByItselfDoesSoAgain() {
        engine.send(LAB, oru("C2", DOE, "A-1", "4.1", "P"));
        engine.send(LAB, oru("C3", DOE, "A-1", "4.2", "F"));
        engine.send(EMR, adt("A28", "A4", "PID|1||" + DOE));
        engine.becomes("C3", "charted");

        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    /** ⚠ What comes behind it in the same group of the rebuild finds it charted. */
    @Test
    void whatWentOnAmidOthersDoesSoAtItsPlace() {
        engine.send(EMR, adt("A28", "A1", "PID|1||" + ROE));
        engine.send(LAB, oru("C2", DOE, "A-1", "4.1", "F"));
        engine.send(EMR, adt("A28", "A3", "PID|1||" + DOE));
        engine.becomes("C2", "charted");
        engine.send(LAB, oru("C4", ROE, "A-1", "4.2", "F"));
        engine.send(LAB, oru("C5", ROE, "A-5", "4.3", "F"));
        assertThat(engine.state("C4")).isEqualTo("held");

        var report = engine.rebuilt();

        assertThat(report.remarks()).isEmpty();
        assertThat(report.differences()).isEmpty();
        assertThat(report.isEqual()).isTrue();
    }

    /** Its group of the rebuild brings the patient too, which lets what names them go on. */
    @Test
    void whatStayedHeldStaysSo() {
        engine.send(EMR, adt("A28", "A0", "PID|1||" + DOE));
        engine.send(LAB, oru("C1", DOE, "A-1", "4.1", "F"));
        engine.send(
                LAB, oru("C2", DOE, "A-1", "4.2", "F").replace("20261122074500", "20260922074500"));
        engine.send(LAB, oru("C3", DOE, "A-1", "4.3", "C"));
        assertThat(engine.state("C2")).isEqualTo("held");

        var report = engine.rebuilt();

        assertThat(report.remarks()).isEmpty();
        assertThat(report.differences()).isEmpty();
        assertThat(report.isEqual()).isTrue();
    }

    /** Of all patients in one group of the rebuild. */
    @Test
    void whoWasBroughtByAMergeIsThereForTheNextMessage() {
        engine.send(EMR, adt("A28", "A1", "PID|1||" + DOE));
        engine.send(EMR, adt("A40", "A2", "PID|1||" + DOE, "MRG|M9^^^CLINIC^MR"));
        engine.send(LAB, oru("C3", DOE.replace("M1", "M9"), "A-1", "4.1", "F"));
        engine.send(EMR, adt("A31", "A4", "PID|1||" + DOE.replace("M1", "M9")));
        assertThat(engine.state("C3")).isEqualTo("charted");

        var report = engine.rebuilt();

        assertThat(report.remarks()).isEmpty();
        assertThat(report.differences()).isEmpty();
        assertThat(report.isEqual()).isTrue();
    }

    /** Promise 8, and the live chart as the witness: what was taken back is left out here. */
    @Test
    void whatWasTakenBackNeverHappened() {
        someMessages();
        engine.send(LAB, oru("C7", UNKNOWN_TO_US, "A-7", "4.2", "P"));
        long link = engine.decisions.link(engine.entry("C7"), engine.record("M1"), ANN);
        engine.becomes("C7", "charted");
        engine.send(EMR, adt("A28", "A8", "PID|1||M3^^^CLINIC^MR||DOE^Jane||19710203|F"));
        engine.send(
                EMR,
                adt(
                        "A40",
                        "A9",
                        "PID|1||M3^^^CLINIC^MR||DOE^Jane||19710203|F",
                        "MRG|M1^^^CLINIC^MR"));
        engine.send(LAB, oru("C10", "M3^^^CLINIC^MR||DOE^Jane||19710203|F", "A-1", "4.9", "C"));
        assertThat(engine.state("C10")).isEqualTo("charted");
        engine.decisions.undo(engine.entry("A9"), ANN);
        engine.becomes("C10", "held");
        engine.decisions.undo(link, ANN);
        engine.becomes("C7", "held");

        var report = engine.rebuilt();

        assertThat(report.remarks()).isEmpty();
        assertThat(report.differences()).isEmpty();
        assertThat(report.isEqual()).isTrue();
    }

    /**
     * It is no fact of the chart: the decision and its undo are in their place, and chart nothing.
     */
    @Test
    void anOrderClosedByHandChangesNothingOfTheChart() {
        someMessages();
        var closing = engine.alertDecisions();
        var known = new TreeSet<>(List.of(1L));
        long closed = closing.close("closed-1", "other", known, Map.of(), ANN);
        var _ = closing.close("closed-2", "no-show", known, Map.of(), ANN);
        closing.undo(closed, ANN);

        var report = engine.rebuilt();

        assertThat(report.remarks()).isEmpty();
        assertThat(report.isEqual()).isTrue();
    }

    @Test
    void nothingIsAnsweredSentOrChangedByLooking() {
        someMessages();
        engine.send(LAB, oru("C7", UNKNOWN_TO_US, "A-7", "4.2", "P"));
        var everything =
                """
                select (select count(*) from journal) || ' ' || (select count(*) from raw_message) || ' '
                       || (select count(*) from delivery) || ' ' || (select count(*) from receipt) || ' '
                       || (select string_agg(state || answer_code, ',' order by id) from journal)
                """;
        var before = engine.one(everything) + engine.hash();

        try (var schema = engine.secondSchema()) {
            engine.rebuiltIn(schema);
        }

        assertThat(engine.one(everything) + engine.hash()).isEqualTo(before);
        assertThat(schemas()).isEmpty();
    }

    @Test
    void whatIsStillToBeChartedIsLeftOut() {
        someMessages();
        engine.send(LAB, oru("C7", UNKNOWN_TO_US, "A-7", "4.2", "P"));
        engine.stopCharting();
        engine.decisions.again(engine.entry("C7"), ANN);
        assertThat(engine.state("C7")).isEqualTo("received");

        assertThat(engine.rebuilt().isEqual()).isTrue();
    }

    // ------------------------------------------------------------ different

    @Test
    void aHandInTheDatabaseIsFoundAndNamed() {
        someMessages();
        engine.jdbc
                .sql("update observation set value_text = '14.6' where value_text = '4.6'")
                .update();
        engine.jdbc.sql("delete from note").update();
        engine.jdbc
                .sql(
                        "update patient_record set demographics = jsonb_set(demographics,"
                                + " '{city,text}', '\"Ogdenville\"') where id_value = 'M1'")
                .update();

        var report = engine.rebuilt();

        assertThat(report.isEqual()).isFalse();
        assertThat(report.differences())
                .extracting(
                        d -> d.kind() + " " + d.change().word() + " " + d.field() + " " + d.facts())
                .containsExactlyInAnyOrder(
                        "observation changed value_text 1",
                        "note only-rebuilt  1",
                        "patient_record changed demographics.city 1");
        var value = only(report, "observation");
        assertThat(value.live()).isEqualTo("14.6");
        assertThat(value.rebuilt()).isEqualTo("4.6");
        assertThat(value.entry()).isEqualTo(engine.entry("C4"));
        assertThat(value.path()).isEqualTo("OBX[1]");
        assertThat(String.valueOf(value.person()))
                .isEqualTo(
                        engine.one("select person_id from patient_record where id_value = 'M1'"));
    }

    @Test
    void aMessageThatTheJournalLostIsFound() {
        someMessages();
        engine.jdbc
                .sql("delete from raw_message where entry_id = ?")
                .param(engine.entry("C4"))
                .update();

        var report = engine.rebuilt();

        assertThat(report.remarks()).containsExactly("bytes of a message are not kept any more");
        assertThat(report.differences())
                .extracting(d -> d.kind() + " " + d.change().word())
                .contains("entry only-live", "report only-live", "observation only-live");
    }

    @Test
    void aChangeOfRulesIsProposedByKindWithExamplesAndNotDone() {
        someMessages();
        engine.send(LAB, oru("C7", UNKNOWN_TO_US, "A-7", "4.2", "F"));
        var before = engine.hash();
        var creating =
                AdtEngine.partner(
                        "northlab",
                        Partner.Demographics.EVIDENCE,
                        Partner.Empty.KEEP,
                        Partner.Patients.CREATE);

        var report = engine.rebuilt(EMR, creating);

        assertThat(report.current()).isTrue();
        assertThat(report.differences())
                .extracting(
                        d -> d.kind() + " " + d.change().word() + " " + d.field() + " " + d.facts())
                .contains(
                        "entry changed held → charted 1",
                        "patient_record only-rebuilt  1",
                        "observation only-rebuilt  1");
        assertThat(engine.hash()).isEqualTo(before);
        assertThat(engine.state("C7")).isEqualTo("held");
    }

    @Test
    void aFolderThatIsGoneIsSaid() {
        someMessages();

        var report = engine.rebuilt(EMR);

        assertThat(report.isEqual()).isTrue();
        assertThat(report.remarks())
                .containsExactly(
                        "3 × a message of northlab: its folder is gone or faulty now, read by the"
                                + " version it ran with");
    }

    @Test
    void aVersionThatWasNotKeptIsSaid() {
        someMessages();
        engine.jdbc
                .sql("update journal set folder_version = 'v0' where control_id = 'C3'")
                .update();

        var report = engine.rebuilt();

        assertThat(report.remarks()).anyMatch(told -> told.contains("northlab"));
        assertThat(report.isEqual()).isFalse();
    }

    // ------------------------------------------------------------ beside it

    @Test
    void whatWasFoundIsKeptForThePageAndTheOldestForgotten() {
        someMessages();
        engine.jdbc.sql("update observation set unit = 'mg/L'").update();
        var report = engine.rebuilt();

        var last = new Rebuilds(engine.jdbc).last().orElseThrow();

        assertThat(last.isEqual()).isFalse();
        assertThat(last.differences()).isEqualTo(report.differences());
        for (int i = 0; i < 12; i++) new Rebuilds(engine.jdbc).keep(report);
        assertThat(engine.one("select count(*) from rebuild")).isEqualTo("10");
    }

    @Test
    void whatAKilledOneLeftIsDroppedAndTwoAtATimeAreRefused() {
        someMessages();
        engine.jdbc.sql("create schema chartbridge_rebuild").update();
        engine.jdbc.sql("create table chartbridge_rebuild.journal (id bigint)").update();

        try (var first = engine.secondSchema()) {
            assertThat(first.second()).isNotNull();
            assertThatThrownBy(engine::secondSchema)
                    .isInstanceOf(DatabaseUnusable.class)
                    .hasMessageContaining("being rebuilt already");
        }

        assertThat(schemas()).isEmpty();
        // The server needs a moment to see that the connection is gone.
        await().ignoreException(DatabaseUnusable.class).until(() -> engine.rebuilt().isEqual());
    }

    @Test
    void aDatabaseOfAnotherVersionIsRefusedWithTheRemedy() {
        engine.jdbc.sql("delete from flyway_schema_history where version = '13'").update();

        assertThatThrownBy(engine::secondSchema)
                .isInstanceOf(DatabaseUnusable.class)
                .hasMessageContaining("not that of this version");
        // The server needs a moment to see that the connection is gone.
        await().untilAsserted(
                        () ->
                                assertThat(
                                                engine.one(
                                                        """
                                                        select count(*)
                                                        from pg_locks l
                                                        join pg_database d on d.oid = l.database
                                                        where l.locktype = 'advisory'
                                                          and d.datname = current_database()
                                                        """))
                                        .isEqualTo("0"));
    }

    private String schemas() {
        return engine.one("select nspname from pg_namespace where nspname = 'chartbridge_rebuild'");
    }

    private static RebuildReport.Example only(RebuildReport report, String kind) {
        var like =
                report.differences().stream()
                        .filter(d -> d.kind().equals(kind) && d.change() == Change.CHANGED)
                        .toList();
        assertThat(like).hasSize(1);
        return like.getFirst().examples().getFirst();
    }
}
