package org.chartbridge.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chartbridge.intake.IdentityEngine.ANN;
import static org.chartbridge.intake.IdentityEngine.EMR;
import static org.chartbridge.intake.IdentityEngine.LAB;
import static org.chartbridge.intake.IdentityEngine.adt;
import static org.chartbridge.intake.IdentityEngine.oru;

import org.chartbridge.intake.Reception.Reply;
import org.chartbridge.mapping.QueryReader;
import org.chartbridge.partner.Partner;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Queries (QBP) and their responses, from a chart on a real PostgreSQL. */
class QueriesTests {
    private static final Partner ASKER = asker();

    private static final String DOE =
            "M1^^^CLINIC^MR||DOE^Jane^Q||19710203|F|||1 High St^^Springfield^IL^62701";
    private static final String DOER = "M2^^^CLINIC^MR||DOER^Jane||19800101|F";
    private static final String JOHN = "M3^^^CLINIC^MR||Doe^John||19710203|M";

    @AutoClose private final IdentityEngine engine = new IdentityEngine(EMR, LAB, ASKER);

    QueriesTests() {
        engine.send(EMR, adt("A28", "A1", "PID|1||" + DOE));
        engine.send(EMR, adt("A28", "A2", "PID|1||" + DOER));
        engine.send(EMR, adt("A28", "A3", "PID|1||" + JOHN));
    }

    // ------------------------------------------------------------ candidates and demographics

    @Test
    void candidatesByNameComeWithTheirNumbersAndDemographics() {
        var answer = ask("Q1", "Q22", "QPD|Q22^Find Candidates^HL7|T1|@PID.5.1^doe~@PID.5.2^JANE");

        assertThat(answer)
                .containsExactly(
                        "MSA|AA|Q1",
                        "QAK|T1|OK|Q22^Find Candidates^HL7|1|1|0",
                        "QPD|Q22^Find Candidates^HL7|T1|@PID.5.1^doe~@PID.5.2^JANE",
                        "PID|1||M1^^^CLINIC^MR||DOE^Jane^Q||19710203|F|||1 High"
                                + " St^^Springfield^IL^62701");
        assertThat(engine.state("Q1")).isEqualTo("ignored");
        assertThat(engine.reasons("Q1")).containsExactly("query-answered");
    }

    @Test
    void aNameIsMeantWholeUnlessItEndsWithAStar() {
        assertThat(rows(ask("Q1", "Q22", "QPD|Q22|T1|@PID.5.1.1^DOE"))).hasSize(2);
        assertThat(rows(ask("Q2", "Q22", "QPD|Q22|T1|@PID.5.1.1^DOE*"))).hasSize(3);
        assertThat(rows(ask("Q3", "Q22", "QPD|Q22|T1|@PID.5.1.1^D_E*"))).isEmpty();
    }

    @Test
    void everythingThatIsAskedHasToAgree() {
        assertThat(rows(ask("Q1", "Q22", "QPD|Q22|T1|@PID.5.1^DOE~@PID.7^19710203~@PID.8^M")))
                .singleElement()
                .satisfies(row -> assertThat(row).contains("M3^^^CLINIC"));
        assertThat(rows(ask("Q2", "Q22", "QPD|Q22|T1|@PID.5.1^DOE~@PID.11.3^springfield")))
                .singleElement()
                .satisfies(row -> assertThat(row).contains("M1^^^CLINIC"));
        assertThat(rows(ask("Q3", "Q22", "QPD|Q22|T1|@PID.3.1^M1~@PID.3.4.1^CLINIC"))).hasSize(1);
        assertThat(rows(ask("Q4", "Q22", "QPD|Q22|T1|@PID.3.1^M1~@PID.3.4.1^NORTHLAB"))).isEmpty();
    }

    @Test
    void nobodyFoundIsNoError() {
        assertThat(ask("Q1", "Q22", "QPD|Q22|T1|@PID.5.1^NOBODY"))
                .contains("MSA|AA|Q1", "QAK|T1|NF|Q22|0|0|0");
    }

