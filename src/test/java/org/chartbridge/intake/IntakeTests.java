package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.chartbridge.chart.ChartStore;
import org.chartbridge.database.TestDatabase;
import org.chartbridge.delivery.Bells;
import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.delivery.SentOrders;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.delivery.WhereOrdersWent;
import org.chartbridge.intake.Reception.Reply;
import org.chartbridge.journal.HeldCodes;
import org.chartbridge.journal.JournalStore;
import org.chartbridge.journal.MessageParts;
import org.chartbridge.mapping.Mappings;
import org.chartbridge.ordering.Forgetting;
import org.chartbridge.ordering.Ordering;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Intake against a real PostgreSQL, with a route that only charts. */
class IntakeTests {

    private final TestDatabase database = TestDatabase.fresh();
    private final JdbcClient jdbc = database.jdbc();
    private final List<Intake> started = new ArrayList<>();
    private AnnotationConfigApplicationContext mappings;
    private Intake intake;

    @BeforeEach
    void start() {
        mappings = new AnnotationConfigApplicationContext("org.chartbridge.mapping");
        intake = startIntake(arrival -> new Staged.Work(true));
    }

    @AfterEach
    void stop() {
        started.forEach(Intake::stop);
        mappings.close();
        database.close();
    }

    @Test
    void aResultIsChartedBeforeItIsAnswered() {
        var answer = send(oru("1", "100", "F", "4.1", "20261122080000"));

        assertThat(answer).contains("MSA|AA|1");
        assertThat(count("journal where state = 'charted' and record_id is not null")).isEqualTo(1);
        assertThat(count("raw_message")).isEqualTo(1);
        assertThat(count("patient_record")).isEqualTo(1);
        assertThat(currentValues()).containsExactly("4.1");
    }

    @Test
    void theSameBytesAgainGetTheSameAnswerAndNoSecondEffect() {
        var first = send(oru("1", "100", "F", "4.1", "20261122080000"));

        var second = send(oru("1", "100", "F", "4.1", "20261122080000"));

        assertThat(second).isEqualTo(first);
        assertThat(count("journal")).isEqualTo(1);
        assertThat(count("observation")).isEqualTo(1);
        assertThat(jdbc.sql("select repeats from journal").query(Integer.class).single())
                .isEqualTo(1);
    }

    @Test
    void repeatsAtTheSameMomentWaitForTheFirstAndGetItsAnswer() {
        var replies = new ArrayList<CompletionStage<Reply>>();
        for (int i = 0; i < 20; i++)
            replies.add(
                    intake.receive(
                            arrival(partner(), oru("1", "100", "F", "4.1", "20261122080000"))));

        var answers = replies.stream().map(IntakeTests::text).distinct().toList();

        assertThat(answers).hasSize(1);
        assertThat(count("journal")).isEqualTo(1);
        assertThat(count("observation")).isEqualTo(1);
    }

    @Test
    void theSameControlIdWithOtherContentIsProcessedAndFlagged() {
        send(oru("1", "100", "F", "4.1", "20261122080000"));

        var answer = send(oru("1", "200", "F", "5.2", "20261122080000"));

        assertThat(answer).contains("MSA|AA|1");
        assertThat(count("journal")).isEqualTo(2);
        assertThat(count("journal where reasons::text like '%control-id-reused%'")).isEqualTo(1);
    }

    @Test
    void aCorrectionReplacesTheValueAndKeepsItAsHistory() {
        send(oru("1", "100", "F", "4.1", "20261122080000"));

        send(oru("2", "100", "C", "4.7", "20261122090000"));

        assertThat(currentValues()).containsExactly("4.7");
        assertThat(
                        count(
                                "observation where standing = 'replaced' and replaced_by_entry is"
                                        + " not null"))
                .isEqualTo(1);
        assertThat(count("observation where corrected and status = 'C'")).isEqualTo(1);
        assertThat(count("clinical_order")).isEqualTo(1);
        assertThat(count("report where standing = 'current'")).isEqualTo(1);
    }

    /** Its path names several segments, OBX[1-2], which no answer could name. */
    @Test
    void aCorrectedTextOfSeveralLinesIsCharted() {
        var first = oru("1", "100", "F", "Margins", "20261122080000");
        var line = first.lines().toList().getLast();
        send(first + line.replace("Margins", "are involved.") + "\r");
        var second = oru("2", "100", "C", "Margins", "20261122090000");

        var answer =
                send(second + line.replace("Margins", "are clear.").replace("||F", "||C") + "\r");

        assertThat(answer).contains("MSA|AA|2").doesNotContain("ERR");
        assertThat(currentValues()).containsExactly("Margins\nare clear.");
    }

