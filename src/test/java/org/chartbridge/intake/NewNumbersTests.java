package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.adt;

import org.chartbridge.intake.Reception.Reply;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.PartnerFile;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** Numbers of new patients for whoever asks (QBP^Q24, HL7 v2.5.1 §3.3.59). */
class NewNumbersTests {
    private static final Partner DESK =
            partner(
                    "asker-desk",
                    """
                    - { authority: CLINIC, universal-id: 1.2.3, type: MR, from: 00101, to: 00199 }
                    - { authority: SMALL, from: 7, to: 8 }
                    """);
    private static final Partner WARD =
            partner("asker-ward", "- { authority: Clinic, type: MR, from: 101, to: 150 }\n");
    private static final Partner NOBODY = partner("asker-nobody", "");

    private static final Pattern NUMBER = Pattern.compile("\rPID\\|\\|\\|0*(\\d+)\\^");

    @AutoClose private final IdentityEngine engine = new IdentityEngine(EMR, DESK, WARD, NOBODY);

    @Test
    void eachQueryGetsTheNextNumberOfEveryAuthorityThatItNames() {
        var first = ask(DESK, "Q1", "^^^CLINIC~^^^SMALL");

        assertThat(first)
                .contains(
                        "|RSP^K24^RSP_K23|",
                        "\rMSA|AA|Q1\r",
                        "\rQAK|T1|OK|Q24^Allocate Identifiers^HL7|1|1|0\r",
                        "\rQPD|Q24^Allocate Identifiers^HL7|T1|^^^CLINIC~^^^SMALL\r",
                        "\rPID|||00101^^^CLINIC^MR~7^^^SMALL||~^^^^^^S\r");
        assertThat(ask(DESK, "Q2", "^^^clinic&1.2.3&ISO^MR")).contains("|00102^^^CLINIC^MR|");
        assertThat(engine.state("Q1")).isEqualTo("ignored");
        assertThat(
                        engine.one(
                                "select convert_from(answer, 'UTF8') from journal"
                                        + " where control_id = 'Q1'"))
                .isEqualTo(first);
    }

    @Test
    void aNumberIsFoundOnlyWhenAMessageUsesIt() {
        engine.send(EMR, adt("A28", "A1", "PID|1||5^^^CLINIC^MR||DOE^Jane||19710203|F"));
        ask(DESK, "Q1", "^^^CLINIC");
        assertThat(find("Q2", "00101")).contains("\rQAK|T1|NF|");

        engine.send(EMR, adt("A28", "A2", "PID|1||00101^^^CLINIC^MR||ROE^Ann||19800101|F"));

        assertThat(find("Q3", "00101")).contains("\rQAK|T1|OK|", "ROE^Ann");
    }

    @Test
    void whatTheChartHasIsNeverGivenInWhateverFormItCame() {
        engine.send(EMR, adt("A28", "A1", "PID|1||00101^^^CLINIC^MR||DOE^Jane||19710203|F"));
        engine.send(EMR, adt("A28", "A2", "PID|1||102^^^Clinic||DOE^John||19720203|M"));
        engine.send(
                EMR, adt("A28", "A3", "PID|1||X9^^^OTHER^PI~103^^^CLINIC^MR||ROE^Ann||19800101|F"));
        engine.send(EMR, adt("A28", "A4", "PID|1||104^^^OTHER^PI||ROE^Ben||19810101|M"));

        assertThat(ask(DESK, "Q1", "^^^CLINIC")).contains("|00104^^^CLINIC^MR|");
    }

    @Test
    void twoPartnersOnManyConnectionsNeverGetTheSameNumber() {
        var answers = new ArrayList<CompletionStage<Reply>>();
        for (int i = 0; i < 40; i++)
            answers.add(engine.begin(i % 2 == 0 ? DESK : WARD, query("Q" + i, "^^^CLINIC")));

        var numbers =
                answers.stream().map(IdentityEngine::text).map(NewNumbersTests::number).toList();

        assertThat(numbers).doesNotHaveDuplicates().hasSize(40).allMatch(n -> n >= 101);
    }

    @Test
    void whoAsksAgainBecauseNoAnswerCameGetsTheSameNumberUnlessItIsInUse() {
        var before = number(ask(DESK, "Q1", "^^^CLINIC"));
        forgetWhatWasAnswered();

        assertThat(number(ask(DESK, "Q1", "^^^CLINIC"))).isEqualTo(before);
        assertThat(number(ask(DESK, "Q2", "^^^CLINIC"))).isEqualTo(before + 1);

        engine.send(EMR, adt("A28", "A1", "PID|1||00101^^^CLINIC^MR||DOE^Jane||19710203|F"));
        forgetWhatWasAnswered();
        assertThat(number(ask(DESK, "Q1", "^^^CLINIC"))).isEqualTo(before + 2);
    }