    @Test
    void onePatientByNumber() {
        assertThat(rows(ask("Q1", "Q21", "QPD|Q21|T1|M2^^^CLINIC")))
                .containsExactly("PID|1||M2^^^CLINIC^MR||DOER^Jane||19800101|F");
    }

    @Test
    void moreThanTheLimitComesByContinuation() {
        var first = ask("Q1", "Q22", "QPD|Q22|T1|@PID.5.1^DO*\nRCP|I|2^RD");
        assertThat(first).contains("QAK|T1|OK|Q22|3|2|1", "DSC|CB-2|I");
        assertThat(rows(first)).hasSize(2);

        var next = ask("Q2", "Q22", "QPD|Q22|T1|@PID.5.1^DO*\nRCP|I|2^RD\nDSC|CB-2|I");

        assertThat(next).contains("QAK|T1|OK|Q22|3|1|0");
        assertThat(rows(next)).singleElement().satisfies(r -> assertThat(r).startsWith("PID|3|"));
        assertThat(next).noneMatch(line -> line.startsWith("DSC"));
    }

    @Test
    void anAnswerHasAtMostSoManyRecords() {
        for (int i = 0; i < QueryReader.MAX_RECORDS + 1; i++)
            engine.send(
                    EMR,
                    adt("A28", "A1" + i, "PID|1||Z" + i + "^^^CLINIC^MR||MANY^Ann||19710203|F"));

        var answer = ask("Q1", "Q22", "QPD|Q22|T1|@PID.5.1^MANY\nRCP|I|5000^RD");

        assertThat(rows(answer)).hasSize(QueryReader.MAX_RECORDS);
        assertThat(answer).contains("DSC|CB-100|I");
    }

    @Test
    void anAuthorityInOtherLettersIsTheSameOne() {
        assertThat(rows(ask("Q1", "Q21", "QPD|Q21|T1|M2^^^Clinic|^^^clinic")))
                .containsExactly("PID|1||M2^^^CLINIC^MR||DOER^Jane||19800101|F");
        assertThat(rows(ask("Q2", "Q22", "QPD|Q22|T1|@PID.3.1^M2~@PID.3.4^clinic|||||^^^Clinic")))
                .hasSize(1);
        assertThat(ask("Q3", "Q23", "QPD|Q23|T1|M2^^^clinic")).contains("QAK|T1|NF|Q23|0|0|0");
    }