    @Test
    void anyOrderOfArrivalInOneGroupOrSeveralGivesTheSameChart() {
        var messages =
                List.of(
                        oru("1", "100", "P", "4.0", "20261122080000"),
                        oru("2", "100", "F", "4.1", "20261122081000"),
                        oru("3", "100", "C", "4.7", "20261122090000"),
                        oru("4", "100", "F", "4.1", "20261122093000"));
        int[][] orders = {{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 0, 3, 1}, {1, 3, 0, 2}};
        for (int[] order : orders) {
            jdbc.sql(
                            "truncate journal, raw_message, receipt, patient_record, person,"
                                    + " clinical_order, report, observation, note cascade")
                    .update();
            var replies = new ArrayList<CompletionStage<Reply>>();
            for (int i : order) replies.add(intake.receive(arrival(partner(), messages.get(i))));
            replies.forEach(IntakeTests::text);

            assertThat(currentValues()).as("%s", order).containsExactly("4.7");
            assertThat(
                            jdbc.sql(
                                            "select control_id || standing from observation order"
                                                    + " by control_id")
                                    .query(String.class)
                                    .list())
                    .containsExactly("1replaced", "2replaced", "3current", "4late");
        }
    }

    @Test
    void theSameOrderNumberForAnotherPatientIsHeldAndReachesNobody() {
        send(oru("1", "100", "F", "4.1", "20261122080000"));

        var answer =
                send(
                        oru("2", "100", "F", "9.9", "20261122080000")
                                .replace("4711", "4712")
                                .replace("ROE^SAM", "DOE^JANE"));

        assertThat(answer).contains("MSA|AA|2").contains("order-number-of-another-patient");
        assertThat(count("journal where state = 'held' and record_id is null")).isEqualTo(1);
        assertThat(currentValues()).containsExactly("4.1");
        assertThat(count("patient_record")).isEqualTo(1);
    }

    @Test
    void twoPatientsWithOneOrderNumberAtOnceNeverBothGetIt() {
        var replies = new ArrayList<CompletionStage<Reply>>();
        for (int i = 0; i < 40; i++)
            replies.add(
                    intake.receive(
                            arrival(
                                    partner(),
                                    oru("M" + i, "100", "F", "4.1", "20261122080000")
                                            .replace("4711", "47" + i)
                                            .replace("ROE^SAM", "ROE" + i + "^SAM"))));
        replies.forEach(IntakeTests::text);

        assertThat(count("journal where state = 'charted'")).isEqualTo(1);
        assertThat(count("journal where state = 'held'")).isEqualTo(39);
        assertThat(count("report")).isEqualTo(1);
    }

    @Test
    void aPatientWhoIsNotKnownIsHeldWherePatientsAreMatched() {
        var matching = partner(Partner.Patients.MATCH, Partner.Acknowledge.CHARTED);

        var answer =
                text(
                        intake.receive(
                                arrival(matching, oru("1", "100", "F", "4.1", "20261122080000"))));

        assertThat(answer).contains("MSA|AA|1").contains("patient-not-known");
        assertThat(count("patient_record")).isZero();
        assertThat(count("journal where state = 'held'")).isEqualTo(1);
    }

    @Test
    void aMessageWithoutControlIdIsRefusedWithItsPlaceAndKept() {
        var answer = send(oru("", "100", "F", "4.1", "20261122080000"));

        assertThat(answer).contains("MSA|AE|").contains("MSH^1^10").contains("101");
        assertThat(count("journal where state = 'refused'")).isEqualTo(1);
        assertThat(count("raw_message")).isEqualTo(1);
        assertThat(count("receipt")).isZero();
    }

    @Test
    void bytesThatAreNoHl7AreRefusedAndKept() {
        var answer = text(intake.receive(arrival(partner(), "hello world")));

        assertThat(answer).contains("MSA|AR|");
        assertThat(count("journal where state = 'refused'")).isEqualTo(1);
    }

    @Test
    void aNulInsideATextIsRefusedByUsAndNotByPostgresql() {
        var answer = send(oru("1", "100", "F", "4\u0000.1", "20261122080000"));

        assertThat(answer).contains("MSA|AE|1").contains("OBX");
        assertThat(count("journal where state = 'refused'")).isEqualTo(1);
    }