    @Test
    void whereARangeIsUsedUpNothingIsGivenAndTheRemedyIsSaid() {
        ask(DESK, "Q1", "^^^SMALL");
        assertThat(ask(DESK, "Q2", "^^^SMALL")).contains("|8^^^SMALL|");

        var answer = ask(DESK, "Q3", "^^^CLINIC~^^^SMALL");

        assertThat(answer)
                .contains("\rMSA|AR|Q3", "\rQAK|T1|AR|", "|QPD^1^3^2|207^", "gives-numbers")
                .doesNotContain("\rPID|");
        assertThat(engine.one("select count(*) from new_number where authority = 'clinic'"))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "^^^MOON; QPD^1^3^1; 204; number-not-given",
                "^^^CLINIC~^^^MOON; QPD^1^3^2; 204; number-not-given",
                "^^^CLINIC&9.9&ISO; QPD^1^3^1; 204; number-not-given",
                "^^^CLINIC^PI; QPD^1^3^1; 204; number-not-given",
                "5^^^CLINIC; QPD^1^3^1^1; 102; query-field-wrong",
                "^^^CLINIC~^^^clinic; QPD^1^3^2; 102; query-field-wrong",
                "^^^; QPD^1^3; 101; query-field-wrong",
                "''; QPD^1^3; 101; query-field-wrong"
            })
    void whatCanNotBeGivenIsAnErrorAtItsPlaceAndGivesNothing(
            String wanted, String place, String code, String reason) {
        var answer = ask(DESK, "Q1", wanted);

        assertThat(answer)
                .contains("\rMSA|AE|Q1", "\rQAK|T1|AE|", "|" + place, "|" + code + "^", reason)
                .doesNotContain("\rPID|");
        assertThat(engine.state("Q1")).isEqualTo("refused");
        assertThat(engine.one("select count(*) from new_number")).isEqualTo("0");
    }

    @Test
    void aPartnerWhoMayNotAskIsToldWhatWouldLetIt() {
        assertThat(ask(NOBODY, "Q1", "^^^CLINIC"))
                .contains("\rMSA|AE|Q1", "gives-numbers", "partner.yaml");
    }

    @Test
    void aTestMessageGetsNoNumber() {
        var answer = engine.send(DESK, query("Q1", "^^^CLINIC").replace("|P|2.5.1", "|T|2.5.1"));

        assertThat(answer).contains("\rMSA|AR|Q1").doesNotContain("\rPID|");
        assertThat(engine.one("select count(*) from new_number")).isEqualTo("0");
    }

    // ------------------------------------------------------------ asking

    /** As after a crash between the number and its answer. */
    private void forgetWhatWasAnswered() {
        engine.jdbc.sql("delete from receipt").update();
    }

    private String find(String controlId, String number) {
        return engine.send(
                DESK,
                """
                MSH|^~\\&|PDQ|X|CB|Y|20261122||QBP^Q21^QBP_Q21|%s|P|2.5.1
                QPD|Q21|T1|%s^^^CLINIC
                """
                        .formatted(controlId, number));
    }

    private String ask(Partner partner, String controlId, String wanted) {
        return engine.send(partner, query(controlId, wanted));
    }

    private static String query(String controlId, String wanted) {
        return """
        MSH|^~\\&|PDQ|X|CB|Y|20261122||QBP^Q24^QBP_Q21|%s|P|2.5.1
        QPD|Q24^Allocate Identifiers^HL7|T1|%s
        RCP|I
        """
                .formatted(controlId, wanted);
    }

    private static long number(String answer) {
        var number = NUMBER.matcher(answer);
        assertThat(number.find()).as(answer).isTrue();
        return Long.parseLong(number.group(1));
    }

    private static Partner partner(String folder, String ranges) {
        var files = new TreeMap<String, byte[]>();
        var numbers = ranges.isEmpty() ? "" : "gives-numbers:\n" + ranges.indent(2);
        files.put(
                "partner.yaml",
                ("sender: any\nzone: UTC\n" + numbers).getBytes(StandardCharsets.UTF_8));
        return PartnerFile.read(
                        new FolderFiles(folder, files),
                        Map.of(),
                        fault -> {
                            throw new AssertionError(fault.toString());
                        })
                .orElseThrow();
    }
}