    @Test
    void whoHasNoNumberOfTheWantedAuthorityIsNotFoundByIt() {
        engine.send(LAB, oru("C4", "L7^^^NORTHLAB^PI||DOE^Jane||19710203|F", "A-1", "4.1", "F"));
        engine.decisions.link(engine.entry("C4"), engine.record("M1"), ANN);

        assertThat(ask("Q1", "Q21", "QPD|Q21|T1|M2^^^CLINIC|^^^NORTHLAB"))
                .contains("MSA|AA|Q1", "QAK|T1|NF|Q21|0|0|0");
        assertThat(rows(ask("Q2", "Q21", "QPD|Q21|T1|M1^^^CLINIC|^^^NORTHLAB")))
                .singleElement()
                .satisfies(row -> assertThat(row).contains("||L7^^^NORTHLAB^PI||"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "QPD|Q21|T1|M1^^^MOON; QPD^1^3^1^4",
                "QPD|Q21|T1|M1^^^CLINIC|^^^CLINIC~^^^MOON; QPD^1^4^2"
            })
    void anUnknownAuthorityOfQ21IsAnErrorAtItsPlace(String qpd, String place) {
        assertThat(ask("Q1", "Q21", qpd))
                .contains("QAK|T1|AE|Q21")
                .anyMatch(line -> line.startsWith("ERR|") && line.contains("|" + place + "|204^"));
    }

    @Test
    void aNumberThatWasMergedAwayFindsItsPatientAndIsGivenToNobody() {
        engine.send(
                EMR,
                adt(
                        "A40",
                        "A4",
                        "PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F\nMRG|M9^^^CLINIC^MR"));

        assertThat(rows(ask("Q1", "Q21", "QPD|Q21|T1|M9^^^CLINIC^MR")))
                .singleElement()
                .satisfies(row -> assertThat(row).startsWith("PID|1||M1^^^CLINIC^MR||DOE^Jane"));
        assertThat(rows(ask("Q2", "Q23", "QPD|Q23|T1|M9^^^CLINIC^MR")))
                .containsExactly("PID|||M1^^^CLINIC^MR||~^^^^^^S");
        assertThat(ask("Q3", "Q23", "QPD|Q23|T1|M1^^^CLINIC^MR")).contains("QAK|T1|NF|Q23|0|0|0");
    }

    // ------------------------------------------------------------ other numbers

    @Test
    void othersNumbersOfOnePatient() {
        engine.send(LAB, oru("C4", "L7^^^NORTHLAB^PI||DOE^Jane||19710203|F", "A-1", "4.1", "F"));
        engine.decisions.link(engine.entry("C4"), engine.record("M1"), ANN);

        assertThat(rows(ask("Q1", "Q23", "QPD|Q23|T1|M1^^^CLINIC^MR|^^^NORTHLAB")))
                .containsExactly("PID|||L7^^^NORTHLAB^PI||~^^^^^^S");
        assertThat(ask("Q2", "Q23", "QPD|Q23|T1|M2^^^CLINIC^MR")).contains("QAK|T1|NF|Q23|0|0|0");
        assertThat(rows(ask("Q3", "Q23", "QPD|Q23|T1|M1^^^Clinic^MR|^^^NorthLab")))
                .as("authorities in other letters")
                .containsExactly("PID|||L7^^^NORTHLAB^PI||~^^^^^^S");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "QPD|Q23|T1|M9^^^CLINIC; QPD^1^3^1^1; 204",
                "QPD|Q23|T1|M1^^^MOON; QPD^1^3^1^4; 204",
                "QPD|Q23|T1|M1; QPD^1^3^1^4; 101",
                "QPD|Q23|T1|; QPD^1^3; 101",
                "QPD|Q23|T1|M1^^^CLINIC|^^^CLINIC~^^^MOON; QPD^1^4^2; 204"
            })
    void whatCanNotBeLookedUpIsAnErrorAtItsPlace(String qpd, String place, String code) {
        var answer = ask("Q1", "Q23", qpd);

        assertThat(answer).contains("QAK|T1|AE|Q23");
        assertThat(answer)
                .anyMatch(
                        line ->
                                line.startsWith("ERR|")
                                        && line.contains("|" + place + "|" + code + "^"));
        assertThat(engine.state("Q1")).isEqualTo("refused");
    }

    // ------------------------------------------------------------ open orders

    private void ordered() {
        engine.send(
                EMR,
                """
                MSH|^~\\&|EMR|CLINIC|CB|X|202611220850||OML^O21|O1|P|2.5.1
                PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F
                ORC|NW|P-1^EMR|||||||20261122084500
                TQ1|1||||||||S
                OBR|1|P-1^EMR||K^Potassium^L
                SPM|1|S-100||BLD^Blood
                ORC|NW|P-2^EMR
                OBR|2|P-2^EMR||NA^Sodium^L
                SPM|1|S-100||BLD^Blood
                ORC|NW|P-3^EMR
                OBR|3|P-3^EMR||GLU^Glucose^L
                SPM|1|S-200||UR^Urine
                ORC|CA|P-4^EMR
                OBR|4|P-4^EMR||CL^Chloride^L
                SPM|1|S-100||BLD^Blood
                """);
    }

    @Test
    void anInstrumentGetsTheOpenOrdersOfItsSpecimen() {
        ordered();

        var answer = ask("Q1", "Q11", "QPD|WOS^Work Order Step^IHELAW|T1|S-100");

        assertThat(answer).contains("QAK|T1|OK|WOS^Work Order Step^IHELAW|2|2|0");
        assertThat(rows(answer))
                .containsExactlyInAnyOrder(
                        "PID|1||M1^^^CLINIC^MR||DOE^Jane^Q||19710203|F|||1 High"
                                + " St^^Springfield^IL^62701",
                        "SPM|1|S-100||^Blood",
                        "ORC|NW|P-1^EMR|||||||20261122084500-0500",
                        "TQ1|1||||||||S",
                        "OBR|1|P-1^EMR||K^Potassium^L",
                        "ORC|NW|P-2^EMR",
                        "OBR|2|P-2^EMR||NA^Sodium^L");
    }