    @Test
    void anUnclaimedSenderGetsARejectThatNamesMsh3() {
        var answer =
                text(
                        intake.refuse(
                                bytes(oru("1", "100", "F", "4.1", "20261122080000")),
                                "127.0.0.1:1",
                                "127.0.0.1:2575",
                                Instant.now(),
                                new Reception.NotTaken.Sender(
                                        "no partner has the sender LIS|NORTHLAB")));

        assertThat(answer).contains("MSA|AR|1").contains("MSH^1^3");
        assertThat(count("journal where partner = '' and state = 'refused'")).isEqualTo(1);
    }

    @Test
    void aTypeThatAKnownSenderMayNotSendGetsARejectThatNamesMsh9() {
        var answer =
                text(
                        intake.refuse(
                                bytes(oru("1", "100", "F", "4.1", "20261122080000")),
                                "127.0.0.1:1",
                                "127.0.0.1:2575",
                                Instant.now(),
                                new Reception.NotTaken.Type(
                                        partner(), "northlab takes MDM, not MSH-9 ORU")));

        assertThat(answer)
                .contains("MSA|AR|1|northlab takes MDM, not MSH-9 ORU\r")
                .contains("ERR|MSH^1^9^200&Unsupported message type&HL70357|MSH^1^9|200^");
        assertThat(count("journal where partner = 'northlab' and state = 'refused'")).isOne();
    }

    @Test
    void aTypeThatIsNotChartedIsRefusedWhereThePartnerWantsToNotice() {
        var message = "MSH|^~\\&|LIS|NORTHLAB|||20261122||OMD^O03|7|P|2.5.1\rPID|1\r";
        var partner =
                partner(
                        Partner.Patients.CREATE,
                        Partner.Acknowledge.CHARTED,
                        Partner.AnswerAs.RESPONSE,
                        Partner.Uncharted.REFUSE);

        assertThat(text(intake.receive(arrival(partner, message))))
                .contains("|ORD^O04^ORD_O04|")
                .contains("MSA|AR|7|")
                .contains("|MSH^1^9|200^")
                .contains("|E|type-not-charted^");
        assertThat(send(message))
                .contains("|ACK^O03^ACK|")
                .contains("MSA|AA|7|")
                .contains("|I|type-not-charted^");
        assertThat(count("journal where state = 'refused'")).isOne();
        assertThat(count("journal where state = 'ignored'")).isOne();
    }

    @Test
    void whoWasAnsweredWhenItWasStoredIsNotRefusedAfterwards() {
        var message = "MSH|^~\\&|LIS|NORTHLAB|||20261122||OMD^O03|7|P|2.5.1\rPID|1\r";
        var partner =
                partner(
                        Partner.Patients.CREATE,
                        Partner.Acknowledge.STORED,
                        Partner.AnswerAs.RESPONSE,
                        Partner.Uncharted.REFUSE);

        assertThat(text(intake.receive(arrival(partner, message))))
                .contains("|ORD^O04^ORD_O04|")
                .contains("MSA|AA|7");
        assertThat(count("journal where state = 'refused'")).isZero();
    }

    @Test
    void whenAskedForNoAnswerThereIsNoneButTheMessageIsCharted() {
        var reply =
                reply(
                        intake.receive(
                                arrival(
                                        partner(),
                                        oru("1", "100", "F", "4.1", "20261122080000")
                                                .replace("|P|2.5.1", "|P|2.5.1|||NE|NE"))));

        assertThat(reply).isInstanceOf(Reply.NoAnswer.class);
        assertThat(currentValues()).containsExactly("4.1");
    }

    @Test
    void aRouteThatChartsNothingIgnoresOnPurpose() {
        var ignoring = startIntake(arrival -> new Staged.Work(false));

        var answer =
                text(
                        ignoring.receive(
                                arrival(partner(), oru("1", "100", "F", "4.1", "20261122080000"))));

        assertThat(answer).contains("MSA|AA|1");
        assertThat(count("journal where state = 'ignored'")).isEqualTo(1);
        assertThat(count("observation")).isZero();
    }

    @Test
    void aFailedStepVoidsEverythingAndTheSenderIsAskedToTryAgain() {
        var failing = startIntake(arrival -> new Staged.Failed("results.yaml: choice1", "bug"));

        var answer =
                text(
                        failing.receive(
                                arrival(partner(), oru("1", "100", "F", "4.1", "20261122080000"))));

        assertThat(answer).contains("MSA|AR|1").contains("207");
        assertThat(count("observation")).isZero();
        assertThat(count("journal where state = 'refused'")).isEqualTo(1);
    }

