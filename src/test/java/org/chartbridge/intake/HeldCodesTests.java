package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.ANN;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.adt;

import org.chartbridge.journal.HeldCodes;
import org.chartbridge.partner.CodeTable;
import org.chartbridge.partner.CodesFile;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.Partner.UnknownCodes;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** {@code codes: hold}: an order waits until its codes are known; on a real PostgreSQL. */
class HeldCodesTests {
    private static final String DOE = "M1^^^CLINIC^MR||DOE^Jane||19710203|F";
    private static final String ROE = "M2^^^CLINIC^MR||ROE^Sam||19550505|M";
    private static final String K = "K,,,2823-3,,\n";
    private static final String ODD = "ODD,,,2951-2,,\n";
    private static final String NEW = "NEW,,,2345-7,,\n";

    @AutoClose private final IdentityEngine engine = new IdentityEngine(EMR, lab("v1", K));

    private Partner lab = lab("v1", K);

    HeldCodesTests() {
        engine.send(EMR, adt("A28", "A1", "PID|1||" + DOE));
        engine.send(EMR, adt("A28", "A2", "PID|1||" + ROE));
    }

    // ------------------------------------------------------------ held

    @Test
    void anUnknownCodeHoldsItsMessageAndItsSenderIsToldSo() {
        var answer = send("C3", DOE, "A-1", obx("ODD", "4.1", "F"));

        assertThat(engine.state("C3")).isEqualTo("held");
        assertThat(engine.reasons("C3")).containsExactly("code-not-known");
        assertThat(answer).contains("MSA|AA|C3").contains("OBX^1^3").contains("|W|");
        assertThat(engine.deliveries()).isEmpty();
        assertThat(engine.values()).isEmpty();
    }

    @Test
    void laterMessagesOfTheOrderWaitBehindItAndThoseOfOtherOrdersAreCharted() {
        send("C3", DOE, "A-1", obx("ODD", "4.1", "P"));
        send("C4", DOE, "A-1", obx("K", "4.2", "F"));
        send("C5", DOE, "A-2", obx("K", "4.3", "F"));
        send("C6", ROE, "A-3", obx("K", "4.4", "F"));

        assertThat(engine.reasons("C4")).containsExactly("waits-for-order");
        assertThat(engine.state("C5")).isEqualTo("charted");
        assertThat(engine.state("C6")).isEqualTo("charted");
        assertThat(engine.values()).isEqualTo("M1 4.3 / M2 4.4");
    }

    @Test
    void aCriticalValueNeverWaitsAndIsListed() {
        send("C3", DOE, "A-1", obx("ODD", "9.9", "F", "HH"));

        assertThat(engine.state("C3")).isEqualTo("charted");
        assertThat(engine.reasons("C3")).contains("code-not-known");
        assertThat(engine.values()).isEqualTo("M1 9.9");
        assertThat(engine.deliveries()).containsExactly("C3");
        assertThat(engine.one("select flags || ' ' || standing from observation"))
                .as("shown as critical, like any other")
                .isEqualTo("HH current");
        assertThat(engine.one("select code_row from observation"))
                .as("listed under Worklist, Codes")
                .isEqualTo("-1");
    }

    @Test
    void aCriticalValueDoesNotWaitBehindItsOrderEither() {
        send("C3", DOE, "A-1", obx("ODD", "4.1", "F"));
        send("C4", DOE, "A-1", obx("K", "7.9", "F", "LL"));

        assertThat(engine.state("C4")).isEqualTo("charted");
        assertThat(engine.state("C3")).isEqualTo("held");
    }

    @Test
    void whatCorrectsOrWithdrawsAChartedValueDoesNotWait() {
        send("C3", DOE, "A-1", obx("ODD", "9.9", "F", "HH"));
        send("C4", DOE, "A-1", obx("ODD", "4.9", "C"));
        assertThat(engine.state("C4")).isEqualTo("charted");
        assertThat(engine.reasons("C4")).contains("code-not-known");
        assertThat(engine.values()).isEqualTo("M1 4.9");

        send("C5", DOE, "A-1", obx("ODD", "4.9", "W"));
        assertThat(engine.state("C5")).isEqualTo("charted");
        assertThat(engine.values()).isEmpty();
    }

    @Test
    void whatRepeatsAChartedValueWaits() {
        send("C3", DOE, "A-1", obx("ODD", "9.9", "F", "HH"));
        send("C4", DOE, "A-1", obx("ODD", "9.9", "F"));

        assertThat(engine.reasons("C4")).containsExactly("code-not-known");
    }

    @Test
    void reportsWithoutAnOrderNumberHoldUpNobodyElse() {
        send("C3", DOE, "", obx("ODD", "4.1", "F"));
        send("C4", ROE, "", obx("K", "4.2", "F"));

        assertThat(engine.state("C3")).isEqualTo("held");
        assertThat(engine.state("C4")).isEqualTo("charted");
    }