    @Test
    void ordersAreFoundByTheirNumberAndTheirPatientToo() {
        ordered();

        assertThat(ask("Q1", "Q11", "QPD|X^Y^Z|T1|P-3")).contains("QAK|T1|OK|X^Y^Z|1|1|0");
        assertThat(ask("Q2", "Q11", "QPD|X^Y^Z|T1|@PID.3.1^M1~@PID.3.4^CLINIC"))
                .contains("QAK|T1|OK|X^Y^Z|3|3|0");
        assertThat(ask("Q3", "Q11", "QPD|X^Y^Z|T1|@SAC.3^S-200")).contains("QAK|T1|OK|X^Y^Z|1|1|0");
        assertThat(ask("Q4", "Q11", "QPD|WOS_ALL^All^IHELAW|T1"))
                .contains("QAK|T1|OK|WOS_ALL^All^IHELAW|3|3|0");
        assertThat(ask("Q5", "Q11", "QPD|WOS^W^IHELAW|T1|S-9"))
                .contains("QAK|T1|NF|WOS^W^IHELAW|0|0|0");
    }

    @Test
    void whatHasAFinalReportOrWasCancelledIsNotOpen() {
        ordered();
        engine.send(
                LAB,
                """
                MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|202611221000||ORU^R01|C9|P|2.5.1
                PID|1||M1^^^CLINIC^MR||DOE^Jane||19710203|F
                OBR|1|P-1^EMR|F-1|K^Potassium^L|||20261122074500|||||||||||||||||||F
                OBX|1|NM|K^Potassium^L||4.1|mmol/L|||||F
                """);

        assertThat(rows(ask("Q1", "Q11", "QPD|WOS^W^IHELAW|T1|S-100")))
                .filteredOn(row -> row.startsWith("ORC"))
                .containsExactly("ORC|NW|P-2^EMR");
    }

    @Test
    void ordersBeyondTheLimitComeByContinuation() {
        ordered();

        var first = ask("Q1", "Q11", "QPD|WOS_ALL^A^IHELAW|T1\nRCP|I|2^RD");
        assertThat(first).contains("QAK|T1|OK|WOS_ALL^A^IHELAW|3|2|1", "DSC|CB-2|I");
        assertThat(rows(ask("Q2", "Q11", "QPD|WOS_ALL^A^IHELAW|T1\nRCP|I|2^RD\nDSC|CB-2|I")))
                .filteredOn(row -> row.startsWith("ORC"))
                .hasSize(1);
    }