    /** An edit of ours that can't be done is nothing that the sender could mend, or wait for. */
    @Test
    void whatAStepCannotDoWithAMessageIsKeptForAPersonAndGoesOnWhenTheFolderIsMended() {
        var cause = "emr/notes.edit.yaml:3: the table has nothing for what stands in OBR-4.1";
        var failing = startIntake(arrival -> new Staged.Failed("edit1", cause, true));

        var answer =
                text(
                        failing.receive(
                                arrival(partner(), oru("1", "100", "F", "4.1", "20261122080000"))));

        assertThat(answer)
                .contains(
                        "MSA|AA|1",
                        "|207^",
                        "|W|",
                        "route-step-not-possible",
                        "emr/notes.edit.yaml");
        assertThat(count("observation")).isZero();
        assertThat(count("delivery")).isZero();
        assertThat(count("journal where state = 'held'")).isEqualTo(1);
        var held = new HeldCodes(jdbc);
        assertThat(held.releaseOfSteps("somebody-else")).isZero();

        assertThat(held.releaseOfSteps(partner().folder())).isEqualTo(1);

        assertThat(count("journal where state = 'received'")).isEqualTo(1);
    }

    @Test
    void aStoredMessageIsAnsweredFirstAndChartedAfterwards() {
        var storing = partner(Partner.Patients.CREATE, Partner.Acknowledge.STORED);

        var answer =
                text(
                        intake.receive(
                                arrival(storing, oru("1", "100", "F", "4.1", "20261122080000"))));

        assertThat(answer).contains("MSA|AA|1");
        assertThat(count("journal where state = 'received'")).isEqualTo(1);
        assertThat(count("observation")).isZero();

        var backlog =
                new Backlog(
                        intake,
                        new JournalStore(jdbc),
                        (folder, route) -> Optional.of(storing),
                        new StageTimes(new SimpleMeterRegistry()),
                        new Joining(
                                new MessageParts(jdbc), new JournalStore(jdbc), Clock.systemUTC()));
        backlog.start();
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> count("journal where state = 'charted'") == 1);
        backlog.stop();

