package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chartbridge.intake.IdentityEngine.ANN;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.chartbridge.intake.IdentityEngine.oru;

import org.chartbridge.intake.Decisions.By;
import org.chartbridge.intake.Decisions.NotPossible;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;

/** What becomes of held messages when a person has decided; on a real PostgreSQL. */
class DecisionsTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final String UNKNOWN_TO_US = "L7^^^NORTHLAB^PI||DOE^Jane||19710203|F";
    private static final String OTHER_BIRTH_DATE = "M1^^^CLINIC^MR||DOE^Jane||19710302|F";

    @AutoClose private final IdentityEngine engine = new IdentityEngine();

    private void registered() {
        engine.send(EMR, adt("A28", "A1", "PID|1||" + DOE));
    }

    // ------------------------------------------------------------ release

    @Test
    void aHeldMessageReachesNobodyUntilAPersonHasDecided() {
        registered();
        engine.send(LAB, oru("C2", UNKNOWN_TO_US, "A-1", "4.1", "F"));
        assertThat(engine.state("C2")).isEqualTo("held");
        assertThat(engine.deliveries()).isEmpty();

        engine.decisions.link(engine.entry("C2"), engine.record("M1"), ANN);

        engine.becomes("C2", "charted");
        assertThat(engine.values()).isEqualTo("L7+M1 4.1");
        assertThat(engine.deliveries()).containsExactly("C2");
    }

    @Test
    void laterMessagesOfAHeldPatientWaitBehindTheEarlierAndGoOnInOrder() {
        registered();
        for (int i = 2; i <= 9; i++)
            engine.send(LAB, oru("C" + i, UNKNOWN_TO_US, "A-1", "4." + i, "F"));

        engine.decisions.link(engine.entry("C2"), engine.record("M1"), ANN);

        for (int i = 2; i <= 9; i++) engine.becomes("C" + i, "charted");
        assertThat(engine.deliveries())
                .containsExactly("C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9");
        assertThat(engine.values()).isEqualTo("L7+M1 4.9");
    }

    @Test
    void aMessageThatArrivesWhileTheEarlierStillWaitsGoesOnBehindIt() {
        registered();
        engine.send(LAB, oru("C2", UNKNOWN_TO_US, "A-1", "4.1", "P"));
        engine.stopCharting();
        engine.decisions.link(engine.entry("C2"), engine.record("M1"), ANN);

        engine.send(LAB, oru("C3", UNKNOWN_TO_US, "A-1", "4.2", "F"));
        assertThat(engine.reasons("C3")).containsExactly("waits-for-earlier");
        assertThat(engine.deliveries()).isEmpty();
        engine.chartOn();

        engine.becomes("C3", "charted");
        assertThat(engine.deliveries()).containsExactly("C2", "C3");
    }

    @Test
    void aWaitingResultGoesOnByItselfWhenThePatientIsRegistered() {
        engine.send(LAB, oru("C2", DOE, "A-1", "4.1", "F"));
        assertThat(engine.reasons("C2")).contains("patient-not-known");

        registered();

        engine.becomes("C2", "charted");
        assertThat(engine.values()).isEqualTo("M1 4.1");
        assertThat(engine.deliveries()).containsExactly("C2");
    }

    @Test
    void aReleasedMessageIsNotAnsweredASecondTime() {
        registered();
        var answer = engine.send(LAB, oru("C2", UNKNOWN_TO_US, "A-1", "4.1", "F"));

        engine.decisions.link(engine.entry("C2"), engine.record("M1"), ANN);

        engine.becomes("C2", "charted");
        assertThat(answer).contains("MSA|AA|C2");
        assertThat(engine.one("select answer_code from journal where control_id = 'C2'"))
                .isEqualTo("AA");
        assertThat(engine.send(LAB, oru("C2", UNKNOWN_TO_US, "A-1", "4.1", "F"))).isEqualTo(answer);
    }

    // ------------------------------------------------------------ decisions

    @Test
    void aDecisionIsAnEntryOfTheJournalWithWhoWhenAndWhy() {
        registered();
        engine.send(LAB, oru("C2", UNKNOWN_TO_US, "A-1", "4.1", "F"));

        long decision = engine.decisions.link(engine.entry("C2"), engine.record("M1"), ANN);

        assertThat(
                        engine.one(
                                """
                                select kind || ' ' || state from journal where id = %d
                                """
                                        .formatted(decision)))
                .isEqualTo("decision charted");
        assertThat(
                        engine.one(
                                """
                                select convert_from(content, 'UTF8')::jsonb ->> 'by' || ': '
                                       || (convert_from(content, 'UTF8')::jsonb ->> 'why')
                                from raw_message where entry_id = %d
                                """
                                        .formatted(decision)))
                .isEqualTo("ann: rang the ward");
        assertThat(
                        engine.one(
                                "select account || ' ' || reason || ' ' || kind from decision"
                                        + " where decided_at > now() - interval '1 minute'"))
                .isEqualTo("ann rang the ward link");
    }

    @Test
    void aDecisionNeedsAReason() {
        assertThatThrownBy(() -> new By("ann", "  ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new By("ann", "x".repeat(501)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatAnotherPersonDecidedMeanwhileIsNotDecidedTwice() {
        registered();
        engine.send(LAB, oru("C2", UNKNOWN_TO_US, "A-1", "4.1", "F"));
        long entry = engine.entry("C2");
        engine.decisions.link(entry, engine.record("M1"), ANN);
        engine.becomes("C2", "charted");

        assertThatThrownBy(() -> engine.decisions.create(entry, ANN))
                .isInstanceOf(NotPossible.class);
        assertThat(engine.one("select count(*) from decision")).isEqualTo("1");
    }

    @Test
    void linkingAKnownNumberToItsOwnPatientAcceptsTheOtherBirthDate() {
        registered();
        engine.send(LAB, oru("C2", OTHER_BIRTH_DATE, "A-1", "4.1", "F"));
        assertThat(engine.reasons("C2")).contains("known-identifier-other-birth-date");

        engine.decisions.link(engine.entry("C2"), engine.record("M1"), ANN);

        engine.becomes("C2", "charted");
        assertThat(engine.values()).isEqualTo("M1 4.1");
        engine.send(LAB, oru("C3", OTHER_BIRTH_DATE, "A-2", "4.2", "F"));
        assertThat(engine.state("C3")).as("the same claim again").isEqualTo("charted");
        engine.send(LAB, oru("C4", "M1^^^CLINIC^MR||DOE^Jane||19800101|F", "A-3", "4.3", "F"));
        assertThat(engine.state("C4")).as("another claim").isEqualTo("held");
    }

    @Test
    void aNumberGivenTwiceBecomesTwoPatientsWhoNeverMix() {
        registered();
        var second = "M1^^^CLINIC^MR||ROE^Sam||19550505|M";
        engine.send(LAB, oru("C2", second, "A-1", "4.1", "F"));

        engine.decisions.create(engine.entry("C2"), ANN);

        engine.becomes("C2", "charted");
        engine.send(LAB, oru("C3", DOE, "A-2", "5.1", "F"));
        engine.send(LAB, oru("C4", second, "A-3", "4.9", "F"));
        assertThat(engine.persons()).isEqualTo("M1 / M1*");
        assertThat(engine.values()).isEqualTo("M1 5.1 / M1* 4.1 / M1* 4.9");
    }

    @Test
    void aResultUnderSomebodyElsesNumberIsChartedOnWhomThePersonChose() {
        registered();
        engine.send(EMR, adt("A28", "A3", "PID|1||M2^^^CLINIC^MR||ROE^Sam||19550505|M"));
        engine.send(LAB, oru("C4", "M1^^^CLINIC^MR||ROE^Sam||19550505|M", "A-1", "4.1", "F"));

        engine.decisions.link(engine.entry("C4"), engine.record("M2"), ANN);

        engine.becomes("C4", "charted");
        assertThat(engine.values()).isEqualTo("M2 4.1");
        assertThat(engine.persons()).isEqualTo("M1 / M2");
    }

    @Test
    void whatIsNotOursIsIgnoredAndWhatComesLaterIsAskedAgain() {
        engine.send(LAB, oru("C2", UNKNOWN_TO_US, "A-1", "4.1", "F"));
        engine.send(LAB, oru("C3", UNKNOWN_TO_US, "A-2", "4.2", "F"));

        long decision = engine.decisions.notOurs(engine.entry("C2"), ANN);

        assertThat(engine.state("C2")).isEqualTo("ignored");
        assertThat(engine.state("C3")).isEqualTo("ignored");
        assertThat(engine.reasons("C2")).contains("not-ours");
        assertThat(engine.deliveries()).isEmpty();
        engine.send(LAB, oru("C4", UNKNOWN_TO_US, "A-3", "4.3", "F"));
        assertThat(engine.state("C4")).isEqualTo("held");

        engine.decisions.undo(decision, ANN);

        assertThat(engine.state("C2")).isEqualTo("held");
        assertThat(engine.reasons("C2")).doesNotContain("not-ours");
    }

    @Test
    void aMessageHeldForAnotherReasonIsReadAgainWhenItsCauseIsMended() {
        registered();
        engine.send(EMR, adt("A28", "A2", "PID|1||M2^^^CLINIC^MR||ROE^Sam||19550505|M"));
        engine.send(LAB, oru("C3", DOE, "A-1", "4.1", "P"));
        engine.send(LAB, oru("C4", "M2^^^CLINIC^MR||ROE^Sam||19550505|M", "A-1", "4.2", "F"));
        assertThat(engine.reasons("C4")).contains("order-number-of-another-patient");

        engine.decisions.again(engine.entry("C4"), ANN);

        engine.becomes("C4", "held");
        assertThat(engine.one("select count(*) from decision where kind = 'again'")).isEqualTo("1");
    }

    // ------------------------------------------------------------ undo

    @Test
    void undoingALinkGivesTheChartThatWouldHaveBeen() {
        registered();
        engine.send(LAB, oru("C2", DOE, "A-9", "9.9", "F"));
        engine.send(LAB, oru("C3", UNKNOWN_TO_US, "A-1", "4.1", "P"));
        var wanted = engine.chart();

        long decision = engine.decisions.link(engine.entry("C3"), engine.record("M1"), ANN);
        engine.becomes("C3", "charted");
        assertThat(engine.chart()).isNotEqualTo(wanted);
        engine.decisions.undo(decision, ANN);

        assertThat(engine.chart()).isEqualTo(wanted);
        assertThat(engine.persons()).isEqualTo("M1");
        assertThat(engine.deliveries()).containsExactly("C2", "C3");

        engine.decisions.link(engine.entry("C3"), engine.record("M1"), ANN);
        engine.becomes("C3", "charted");
        assertThat(engine.deliveries()).as("what has left leaves once").hasSize(2);
    }

    @Test
    void undoingAReleaseThatCorrectedAReportGivesTheReportBefore() {
        registered();
        engine.send(LAB, oru("C2", DOE, "A-1", "4.1", "F"));
        engine.send(LAB, oru("C3", OTHER_BIRTH_DATE, "A-1", "14.1", "C"));
        var wanted = engine.chart();

        long decision = engine.decisions.link(engine.entry("C3"), engine.record("M1"), ANN);
        engine.becomes("C3", "charted");
        assertThat(engine.values()).isEqualTo("M1 14.1");
        engine.decisions.undo(decision, ANN);

        assertThat(engine.values()).isEqualTo("M1 4.1");
        assertThat(engine.chart()).isEqualTo(wanted);
    }

    @Test
    void undoingACreatedPatientTakesThePatientAwayAgain() {
        registered();
        engine.send(LAB, oru("C2", "M1^^^CLINIC^MR||ROE^Sam||19550505|M", "A-1", "4.1", "F"));
        var wanted = engine.chart();

        long decision = engine.decisions.create(engine.entry("C2"), ANN);
        engine.becomes("C2", "charted");
        engine.decisions.undo(decision, ANN);

        assertThat(engine.chart()).isEqualTo(wanted);
        assertThatThrownBy(() -> engine.decisions.undo(decision, ANN))
                .isInstanceOf(NotPossible.class);
    }

    // ------------------------------------------------------------ faults

    /** Killed before the commit: nothing was decided, and the message still waits. */
    @Test
    void aDecisionThatCouldNotBeCommittedNeverWas() {
        registered();
        engine.send(LAB, oru("C2", UNKNOWN_TO_US, "A-1", "4.1", "F"));
        var fails = new AtomicBoolean(true);
        var before = engine.chart();
        var decisions = engine.decisionsOver(failingCommits(engine, fails));

        assertThatThrownBy(() -> decisions.link(engine.entry("C2"), engine.record("M1"), ANN))
                .isInstanceOf(IllegalStateException.class);

        assertThat(engine.chart()).isEqualTo(before);
        assertThat(engine.one("select count(*) from decision")).isEqualTo("0");
        fails.set(false);
        decisions.link(engine.entry("C2"), engine.record("M1"), ANN);
        engine.becomes("C2", "charted");
        assertThat(engine.deliveries()).containsExactly("C2");
    }

    /** Killed between the decision and the charting: the message waits as received, and goes on. */
    @Test
    void whatWasDecidedIsChartedByWhoeverComesNext() {
        registered();
        engine.send(LAB, oru("C2", UNKNOWN_TO_US, "A-1", "4.1", "F"));
        engine.stopCharting();
        engine.decisions.link(engine.entry("C2"), engine.record("M1"), ANN);
        assertThat(engine.state("C2")).isEqualTo("received");

        engine.chartOn();

        engine.becomes("C2", "charted");
        assertThat(engine.deliveries()).containsExactly("C2");
    }

    /** Killed in the middle of an undo: all of it or nothing. */
    @Test
    void anUndoThatCouldNotBeCommittedNeverWas() {
        registered();
        engine.send(LAB, oru("C2", UNKNOWN_TO_US, "A-1", "4.1", "F"));
        long decision = engine.decisions.link(engine.entry("C2"), engine.record("M1"), ANN);
        engine.becomes("C2", "charted");
        var before = engine.chart();
        var decisions = engine.decisionsOver(failingCommits(engine, new AtomicBoolean(true)));

        assertThatThrownBy(() -> decisions.undo(decision, ANN))
                .isInstanceOf(IllegalStateException.class);

        assertThat(engine.chart()).isEqualTo(before);
        engine.decisions.undo(decision, ANN);
        assertThat(engine.state("C2")).isEqualTo("held");
    }

    private static DelegatingDataSource failingCommits(IdentityEngine engine, AtomicBoolean fails) {
        return new DelegatingDataSource(engine.dataSource()) {
            @Override
            public Connection getConnection() throws SQLException {
                var real = super.getConnection();
                return (Connection)
                        Proxy.newProxyInstance(
                                DecisionsTests.class.getClassLoader(),
                                new Class<?>[] {Connection.class},
                                (_, method, arguments) -> {
                                    if (method.getName().equals("commit") && fails.get())
                                        throw new SQLException("the cable was pulled", "08006");
                                    try {
                                        return method.invoke(real, arguments);
                                    } catch (InvocationTargetException e) {
                                        throw e.getCause();
                                    }
                                });
            }
        };
    }
}
