package org.chartbridge.ordering;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.chartbridge.chart.AllergyView;
import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.ConditionView;
import org.chartbridge.chart.Parent;
import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.Source;
import org.chartbridge.chart.Standing;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.junit.jupiter.api.Test;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Where the chart stands in a referral, and that no value of it can be more than a value. */
class ReferralChartTests {
    private static final Source SOURCE =
            new Source("emr", 1, "DG1[1]", null, Instant.parse("2026-11-01T00:00:00Z"));
    private static final String HEAD =
            "MSH|^~\\&|EMR|CLINIC|||20261122080000||REF^I12|E1|P|2.5.1\r"
                    + "RF1||||||R1^EMR\r"
                    + "PRD|RT|Hart^Holly\r"
                    + "PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F\r";
    private static final Instant AT = Instant.parse("2026-11-22T13:00:00Z");

    @Test
    void whatIsAddedStandsWhereTheStructureHasIt() {
        var out =
                added(
                        HEAD + "DG1|1||I48.91^Fibrillation^I10\rPV1|1|O\rNTE|1||Please call.\r",
                        List.of(problem("I10", "Hypertension")),
                        List.of(allergy("7980", "Penicillin")));

        assertThat(out.lines().map(line -> line.substring(0, 3)))
                .containsExactly(
                        "MSH", "RF1", "PRD", "PID", "DG1", "DG1", "AL1", "PV1", "NTE", "NTE");
        assertThat(out)
                .contains("DG1|2||I10^Hypertension^L|||W\r")
                .contains("AL1|1|DA|7980^Penicillin^L|SV|Rash\r")
                .endsWith(
                        "NTE|2||Added from the chart at 20261122130000+0000: 1 problem, 1"
                                + " allergy\r");
    }

    @Test
    void whatTheReferralSaysItselfIsNotSaidTwice() {
        var out =
                added(
                        HEAD + "DG1|1||i10^High pressure^I10\r",
                        List.of(problem("I10", "Hypertension"), problem("E11", "Diabetes")),
                        List.of());

        assertThat(out.lines().filter(line -> line.startsWith("DG1"))).hasSize(2);
        assertThat(out).contains("1 problem\r");
    }

    @Test
    void noValueOfTheChartBeginsAFieldOrASegment() {
        var out =
                added(
                        HEAD,
                        List.of(problem("X|Y^Z", "one\rOBX|1|ST|evil\nand \\.br\\ & more")),
                        List.of());

        assertThat(out.lines().filter(line -> line.startsWith("OBX"))).isEmpty();
        assertThat(out)
                .contains("DG1|1||X\\F\\Y\\S\\Z^one\\.br\\OBX\\F\\1\\F\\ST\\F\\evil\\.br\\and");
    }

    @Test
    void lettersThatTheCharacterSetHasNotChangeTheCharacterSet() {
        var head = HEAD.replace("|P|2.5.1", "|P|2.5.1||||||8859/1");
        var raw =
                ReferralChart.added(
                        message(head, StandardCharsets.ISO_8859_1),
                        taken(List.of(problem("P", "Zażółć")), List.of(), List.of()));

        assertThat(new String(raw, UTF_8)).contains("|UNICODE UTF-8\r").contains("Zażółć");
    }

    @Test
    void whatIsLeftOutAndNothingAreSaid() {
        assertThat(
                        text(
                                ReferralChart.added(
                                        message(HEAD, UTF_8),
                                        taken(List.of(), List.of(), List.of("7 more allergies")))))
                .endsWith(": left out: 7 more allergies\r");
        assertThat(added(HEAD, List.of(), List.of())).endsWith("+0000: nothing\r");
    }

    /** Who names no number says nothing of reports without one. */
    @Test
    void anObrWithoutNumbersKeepsNoReportAway() {
        var out =
                text(
                        ReferralChart.added(
                                message(HEAD + "OBR|1|||24323-8^CMP^LN\r", UTF_8),
                                taken(List.of(report("", "P1"), report("L2", "")))));

        assertThat(out.lines().filter(line -> line.startsWith("OBR"))).hasSize(3);
    }

    @Test
    void aReportThatTheReferralHasItselfIsNotAddedByEitherNumber() {
        var out =
                text(
                        ReferralChart.added(
                                message(HEAD + "OBR|1|P1^EMR|L2^LAB|24323-8^CMP^LN\r", UTF_8),
                                taken(List.of(report("L1", "P1^EMR"), report("L2^LAB", "")))));

        assertThat(out.lines().filter(line -> line.startsWith("OBR"))).hasSize(1);
    }

    // ------------------------------------------------------------ tools

    private static ChartTaken taken(List<ReportView> reports) {
        return new ChartTaken(
                AT,
                List.of(),
                List.of(),
                List.of(),
                reports.stream().map(one -> new ChartTaken.Results(one, List.of())).toList(),
                List.of(),
                List.of());
    }

    private static ReportView report(String number, String placer) {
        return new ReportView(
                1,
                1,
                1,
                Standing.CURRENT,
                1,
                AT,
                "OBR[1]",
                new UUID(0, 1),
                "northlab",
                number,
                placer,
                "K",
                "Potassium",
                "L",
                null,
                "F",
                AT,
                "20261122",
                null,
                "C1",
                null,
                null,
                new Parent("", "", ""),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                0);
    }

    private static String added(
            String message, List<ConditionView> problems, List<AllergyView> allergies) {
        return text(
                ReferralChart.added(
                        message(message, UTF_8), taken(problems, allergies, List.of())));
    }

    private static ChartTaken taken(
            List<ConditionView> problems, List<AllergyView> allergies, List<String> leftOut) {
        return new ChartTaken(AT, problems, allergies, List.of(), List.of(), List.of(), leftOut);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    private static Message message(String text, Charset charset) {
        if (Message.read(text.getBytes(charset), charset) instanceof Reading.Readable(var message))
            return message;
        throw new AssertionError("no message");
    }

    private static ConditionView problem(String code, String text) {
        return new ConditionView(
                1,
                new UUID(0, 1),
                0,
                true,
                new CodingView(code, text, "L"),
                "",
                null,
                "",
                null,
                "",
                "",
                "",
                true,
                SOURCE);
    }

    private static AllergyView allergy(String code, String text) {
        return new AllergyView(
                1,
                new UUID(0, 1),
                true,
                new CodingView(code, text, "L"),
                List.of(),
                "DA",
                "SV",
                "Rash",
                null,
                "",
                "",
                "M1",
                SOURCE);
    }
}