        assertThat(currentValues()).containsExactly("4.1");
    }

    @Test
    void aStoredMessageSentAgainGetsTheSameAnswerAndIsStoredOnce() {
        var storing = partner(Partner.Patients.CREATE, Partner.Acknowledge.STORED);
        var sent = oru("1", "100", "F", "4.1", "20261122080000");

        var first = text(intake.receive(arrival(storing, sent)));
        var again = text(intake.receive(arrival(storing, sent)));

        assertThat(again).isEqualTo(first);
        assertThat(count("journal")).isEqualTo(1);
        assertThat(count("journal where repeats = 1")).isEqualTo(1);
        assertThat(count("raw_message")).isEqualTo(1);
    }

    @Test
    void amongStoredMessagesARepeatHoldsUpNobodyAndAUsedControlIdIsFlagged() {
        var storing = partner(Partner.Patients.CREATE, Partner.Acknowledge.STORED);
        text(intake.receive(arrival(storing, oru("1", "100", "F", "4.1", "20261122080000"))));
        text(intake.receive(arrival(storing, oru("2", "101", "F", "4.2", "20261122080000"))));

        var replies = new ArrayList<CompletionStage<Reply>>();
        replies.add(
                intake.receive(arrival(storing, oru("1", "100", "F", "4.1", "20261122080000"))));
        replies.add(
                intake.receive(arrival(storing, oru("2", "102", "F", "4.2", "20261122080000"))));
        for (int i = 3; i < 20; i++)
            replies.add(
                    intake.receive(
                            arrival(storing, oru("" + i, "1" + i, "F", "4", "20261122080000"))));

        for (var reply : replies) assertThat(text(reply)).contains("MSA|AA|");
        assertThat(count("journal where state = 'received'")).isEqualTo(20);
        assertThat(count("journal where state <> 'received'")).isZero();
        assertThat(count("journal where repeats = 1")).isEqualTo(1);
        assertThat(count("journal where reasons::text like '%control-id-reused%'")).isEqualTo(1);
    }

    @Test
    void aCulpritInAGroupIsHeldAloneAndTheOthersAreCharted() {
        // What no rule of ours foresees: PostgreSQL itself refuses one row of the group.
        jdbc.sql("alter table observation add constraint trap check (value_text <> '66.6')")
                .update();
        var replies = new ArrayList<CompletionStage<Reply>>();
        for (int i = 0; i < 50; i++)
            replies.add(
                    intake.receive(
                            arrival(
                                    partner(),
                                    oru(
                                            "M" + i,
                                            "A" + i,
                                            "F",
                                            i == 17 ? "66.6" : "5." + i,
                                            "20261122080000"))));

        replies.forEach(IntakeTests::text);

        assertThat(count("journal where state = 'charted'")).isEqualTo(49);
        assertThat(count("journal where state = 'held' and reasons::text like '%not-storable%'"))
                .isEqualTo(1);
        assertThat(count("observation")).isEqualTo(49);
    }

    @Test
    void whatARouteStagesIsCommittedWithItsMessageAndRungFor() {
        var delivering = startIntake(arrival -> new Staged.Work(true, TO_THE_EMR));
        var rung = new LinkedBlockingQueue<String>();
        delivering.onStaged(bells(rung));
        var message = oru("1", "100", "F", "4.1", "20261122080000");

        text(delivering.receive(arrival(partner(), message)));

        assertThat(rung).containsExactly("emr/results", "emr/notices");
        assertThat(
                        jdbc.sql(
                                        """
                                        select d.destination || ' ' || d.control_id || ' ' || d.message_type || ' '
                                            || d.size_bytes || ' ' || coalesce(convert_from(d.body, 'UTF8'), 'as it came')
                                        from delivery d join journal j on j.id = d.entry_id
                                        where d.state = 'waiting' order by d.entry_id, d.place
                                        """)
                                .query(String.class)
                                .list())
                .containsExactly(
                        "emr/results 1 ORU^R01 " + bytes(message).length + " as it came",
                        "emr/notices N1 ACK 25 MSH|^~\\&|||||||ACK|N1|P|2");
    }

    @Test
    void aRepeatIsNotDeliveredASecondTime() {
        var delivering = startIntake(arrival -> new Staged.Work(true, TO_THE_EMR));
        var message = oru("1", "100", "F", "4.1", "20261122080000");

        text(delivering.receive(arrival(partner(), message)));
        text(delivering.receive(arrival(partner(), message)));

        assertThat(count("delivery")).isEqualTo(2);
    }

    @Test
    void whatIsIgnoredOnPurposeStillReachesItsPartners() {
        var delivering = startIntake(arrival -> new Staged.Work(false, TO_THE_EMR));

        text(delivering.receive(arrival(partner(), oru("1", "100", "F", "4.1", "20261122080000"))));

        assertThat(count("journal where state = 'ignored'")).isEqualTo(1);
        assertThat(count("delivery")).isEqualTo(2);
    }

    @Test
    void aHeldMessageReachesNobody() {
        var delivering = startIntake(arrival -> new Staged.Work(true, TO_THE_EMR));
        var strict = partner(Partner.Patients.MATCH, Partner.Acknowledge.CHARTED);

        text(delivering.receive(arrival(strict, oru("1", "100", "F", "4.1", "20261122080000"))));

        assertThat(count("journal where state = 'held'")).isEqualTo(1);
        assertThat(count("delivery")).isZero();
    }

    @Test
    void aRefusedMessageReachesNobody() {
        var delivering = startIntake(arrival -> new Staged.Work(true, TO_THE_EMR));
        var training =
                oru("1", "100", "F", "4.1", "20261122080000").replace("|P|2.5.1", "|T|2.5.1");

        assertThat(text(delivering.receive(arrival(partner(), training)))).contains("MSA|AR|1");
        assertThat(count("delivery")).isZero();
    }

    @Test
    void whoMovesToAnotherEngineIsBehindWhatItSentToTheFirst() {
        var other = startIntake(arrival -> new Staged.Work(true));
        text(other.receive(connected("4711", "1"))); // It has ids in hand from now on.
        text(intake.receive(connected("4712", "2")));

        text(other.receive(connected("4713", "3")));
        text(intake.receive(connected("4714", "4")));

        assertThat(
                        jdbc.sql("select control_id from journal order by id")
                                .query(String.class)
                                .list())
                .containsExactly("1", "2", "3", "4");
    }

    @Test
    void whatIsStoredFirstIsDeliveredOnceItIsCharted() throws Exception {
        var delivering = startIntake(arrival -> new Staged.Work(true, TO_THE_EMR));
        var storing = partner(Partner.Patients.CREATE, Partner.Acknowledge.STORED);
        text(delivering.receive(arrival(storing, oru("1", "100", "F", "4.1", "20261122080000"))));
        assertThat(count("delivery")).isZero();

        var entry = new JournalStore(jdbc).received(1).getFirst();
        delivering.resume(entry, storing).get(20, TimeUnit.SECONDS);

        assertThat(count("journal where state = 'charted'")).isEqualTo(1);
        assertThat(count("delivery where entry_id = " + entry.entry().id())).isEqualTo(2);
    }

    @Test
    void aClockThatJumpsChangesNeitherOrderNorChartNorRepeats() {
        var clock = new JumpingClock();
        var jumpy = startIntake(_ -> new Staged.Work(true), clock);
        var preliminary = oru("1", "100", "P", "4.1", "20261122080000");
        var corrected = oru("3", "100", "C", "4.3", "20261122100000");

        var first = text(jumpy.receive(arrival(partner(), preliminary)));
        clock.jump(Duration.ofDays(-400));
        text(jumpy.receive(arrival(partner(), corrected)));
        clock.jump(Duration.ofDays(800));
        text(jumpy.receive(arrival(partner(), oru("2", "100", "F", "4.2", "20261122090000"))));
        clock.jump(Duration.ofDays(-800));

        assertThat(strings("select control_id from journal order by id"))
                .containsExactly("1", "3", "2");
        assertThat(strings("select state from journal")).containsOnly("charted");
        assertThat(text(jumpy.receive(arrival(partner(), preliminary)))).isEqualTo(first);
        assertThat(count("journal")).isEqualTo(3);
        assertThat(strings("select value_text from observation where standing = 'current'"))
                .containsExactly("4.3");
    }

    /** A wall clock that somebody sets while the engine runs. */
    private static final class JumpingClock extends Clock {
        private volatile Instant now = Instant.parse("2026-11-22T10:00:00Z");

        void jump(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("zones are the partners'");
        }
    }

    private List<String> strings(String sql) {
        return jdbc.sql(sql).query(String.class).list();
    }

    /**
     * ⚠ Two engines, one that charts and one that only sends on, and no look before the commit that
     * knows of any: only the database does.
     */
    @Test
    void ofOneNewNumberThatComesOnSeveralConnectionsAtOnceOneIsSent() {
        var ordering = new Ordering(() -> List.of(laboratory()), WhereOrdersWent.NOWHERE);
        var engines =
                List.of(
                        startIntake(arrival -> new Staged.Work(true, ordered(ordering, arrival))),
                        startIntake(arrival -> new Staged.Work(false, ordered(ordering, arrival))));
        var replies = new ArrayList<CompletionStage<Reply>>();

        for (int i = 0; i < 16; i++)
            replies.add(engines.get(i % 2).receive(arrival(partner(), orm("N" + i, "P1", i))));

        assertThat(replies).allSatisfy(reply -> assertThat(text(reply)).contains("MSA|AA"));
        assertThat(count("delivery where destination = 'north/orders'")).isOne();
        assertThat(count("delivery where destination = 'northlab/orders-to-place'")).isEqualTo(15);
        assertThat(
                        count(
                                "order_sent s join delivery d on d.entry_id = s.entry_id and"
                                        + " d.destination = s.destination"))
                .isOne();
    }

    /** ⚠ The same number with and without its namespace is one blood draw. */
    @Test
    void ofOneNewNumberInTwoFormsThatComeAtOnceOneIsSent() {
        var ordering = new Ordering(() -> List.of(laboratory()), WhereOrdersWent.NOWHERE);
        var engines =
                List.of(
                        startIntake(arrival -> new Staged.Work(true, ordered(ordering, arrival))),
                        startIntake(arrival -> new Staged.Work(true, ordered(ordering, arrival))));
        var replies = new ArrayList<CompletionStage<Reply>>();

        for (int i = 0; i < 16; i++) {
            var order = orm("T" + i, "P1", i);
            replies.add(
                    engines.get(i % 2)
                            .receive(
                                    arrival(partner(), i < 8 ? order : order.replace("^EMR", ""))));
        }

        assertThat(replies).allSatisfy(reply -> assertThat(text(reply)).contains("MSA|AA"));
        assertThat(count("delivery where destination = 'north/orders'")).isOne();
        assertThat(count("delivery where destination = 'northlab/orders-to-place'")).isEqualTo(15);
        assertThat(count("order_sent")).isOne();
    }

    @Test
    void numbersThatAreFreeAreSentEachOnce() {
        var ordering = new Ordering(() -> List.of(laboratory()), WhereOrdersWent.NOWHERE);
        var engine = startIntake(arrival -> new Staged.Work(true, ordered(ordering, arrival)));
        var replies = new ArrayList<CompletionStage<Reply>>();

        for (int i = 0; i < 8; i++)
            replies.add(engine.receive(arrival(partner(), orm("F" + i, "P" + i, 1))));

        assertThat(replies).allSatisfy(reply -> assertThat(text(reply)).contains("MSA|AA"));
        assertThat(count("delivery where destination = 'north/orders'")).isEqualTo(8);
        assertThat(count("order_sent")).isEqualTo(8);
    }

    // ------------------------------------------------------------ where orders went, long ago

    @Test
    void whereAnOrderWentIsForgottenOnceItIsClosedAndOld() {
        var engine = orders();
        text(engine.receive(arrival(partner(), orm("O1", "P1", 1))));
        text(engine.receive(arrival(partner(), orm("O2", "P2", 1))));
        text(engine.receive(arrival(partner(), orm("O3", "P1", 1).replace("|NW|", "|CA|"))));
        var forgetting = new Forgetting(jdbc);
        var now = Instant.now();

        assertThat(forgetting.forget(now.plus(Duration.ofDays(500)))).isZero(); // Not sent yet.
        jdbc.sql("update delivery set state = 'accepted'").update();
        assertThat(forgetting.forget(now.plus(Duration.ofDays(399)))).isZero();
        assertThat(forgetting.forget(now.plus(Duration.ofDays(401)))).isOne();
        assertThat(count("order_sent where key = 'northlab|P2|EMR'")).isOne(); // Still open.
        assertThat(forgetting.forget(now.plus(Duration.ofDays(5 * 366 + 1)))).isOne();
        assertThat(count("order_sent")).isZero();
    }

    @Test
    void whatWasAskedForHereIsKeptForFiveYears() {
        jdbc.sql(
                        """
                        insert into order_request (partner, control_id, at, account, media_type, content)
                        select 'clinic', 'CB' || n, now() - n * interval '1 year', 'ann', 'application/json', ''
                        from generate_series(1, 7) n
                        """)
                .update();

        assertThat(new Forgetting(jdbc).forget(Instant.now())).isEqualTo(2);
    }

    /** ⚠ What is forgotten is new when it comes again; nobody is asked. */
    @Test
    void aNumberThatComesAgainAfterwardsIsANewOrder() {
        var engine = orders();
        text(engine.receive(arrival(partner(), orm("A1", "P1", 1))));
        text(engine.receive(arrival(partner(), orm("A2", "P1", 1).replace("|NW|", "|CA|"))));
        jdbc.sql("update delivery set state = 'accepted'").update();
        new Forgetting(jdbc).forget(Instant.now().plus(Duration.ofDays(401)));

        text(engine.receive(arrival(partner(), orm("A3", "P1", 1).replace("|NW|", "|XO|"))));
        text(engine.receive(arrival(partner(), orm("A4", "P1", 1))));

        assertThat(
                        jdbc.sql(
                                        "select destination from delivery where state = 'waiting'"
                                                + " order by id")
                                .query(String.class)
                                .list())
                .containsExactly("northlab/orders-to-place", "north/orders");
    }

    private Intake orders() {
        var ordering = new Ordering(() -> List.of(laboratory()), new SentOrders(jdbc));
        return startIntake(arrival -> new Staged.Work(true, ordered(ordering, arrival)));
    }

    private static List<StagedDelivery> ordered(Ordering ordering, Arrival arrival) {
        return ordering.staged(arrival.raw(), arrival.partner());
    }

    private static String orm(String control, String number, int patient) {
        return "MSH|^~\\&|EMR|CLINIC|CB|CB|20261122080000||ORM^O01|"
                + control
                + "|P|2.5.1\rPID|1||M"
                + patient
                + "^^^CLINIC^MR||DOE^Jane||19710203|F\rORC|NW|"
                + number
                + "^EMR\rOBR|1|"
                + number
                + "^EMR||2823-3^Potassium^LN\r";
    }

    private static Partner laboratory() {
        var files = new TreeMap<String, byte[]>();
        files.put("partner.yaml", bytes("sender: { application: N }\nzone: UTC\n"));
        files.put("compendium.csv", bytes("code\n2823-3\n"));
        return PartnerFile.read(new FolderFiles("north", files), Map.of(), _ -> {}).orElseThrow();
    }

    // ------------------------------------------------------------

    private static final List<StagedDelivery> TO_THE_EMR =
            List.of(
                    new StagedDelivery("emr/results", null),
                    new StagedDelivery("emr/notices", bytes("MSH|^~\\&|||||||ACK|N1|P|2")));

    private static Bells bells(Queue<String> rung) {
        return new Bells() {
            @Override
            public void ring(Collection<String> destinations) {
                rung.addAll(destinations);
            }

            @Override
            public void ringAfter(String destination, Duration wait) {
                throw new UnsupportedOperationException("intake never waits");
            }
        };
    }

    private Intake startIntake(RouteRunner routes) {
        return startIntake(routes, Clock.systemUTC());
    }

    private Intake startIntake(RouteRunner routes, Clock clock) {
        var times = new StageTimes(new SimpleMeterRegistry());
        var journal = new JournalStore(jdbc);
        var made =
                new Intake(
                        new Preparation(routes, mappings.getBean(Mappings.class), times),
                        new GroupTransaction(
                                journal,
                                new ChartStore(jdbc),
                                new DeliveryStore(jdbc),
                                null,
                                null,
                                times,
                                clock),
                        journal,
                        database.dataSource(),
                        IntakeLimits.defaults(),
                        new SimpleMeterRegistry());
        made.start();
        started.add(made);
        return made;
    }

    private static Partner partner() {
        return partner(Partner.Patients.CREATE, Partner.Acknowledge.CHARTED);
    }

    private static Partner partner(Partner.Patients patients, Partner.Acknowledge acknowledge) {
        return partner(patients, acknowledge, Partner.AnswerAs.ACK, Partner.Uncharted.ACCEPT);
    }

    private static Partner partner(
            Partner.Patients patients,
            Partner.Acknowledge acknowledge,
            Partner.AnswerAs answerAs,
            Partner.Uncharted uncharted) {
        return new Partner(
                "northlab",
                "Northlab",
                List.of(),
                List.of(),
                StandardCharsets.UTF_8,
                ZoneId.of("America/Chicago"),
                acknowledge,
                Partner.Ack.AUTO,
                "",
                answerAs,
                uncharted,
                List.of("P"),
                Partner.TestMessages.IGNORE,
                patients,
                Partner.Demographics.EVIDENCE,
                Partner.Empty.KEEP,
                List.of(),
                null,
                false,
                Partner.Codes.AS_SENT,
                "v1");
    }

    private static Arrival arrival(Partner partner, String message) {
        return new Arrival(
                partner, "northlab-results", "127.0.0.1:4711", Instant.now(), bytes(message));
    }

    private static Arrival connected(String port, String controlId) {
        var message = oru(controlId, controlId, "F", "4.1", "20261122080000");
        return new Arrival(
                partner(), "northlab-results", "127.0.0.1:" + port, Instant.now(), bytes(message));
    }

    private String send(String message) {
        return text(intake.receive(arrival(partner(), message)));
    }

    private static Reply reply(CompletionStage<Reply> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static String text(CompletionStage<Reply> stage) {
        return switch (reply(stage)) {
            case Reply.Answer(var content) -> new String(content, StandardCharsets.UTF_8);
            case Reply.NoAnswer() -> "";
        };
    }

    private static byte[] bytes(String message) {
        return message.getBytes(StandardCharsets.UTF_8);
    }

    private long count(String from) {
        return jdbc.sql("select count(*) from " + from).query(Long.class).single();
    }

    private List<String> currentValues() {
        return jdbc.sql("select value_text from observation where standing = 'current'")
                .query(String.class)
                .list();
    }

    private static String oru(
            String controlId, String number, String status, String value, String time) {
        return String.join(
                "\r",
                "MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|"
                        + time
                        + "||ORU^R01^ORU_R01|"
                        + controlId
                        + "|P|2.5.1",
                "PID|1||4711^^^NORTHLAB^MR||ROE^SAM||19820304|M",
                "OBR|1||" + number + "|24323-8^CMP^LN|||20261122074500|||||||||||||||||||F",
                "OBX|1|NM|2823-3^Potassium^LN||" + value + "|mmol/L|3.5-5.1||||" + status,
                "");
    }
}
