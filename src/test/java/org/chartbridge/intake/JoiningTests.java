package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.chartbridge.intake.IdentityEngine.ANN;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;

import org.chartbridge.journal.MessageParts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Messages that come in several (DSC, MSH-14, ADD), through intake and a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JoiningTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";

    private final IdentityEngine engine = new IdentityEngine();
    private final MessageParts parts = new MessageParts(engine.jdbc);

    @AfterAll
    void close() {
        engine.close();
    }

    @BeforeEach
    void jane() {
        engine.stopCharting();
        engine.forget();
        engine.send(EMR, adt("A28", "A1", "PID|1||" + DOE));
    }

    private static String msh(String minute, String controlId, String takesUp) {
        return "MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|2026112209"
                + minute
                + "00||ORU^R01|"
                + controlId
                + "|P|2.5.1||"
                + takesUp
                + "\n";
    }

    private static final String HEAD =
            "PID|1||"
                    + DOE
                    + "\nOBR|1||A-1|18748-4^Report^LN|||20261122074500|||||||||||||||||||F\n";
    private static final String POTASSIUM =
            "OBX|2|NM|2823-3^Potassium^LN||4.1|mmol/L|3.5-5.1||||F\n";
    private static final String WHOLE =
            msh("00", "C1", "")
                    + HEAD
                    + "OBX|1|TX|18748-4^Report^LN||First half and second half||||||F\n"
                    + POTASSIUM;

    private static final String ONE =
            msh("00", "C1", "") + HEAD + "OBX|1|TX|18748-4^Report^LN||First ha\nADD\nDSC|p1|F";
    private static final String TWO =
            msh("01", "C2", "p1") + "ADD|lf and second half||||||F\nDSC|p2|F";
    private static final String THREE = msh("02", "C3", "p2") + POTASSIUM;

    private String states() {
        return engine.one(
                        "select control_id || ' ' || state from journal where kind = 'message'"
                                + " order by id")
                .replaceFirst("A1 charted / ", "");
    }

    private void chartOn() {
        engine.chartOn();
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(
                        () ->
                                assertThat(states())
                                        .doesNotContain("received")
                                        .containsPattern("C\\d+ (charted|held)$"));
        engine.stopCharting();
    }

    @Test
    void whateverOrderPartsComeInTheyAreChartedAsIfTheyHadComeWhole() {
        engine.send(LAB, WHOLE);
        var whole = engine.hash();

        for (var order : List.of("123", "132", "213", "231", "312", "321")) {
            jane();
            for (int i = 0; i < order.length(); i++) {
                char part = order.charAt(i);
                var answer = engine.send(LAB, List.of(ONE, TWO, THREE).get(part - '1'));
                assertThat(answer).contains("MSA|AA|C" + part, "is kept, and joined");
                assertThat(engine.one("select count(*) from observation")).isEqualTo("0");
                engine.joining.join();
            }
            chartOn();

            assertThat(engine.hash()).as(order).isEqualTo(whole);
            assertThat(engine.deliveries()).as("sent on once, whole").containsExactly("C1");
        }
        assertThat(engine.rebuilt().isEqual()).isTrue();
        assertThat(engine.rebuilt().differences()).isEmpty();
    }

    @Test
    void theBytesOfTheWholeLeadBackToThoseOfTheParts() {
        for (var part : List.of(THREE, ONE, TWO)) engine.send(LAB, part);
        engine.joining.join();

        var joined = engine.jdbc.sql("select max(id) from journal").query(Long.class).single();
        var places = parts.of(joined);
        var raw = parts.contents(List.of(joined)).get(joined);

        assertThat(new String(raw, java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(WHOLE.replace('\n', '\r'));
        assertThat(places).hasSize(3);
        for (var place : places) {
            var of = parts.contents(List.of(place.entryId())).get(place.entryId());
            assertThat(Arrays.copyOfRange(of, place.takenFrom(), place.takenFrom() + place.bytes()))
                    .isEqualTo(
                            Arrays.copyOfRange(
                                    raw, place.joinedAt(), place.joinedAt() + place.bytes()));
            assertThat(parts.joinedInto(place.entryId())).contains(joined);
        }
        assertThat(
                        engine.one(
                                "select distinct reasons #>> '{0,text}' from journal where state ="
                                        + " 'ignored'"))
                .contains("came in 3 parts", "in message " + joined);
    }

    @Test
    void aPartThatComesAgainCountsOnce() {
        engine.send(LAB, ONE);
        engine.send(LAB, ONE);
        engine.send(LAB, TWO.replace("|C2|", "|C8|"));
        engine.send(LAB, TWO);
        engine.send(LAB, THREE);
        engine.joining.join();
        engine.send(LAB, TWO);
        chartOn();

        assertThat(states())
                .isEqualTo("C1 ignored / C8 ignored / C2 ignored / C3 ignored / C1 charted");
        assertThat(engine.values()).contains("First half and second half", "M1 4.1");
    }

    /** ⚠ The other half could be another patient's. */
    @Test
    void whatIsNotCertainlyOfOneMessageIsNeverJoined() {
        engine.send(LAB, ONE);
        var others =
                List.of(
                        TWO.replace("|LIS|", "|LIS2|"),
                        TWO.replace("|P|2.5.1", "|P|2.4"),
                        TWO.replace("p1", "p7"),
                        TWO.replace("ORU^R01", "OUL^R22"),
                        TWO.replace("2026112209", "2026112211"));
        for (int i = 0; i < others.size(); i++)
            engine.send(LAB, others.get(i).replace("|C2|", "|C1" + i + "|"));
        engine.send(EMR, TWO);
        engine.send(LAB, THREE);
        engine.joining.join();

        assertThat(states()).doesNotContain("ignored").doesNotContain("received");
        assertThat(engine.one("select count(*) from journal where state = 'held'")).isEqualTo("8");
    }

    /** ⚠ A pointer that a sender uses for every message tells nothing. */
    @Test
    void partsWithOnePointerWaitForAPersonAndSayWhy() {
        engine.send(LAB, ONE);
        engine.send(LAB, ONE.replace("|C1|", "|C4|").replace("First ha", "Other ha"));
        engine.send(LAB, TWO);
        engine.send(LAB, THREE);
        engine.joining.join();
        engine.joining.join();

        assertThat(states()).isEqualTo("C1 held / C4 held / C2 held / C3 held");
        for (var part : List.of("C1", "C4", "C2"))
            assertThat(engine.reasons(part))
                    .containsExactly("message-fragment", "fragment-not-joined");
        assertThat(engine.reasons("C3")).containsExactly("message-fragment");
    }

    @Test
    void aPartThatAPersonHasReadAgainStillWaits() {
        engine.send(LAB, ONE);
        engine.decisions.again(engine.entry("C1"), ANN);
        chartOn();
        assertThat(engine.state("C1")).isEqualTo("held");

        engine.send(LAB, TWO);
        engine.send(LAB, THREE);
        chartOn();

        assertThat(states()).endsWith("C1 charted");
    }

    @Test
    void whatCannotBeChartedOfTheWholeIsHeldForItsSenderThinksItTaken() {
        engine.send(LAB, ONE);
        engine.send(LAB, TWO.replace("||||||F", "||||||?"));
        engine.send(LAB, THREE);
        chartOn();

        assertThat(states()).endsWith("C1 held");
        assertThat(engine.one("select reasons #>> '{0,reason}' from journal where state = 'held'"))
                .isEqualTo("result-status-unknown");
    }

    @Test
    void aWholeMessageWithSomethingInMsh14IsChartedAtOnce() {
        engine.send(LAB, WHOLE.replace("|2.5.1||", "|2.5.1||17"));

        assertThat(states()).isEqualTo("C1 charted");
    }

    // ------------------------------------------------------------ limits

    @Test
    void moreThanAHundredPartsAreNotJoined() {
        engine.send(LAB, ONE);
        IntStream.rangeClosed(1, WholeMessages.MAX_PARTS)
                .forEach(
                        i ->
                                engine.send(
                                        LAB,
                                        msh("03", "C" + (100 + i), "p" + i)
                                                + "NTE|1||x\nDSC|p"
                                                + (i + 1)
                                                + "|F"));
        engine.joining.join();

        assertThat(states()).doesNotContain("received");
        assertThat(engine.reasons("C1")).contains("fragment-not-joined");
    }

    @Test
    void partsThatAreTooLargeTogetherAreNotJoined() {
        for (var part : List.of(ONE, TWO, THREE)) engine.send(LAB, part);
        engine.jdbc
                .sql("update journal set size_bytes = ? where control_id like 'C%'")
                .param(WholeMessages.MAX_BYTES / 3 + 1)
                .update();
        engine.joining.join();

        assertThat(states()).isEqualTo("C1 held / C2 held / C3 held");
        assertThat(engine.one("select reasons #>> '{1,text}' from journal where control_id = 'C1'"))
                .contains("larger than 32 MB");
    }

    @Test
    void afterAWeekNothingIsJoinedAnyMore() {
        for (var part : List.of(ONE, TWO, THREE)) engine.send(LAB, part);
        engine.jdbc
                .sql(
                        "update journal set received_at = now() - interval '8 days' where"
                                + " control_id = 'C1'")
                .update();
        engine.joining.join();

        assertThat(states()).isEqualTo("C1 held / C2 held / C3 held");
    }
}