    // ------------------------------------------------------------ broken

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Q22; QPD|Q22|T1|@PID.99^X; AE; query-parameter-unknown",
                "Q22; QPD|Q22|T1|DOE; AE; query-parameter-unknown",
                "Q22; QPD|Q22|T1|@PID.8^F; AE; query-too-broad",
                "Q22; QPD|Q22|T1|@PID.5.1^*; AE; query-too-broad",
                "Q22; QPD|Q22|T1|@PID.5.1^DOE~@PID.7^soon; AE; query-field-wrong",
                "Q22; QPD|Q22|T1|@PID.5.1^DOE~@PID.5.1^ROE; AE; query-field-wrong",
                "Q22; QPD|Q22|T1|@PID.5.1^; AE; query-field-wrong",
                "Q22; QPD|Q22||@PID.5.1^DOE; AE; query-field-wrong",
                "Q22; QPD|Q22|T1|@PID.5.1^DOE^^^|||||^^^MOON; AE; query-domain-unknown",
                "Q21; QPD|Q21|T1; AE; query-field-wrong",
                "Q11; QPD|WOS|T1; AE; query-field-wrong",
                "Q11; QPD|WOS|T1|@PID.5.1^DOE; AE; query-parameter-unknown",
                "Q24; QPD|Q24|T1|^^^CLINIC; AE; number-not-given",
                "Q99; QPD|Q99|T1|; AR; query-not-supported"
            })
    void aQueryThatCanNotBeAnsweredSaysWhy(String trigger, String qpd, String code, String reason) {
        var answer = ask("Q1", trigger, qpd);

        assertThat(answer.getFirst()).startsWith("MSA|" + code + "|Q1");
        assertThat(answer)
                .anyMatch(line -> line.startsWith("QAK|") && line.contains("|" + code + "|"));
        assertThat(answer).anyMatch(line -> line.startsWith("ERR|") && line.contains(reason));
        assertThat(rows(answer)).isEmpty();
        assertThat(engine.reasons("Q1")).contains(reason);
    }

    @Test
    void aQueryWithoutQpdOrWithOthersPointerIsAnError() {
        assertThat(ask("Q1", "Q22", "RCP|I").getFirst()).startsWith("MSA|AE|Q1");
        assertThat(ask("Q2", "Q22", "QPD|Q22|T1|@PID.5.1^DOE\nDSC|other|I").getFirst())
                .startsWith("MSA|AE|Q2");
        assertThat(ask("Q3", "Q22", "QPD|Q22|T1|@PID.5.1^DOE\nRCP|I|0^RD").getFirst())
                .startsWith("MSA|AE|Q3");
    }

    @Test
    void whatIsNoQueryIsRejectedWhereOnlyQueriesAreAnswered() {
        var answer = engine.send(ASKER, adt("A08", "A9", "PID|1||" + DOE));

        assertThat(answer).contains("MSA|AR|A9").contains("query-not-supported");
    }

    @Test
    void cancellingAQueryIsAccepted() {
        var answer =
                engine.send(
                        ASKER,
                        """
                        MSH|^~\\&|PDQ|X|CB|Y|20261122||QCN^J01^QCN_J01|Q9|P|2.5
                        QID|T1|Q22^Find Candidates^HL7
                        """);

        assertThat(answer).contains("MSA|AA|Q9");
        assertThat(engine.reasons("Q9")).containsExactly("query-cancelled");
    }

    @Test
    void aTestMessageLearnsNothingOfPatients() {
        var answer =
                engine.send(
                        ASKER,
                        """
                        MSH|^~\\&|PDQ|X|CB|Y|20261122||QBP^Q22^QBP_Q21|Q1|T|2.5
                        QPD|Q22|T1|@PID.5.1^DOE
                        """);

        assertThat(answer).contains("MSA|AR|Q1").doesNotContain("PID|");
    }

    // ------------------------------------------------------------ the answer itself

    @Test
    void theAnswerIsOfTheKindThatHl7HasForTheQuery() {
        assertThat(header("Q1", "Q22", "QPD|Q22^Find Candidates^HL7|T1|@PID.5.1^DOE"))
                .contains("|RSP^K22^RSP_K22|");
        assertThat(header("Q2", "Q22", "QPD|IHE PDQ Query|T1|@PID.5.1^DOE"))
                .contains("|RSP^K22^RSP_K21|");
        assertThat(header("Q3", "Q23", "QPD|Q23|T1|M1^^^CLINIC")).contains("|RSP^K23^RSP_K23|");
        assertThat(header("Q4", "Q11", "QPD|WOS|T1|S-1")).contains("|RSP^K11^RSP_K11|");
        assertThat(header("Q5", "Q24", "QPD|Q24|T1|^^^A")).contains("|RSP^K24^RSP_K23|");
    }

    @Test
    void delimitersOfTheSenderAreUsedAndItsOwnInValuesAreEscaped() {
        engine.send(EMR, adt("A28", "A4", "PID|1||M4^^^CLINIC^MR||O\\T\\BRIEN#^Pat||19710203|F"));

        var answer =
                engine.send(
                        ASKER,
                        """
                        MSH|$#*@&|PDQ|X|CB|Y|20261122||QBP$Q21$QBP_Q21|Q1|P|2.5
                        QPD|Q21|T1|M4$$$CLINIC
                        """
                                .replace("$#*@&", "$*@&"));

        assertThat(answer).contains("PID|1||M4$$$CLINIC$MR||O@T@BRIEN#$Pat||19710203|F");
    }

    @Test
    void aLetterThatTheSendersCharacterSetLacksComesInUtf8() {
        engine.send(EMR, adt("A28", "A4", "PID|1||M4^^^CLINIC^MR||WAŁĘSA^Ötzi||19710203|M"));
        var query =
                "MSH|^~\\&|PDQ|X|CB|Y|20261122||QBP^Q21^QBP_Q21|Q1|P|2.5||||||8859/1\r"
                        + "QPD|Q21|T1|M4^^^CLINIC\r";

        var answer =
                ((Reply.Answer)
                                engine.begin(ASKER, query)
                                        .toCompletableFuture()
                                        .orTimeout(20, TimeUnit.SECONDS)
                                        .join())
                        .content();

        var text = new String(answer, StandardCharsets.UTF_8);
        assertThat(text).contains("WAŁĘSA^Ötzi").contains("|UNICODE UTF-8\r");
    }

    @Test
    void theSameQueryAgainGetsTheSameAnswer() {
        var query = query("Q1", "Q22", "QPD|Q22|T1|@PID.5.1^DOER");
        var first = engine.send(ASKER, query);
        engine.send(EMR, adt("A28", "A5", "PID|1||M5^^^CLINIC^MR||DOER^Ann||19710203|F"));

        assertThat(engine.send(ASKER, query)).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "-",
            value = {
                "ER; AL; RSP^K22",
                "NE; AL; RSP^K22",
                "SU; AL; RSP^K22",
                "AL; NE; ACK^Q22",
                "AL; AL; ACK^Q22",
                "NE; NE; -"
            })
    void theResponseIsTheAnswerOnTheConnectionUnlessAnAcceptIsAlwaysAskedFor(
            String accept, String application, @org.jspecify.annotations.Nullable String type) {
        var query =
                query("Q1", "Q22", "QPD|Q22|T1|@PID.5.1^DOE")
                        .replace("|P|2.5.1", "|P|2.5.1|||" + accept + "|" + application);

        var answer = engine.send(ASKER, query);

        if (type == null) assertThat(answer).isEmpty();
        else assertThat(answer).contains("|" + type);
        boolean later = accept.equals("AL") && application.equals("AL");
        assertThat(engine.deliveries()).hasSize(later ? 1 : 0);
        if (later)
            assertThat(engine.one("select convert_from(body, 'UTF8') from delivery"))
                    .contains("RSP^K22", "PID|1||M1^^^CLINIC");
    }

    @Test
    void aQueryChangesNothingAndARebuildAnswersNobody() {
        ask("Q1", "Q22", "QPD|Q22|T1|@PID.5.1^DOE");
        ask("Q2", "Q22", "QPD|Q22|T1|@PID.99^DOE");

        var report = engine.rebuilt();

        assertThat(report.isEqual()).isTrue();
        assertThat(report.differences()).isEmpty();
        assertThat(
                        engine.one(
                                "select count(*) from journal where answer is not null and"
                                        + " control_id like 'Q%'"))
                .isEqualTo("2");
    }

    // ------------------------------------------------------------ asking

    private static Partner asker() {
        var p = IdentityEngine.LAB;
        return new Partner(
                "asker",
                "Asker",
                p.senders(),
                p.certificates(),
                p.charset(),
                p.zone(),
                p.acknowledge(),
                p.ack(),
                "asker/acks",
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
                p.codes(),
                p.version());
    }

    /** The segments of the answer but MSH. */
    private List<String> ask(String controlId, String trigger, String segments) {
        var lines = engine.send(ASKER, query(controlId, trigger, segments)).split("\r", -1);
        return List.of(lines).subList(1, lines.length - 1);
    }

    private String header(String controlId, String trigger, String segments) {
        return engine.send(ASKER, query(controlId, trigger, segments)).split("\r", 2)[0];
    }

    private static List<String> rows(List<String> answer) {
        return answer.stream().filter(line -> !line.matches("(MSA|ERR|QAK|QPD|DSC)\\|.*")).toList();
    }

    private static String query(String controlId, String trigger, String segments) {
        return """
        MSH|^~\\&|PDQ|X|CB|Y|20261122||QBP^%s^QBP_Q21|%s|P|2.5.1
        %s
        """
                .formatted(trigger, controlId, segments);
    }
}