    @Test
    void registrationWithAnUnknownObservationIsNeverHeld() {
        engine.send(lab, adt("A08", "A3", "PID|1||" + DOE, "OBX|1|NM|ODD^Odd||80|kg|||||F"));

        assertThat(engine.state("A3")).isEqualTo("charted");
    }

    @Test
    void otherPartnersWriteNothingHere() {
        engine.send(EMR, oru("C3", DOE, "A-1", obx("ODD", "4.1", "F")));

        assertThat(engine.state("C3")).isEqualTo("charted");
        assertThat(engine.one("select count(*) from held_order")).isEqualTo("0");
        assertThat(engine.one("select count(*) from held_code")).isEqualTo("0");
    }

    // ------------------------------------------------------------ released

    @Test
    void aRowInTheFileLetsGoExactlyWhatWaitedForItInOrder() {
        send("C3", DOE, "A-1", obx("ODD", "4.1", "P"));
        send("C4", DOE, "A-1", obx("K", "4.2", "F"));
        send("C5", DOE, "A-1", obx("ODD", "4.3", "F"));
        send("C6", ROE, "A-3", obx("NEW", "4.4", "F"));

        load(lab("v2", K + ODD));

        for (var id : new String[] {"C3", "C4", "C5"}) engine.becomes(id, "charted");
        assertThat(engine.deliveries()).containsExactly("C3", "C4", "C5");
        assertThat(engine.values()).isEqualTo("M1 4.2 / M1 4.3");
        assertThat(engine.state("C6")).isEqualTo("held");
        assertThat(engine.one("select distinct loinc from observation where code = 'ODD'"))
                .isEqualTo("2951-2");
        assertThat(engine.one("select count(*) from held_order")).isEqualTo("1");
    }

    @Test
    void aMessageThatWaitsForTwoCodesGoesOnWhenBothAreKnown() {
        send("C3", DOE, "A-1", obx("ODD", "4.1", "F") + "\n" + obx("NEW", "4.2", "F"));
        send("C4", ROE, "A-2", obx("ODD", "4.3", "F"));

        load(lab("v2", K + ODD));
        engine.becomes("C4", "charted");
        assertThat(engine.state("C3")).isEqualTo("held");

        load(lab("v3", K + ODD + NEW));
        engine.becomes("C3", "charted");
    }

    @Test
    void aRowOfALaterDayAnswersNothingBefore() {
        send("C3", DOE, "A-1", obx("ODD", "4.1", "F"));

        load(lab("v2", K + "ODD,,,2951-2,,2026-12-01\n"));
        send("C4", ROE, "A-2", obx("K", "4.2", "F"));
        assertThat(engine.state("C4")).isEqualTo("charted");
        assertThat(engine.state("C3")).isEqualTo("held");

        load(lab("v3", K + "ODD,,,none,,2026-11-01\n"));
        engine.becomes("C3", "charted");
        assertThat(engine.one("select loinc || code_row from observation where code = 'ODD'"))
                .isEqualTo("3");
    }

    @Test
    void whatWasHeldByTheOldVersionAfterTheNewOneWasLoadedGoesOnToo() {
        var before = lab;
        load(lab("v2", K + ODD));
        // Its reading began before.
        engine.send(before, oru("C3", DOE, "A-1", obx("ODD", "4.1", "F")));

        engine.becomes("C3", "charted");
    }

    @Test
    void aPartnerThatHoldsNoMoreLetsEverythingGo() {
        send("C3", DOE, "A-1", obx("ODD", "4.1", "F"));
        send("C4", DOE, "A-1", obx("K", "4.2", "F"));

        load(lab("v2", K, UnknownCodes.FLAG));

        engine.becomes("C3", "charted");
        engine.becomes("C4", "charted");
        assertThat(engine.one("select count(*) from held_order")).isEqualTo("0");
    }

    @Test
    void whatFollowsAMessageThatIsNobodysGoesOn() {
        var unknown = "L7^^^NORTHLAB^PI||POE^Ann||19800101|F";
        send("C3", unknown, "A-1", obx("ODD", "4.1", "F"));
        send("C4", DOE, "A-1", obx("K", "4.2", "F"));
        assertThat(engine.reasons("C3")).contains("patient-not-known", "code-not-known");
        assertThat(engine.reasons("C4")).containsExactly("waits-for-order");

        engine.decisions.notOurs(engine.entry("C3"), ANN);
        engine.intake.lookAtStored();

        engine.becomes("C4", "charted");
    }

    @Test
    void aMessageInDoubtOfPatientAndCodeNeedsBoth() {
        var unknown = "L7^^^NORTHLAB^PI||DOE^Jane||19710203|F";
        send("C3", unknown, "A-1", obx("ODD", "4.1", "F"));
        send("C4", unknown, "A-2", obx("K", "4.2", "F"));

        engine.decisions.link(engine.entry("C3"), engine.record("M1"), ANN);
        engine.becomes("C4", "charted");
        assertThat(engine.reasons("C3")).containsExactly("code-not-known");

        load(lab("v2", K + ODD));
        engine.becomes("C3", "charted");
    }

    // ------------------------------------------------------------ afterwards

    @Test
    void theChartFollowsFromTheJournalWhateverWaited() {
        send("C3", DOE, "A-1", obx("ODD", "4.1", "P"));
        send("C4", DOE, "A-1", obx("K", "4.2", "F"));
        send("C5", ROE, "A-3", obx("NEW", "4.4", "F"));
        send("C6", ROE, "A-4", obx("NEW", "9.4", "F", "HH"));
        load(lab("v2", K + ODD));
        engine.becomes("C4", "charted");

        var report = engine.rebuilt();

        assertThat(report.differences()).isEmpty();
        assertThat(report.remarks()).isEmpty();
        assertThat(report.isEqual()).isTrue();
    }

    @Test
    void anUndoneMergeTakesNothingOutOfTheChartBecauseItsCodeIsHeldNow() {
        load(lab("v2", K, UnknownCodes.FLAG));
        send("C3", DOE, "A-1", obx("ODD", "4.1", "F"));
        long merge = engine.decisions.merge(engine.record("M2"), engine.record("M1"), ANN);
        load(lab("v3", K));

        engine.decisions.undo(merge, ANN);

        assertThat(engine.state("C3")).isEqualTo("charted");
        assertThat(engine.values()).isEqualTo("M1 4.1");
    }

    @Test
    void theListNamesTheTestAndHowManyMessagesWait() {
        send("C3", DOE, "A-1", obx("ODD", "4.1", "F"));
        send("C4", ROE, "A-2", obx("ODD", "4.2", "F"));
        send("C5", ROE, "A-2", obx("K", "4.3", "F"));

        assertThat(new HeldCodes(engine.jdbc).tasks())
                .singleElement()
                .satisfies(
                        task -> {
                            assertThat(task.code()).isEqualTo("ODD");
                            assertThat(task.text()).isEqualTo("ODD test");
                            assertThat(task.unit()).isEqualTo("mmol/L");
                            assertThat(task.messages()).isEqualTo(2);
                            assertThat(task.firstEntry()).isEqualTo(engine.entry("C3"));
                        });
    }

    @Test
    void moreTestsThanAreKeptGoOnInSteps() {
        var many = new StringBuilder();
        var rows = new StringBuilder(K);
        for (int i = 0; i < 250; i++) {
            many.append(obx("T" + i, "1", "F")).append('\n');
            rows.append("T").append(i).append(",,,none,,\n");
        }
        send("C3", DOE, "A-1", many.toString());
        assertThat(engine.one("select count(*) from held_code")).isEqualTo("200");

        load(lab("v2", rows.toString()));

        engine.becomes("C3", "charted");
    }

    // ------------------------------------------------------------ what is sent

    private String send(String controlId, String pid, String order, String obx) {
        return engine.send(lab, oru(controlId, pid, order, obx));
    }

    private void load(Partner version) {
        lab = version;
        engine.load(version);
    }

    private static String oru(String controlId, String pid, String order, String obx) {
        return """
        MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|2026112208%02d00||ORU^R01|%s|P|2.5.1
        PID|1||%s
        OBR|1||%s|PANEL^Panel^L|||20261122074500|||||||||||||||||||F
        %s
        """
                .formatted(Integer.parseInt(controlId.substring(1)), controlId, pid, order, obx)
                .strip();
    }

    private static String obx(String code, String value, String status) {
        return obx(code, value, status, "");
    }

    private static String obx(String code, String value, String status, String flag) {
        return "OBX|1|NM|%1$s^%1$s test^L||%2$s|mmol/L||%3$s|||%4$s"
                .formatted(code, value, flag, status);
    }

    private static Partner lab(String version, String rows) {
        return lab(version, rows, UnknownCodes.HOLD);
    }

    private static Partner lab(String version, String rows, UnknownCodes unknown) {
        var p = IdentityEngine.LAB;
        return new Partner(
                p.folder(),
                p.title(),
                p.senders(),
                p.certificates(),
                p.charset(),
                p.zone(),
                p.acknowledge(),
                p.ack(),
                p.applicationAcks(),
                p.answerAs(),
                p.uncharted(),
                p.processing(),
                p.testMessages(),
                p.patients(),
                p.demographics(),
                p.empty(),
                p.patientIds(),
                p.tls(),
                p.deduplicates(),
                new Partner.Codes(unknown, table(rows)),
                version);
    }

    private static CodeTable table(String rows) {
        var content = ("code,text,unit,loinc,ucum,from\n" + rows).getBytes(StandardCharsets.UTF_8);
        return CodesFile.read(
                        new FolderFiles("northlab", new TreeMap<>(Map.of(CodesFile.NAME, content))),
                        fault -> {
                            throw new AssertionError(fault);
                        })
                .orElseThrow();
    }
}
