package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.chart.Results;
import org.chartbridge.chart.Value;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.PartnerFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * HL7-RULES §4 ⚠: "TNP", "QNS", "cancelled" with F, or X, are <i>not performed</i> with a reason
 * (word list per partner), never a value.
 */
class NotPerformedTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TNP",
                "qns",
                " Cancelled ",
                "NOT  DONE",
                "Test not performed.",
                "QNS: hemolyzed",
                "QNS - clotted",
                "Test not done (no label)",
                "TNP; see note",
                "Cancelled/duplicate",
                "Cancelled by lab",
                "canceled  by Dr. Rao: duplicate",
                "Test cancelled by physician",
                "T.N.P.",
                " q.n.s",
                "Q.N.S. - clotted",
                "Specimen rejected",
                "Sample rejected: hemolyzed",
                "Unable to perform",
                "Unable to perform due to lipemia",
                "Duplicate order"
            })
    void aWordInPlaceOfAValueIsTheReasonAndNeverTheValue(String sent) {
        for (var type : new String[] {"NM", "ST", "TX", "SN", ""}) {
            var value = Sent.value("OBX|1|" + type + "|K^K^L||" + sent + "|mmol/L|||||F").value();

            assertThat(value.notPerformed()).as(type).isTrue();
            assertThat(value.number()).isNull();
            assertThat(value.text().strip()).isEqualTo(sent.strip());
        }
    }

    /** Where a word begins a sentence, or is a part of another one, it is what was found. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "5.1",
                "<5",
                "not detected",
                "Not performed well by the patient",
                "QNSX",
                "CANCELLEDX",
                "No growth",
                "not",
                "N",
                "0",
                "see QNS",
                "Cancelled stamps seen on film",
                "E. coli",
                "S.P.A.",
                "Cancelled bystander effect",
                "Unable to performance-test",
                "Specimen rejected antibodies of the panel",
                "Duplicate orders"
            })
    void whatOnlyLooksLikeAWordIsAValue(String sent) {
        assertThat(Sent.value("OBX|1|ST|K^K^L||" + sent + "||||||F").value().notPerformed())
                .isFalse();
    }

    @Test
    void aReasonInTheNextLineBelongsToTheWord() {
        var value =
                Sent.value(
                                """
                                OBX|1|TX|K^K^L||TEST NOT PERFORMED||||||F
                                OBX|2|TX|K^K^L||Specimen hemolyzed||||||F\
                                """)
                        .value();

        assertThat(value.notPerformed()).isTrue();
        assertThat(value.text()).isEqualTo("TEST NOT PERFORMED\nSpecimen hemolyzed");
    }

    @Test
    void aLongReportThatBeginsWithAWordIsAReport() {
        var report = "Cancelled: " + "the second look was postponed. ".repeat(20);

        assertThat(Sent.value("OBX|1|TX|K^K^L||" + report + "||||||F").value().notPerformed())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "QNS^Too little blood^L",
        "X9^Not performed^L",
        "X9^^L^TNP^Test was not done^L",
        "TNP^Test was not done^L^POS^Positive^X",
        "^^^^^^^^Test cancelled",
    })
    void aCodeOrItsTextSaysItToo(String sent) {
        var value = Sent.value("OBX|1|CWE|K^K^L||" + sent + "||||||F").value();

        assertThat(value.notPerformed()).isTrue();
    }

    /** ⚠ It would hide the value. */
    @ParameterizedTest
    @CsvSource({
        "POS^Positive^L^TNP^Troponin positive^X",
        "POS^Positive^L^^^^^^^TNP^Not performed^X",
        "^Positive^L^TNP^^X",
        "POS^Positive^L~TNP^Test not performed^L",
        "260373001^Detected^SCT^QNS^Quasi normal^L",
        "TNP^^L^POS^Positive^X",
        "TNP^Positive^L",
        "TNP^Test not performed^L^^^^^^Positive",
    })
    void anAlternateCodeDoesNotSayItAgainstTheFirst(String sent) {
        var value = Sent.value("OBX|1|CWE|K^K^L||" + sent + "||||||F").value();

        assertThat(value.notPerformed()).isFalse();
        assertThat(value.text()).containsAnyOf("Positive", "Detected");
    }

    /** ⚠ Of several repetitions each has to say it. */
    @ParameterizedTest
    @CsvSource({
        "CE, NEG^^L~TNP^^L",
        "CE, TNP^^L~NEG^^L",
        "CWE, ^^^^^^^^Negative~TNP^^L",
        "ST, TNP~Positive",
        "ST, Cancelled~Result: 5",
        "TX, TNP~<5 mg/dL",
        "ST, QNS~Not detected",
    })
    void aRepetitionWithAResultIsNotHiddenByAnotherOne(String type, String sent) {
        var value = Sent.value("OBX|1|" + type + "|K^K^L||" + sent + "||||||F").value();

        assertThat(value.notPerformed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "CE, TNP^^L~QNS^^L",
        "CE, X9^^L^TNP^^X",
        "ST, TNP~Specimen hemolyzed",
        "TX, QNS~5 mL are needed for this test",
    })
    void wordsWithTheirReasonInARepetitionAreNotPerformed(String type, String sent) {
        var value = Sent.value("OBX|1|" + type + "|K^K^L||" + sent + "||||||F").value();

        assertThat(value.notPerformed()).isTrue();
    }

    /** ⚠ In whichever OBX of the value it stands. */
    @ParameterizedTest
    @CsvSource({
        "NM, 5.1, CWE, TNP^Test not performed^L",
        "CWE, TNP^Test not performed^L, NM, 5.1",
        "CWE, TNP^Test not performed^L, ST, 1:160",
        "TX, Escherichia coli, CWE, TNP^Test not performed^L",
        "CWE, TNP^Test not performed^L, CWE, ECO^Escherichia coli^L",
        "CWE, TNP^Test not performed^L, TX, Weakly positive",
        "TX, TNP, TX, No growth",
    })
    void aResultIsNotHiddenByAnotherObx(String type, String sent, String other, String text) {
        var value =
                Sent.value(
                                "OBX|1|%s|K^K^L||%s||||||F\nOBX|2|%s|K^K^L||%s||||||F"
                                        .formatted(type, sent, other, text))
                        .value();

        assertThat(value.notPerformed()).isFalse();
    }

    @Test
    void aCodeWithItsReasonInAnotherObxIsNotPerformed() {
        var value =
                Sent.value(
                                "OBX|1|CWE|K^K^L||TNP^Test not performed^L||||||F\n"
                                        + "OBX|2|TX|K^K^L||Specimen hemolyzed||||||F")
                        .value();

        assertThat(value.notPerformed()).isTrue();
    }

    @Test
    void whatACodeOnlyResemblesIsAValue() {
        var value = Sent.value("OBX|1|CE|K^K^L||QNSB^Queensland bat virus^L||||||F").value();

        assertThat(value.notPerformed()).isFalse();
    }

    /** The partner's own words, beside those of everywhere. */
    @ParameterizedTest
    @CsvSource({
        "no specimen, true",
        "NO SPECIMEN RECEIVED, false",
        "Lab  accident: tube broken, true",
        "TNP, true",
        "LOST, false"
    })
    void aPartnerHasWordsOfItsOwn(String sent, boolean notPerformed) {
        assertThat(byLabWithWords("[No Specimen, LAB ACCIDENT]", sent).notPerformed())
                .isEqualTo(notPerformed);
    }

    @Test
    void theWordsOfOnePartnerMeanNothingForAnother() {
        assertThat(Sent.value("OBX|1|ST|K^K^L||NO SPECIMEN||||||F").value().notPerformed())
                .isFalse();
    }

    @Test
    void aValueBesideAWordStaysANumberInItsOwnUnit() {
        var values =
                Sent.report(
                                Sent.around(
                                        """
                                        OBX|1|NM|K^K^L||QNS|mmol/L|||||F
                                        OBX|2|NM|NA^NA^L||140|mmol/L|||||F\
                                        """))
                        .observations();

        assertThat(values)
                .extracting(o -> o.value().notPerformed(), o -> o.value().number() != null)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(true, false),
                        org.assertj.core.groups.Tuple.tuple(false, true));
    }

    private static Value byLabWithWords(String words, String sent) {
        var files = new TreeMap<String, byte[]>();
        files.put(
                "partner.yaml",
                ("sender: any\nzone: America/New_York\npatients: create\nnot-performed: "
                                + words
                                + "\n")
                        .getBytes(StandardCharsets.UTF_8));
        var lab =
                PartnerFile.read(
                                new FolderFiles("northlab", files),
                                Map.of(),
                                fault -> {
                                    throw new AssertionError(fault.toString());
                                })
                        .orElseThrow();
        var mapped =
                Sent.map(Sent.message(Sent.around("OBX|1|ST|K^K^L||" + sent + "||||||F")), lab);
        if (!(mapped instanceof Mapped.Update(Results results, _)))
            throw new AssertionError(mapped.toString());
        return results.reports().getFirst().observations().getFirst().value();
    }

    /** SPM-21 (table 0490) says why, where the value's own word doesn't. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "OBX|1|NM|K^K^L||||||||X; RH^Hemolysis^HL70490; Hemolysis",
                "OBX|1|NM|K^K^L||||||||X; RH~RC^Clotting; 'RH; Clotting'",
                "OBX|1|ST|K^K^L||TNP||||||F; ^^^^^^^^Tube leaked; TNP: Tube leaked",
                "OBX|1|ST|K^K^L||Q.N.S.||||||F; QS^Quantity; Q.N.S.: Quantity",
                "OBX|1|ST|K^K^L||QNS: clotted||||||F; RH^Hemolysis; QNS: clotted",
                "OBX|1|ST|K^K^L||qns||||||F; QNS; qns"
            })
    void whyTheSpecimenWasRejectedIsTheReasonOfWhatHasNone(String obx, String reason, String text) {
        var value = rejected(obx, reason);

        assertThat(value.notPerformed()).isTrue();
        assertThat(value.text()).isEqualTo(text);
    }

    /** ⚠ A reason beside values that were measured makes none of them undone. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "OBX|1|NM|K^K^L||4.1||||||F",
                "OBX|1|NM|K^K^L||||||||P",
                "OBX|1|TX|K^K^L||Hemolyzed, interpret with care||||||F"
            })
    void aValueBesideARejectedSpecimenStaysWhatItIs(String obx) {
        assertThat(rejected(obx, "RH^Hemolysis").notPerformed()).isFalse();
        assertThat(rejected(obx, "RH^Hemolysis").text()).doesNotContain("Hemolysis");
    }

    private static Value rejected(String obx, String reason) {
        return Sent.report(
                        """
                        MSH|^~\\&|LIS|NORTHLAB|EMR|CLINIC|20261103090000||ORU^R01|C1|P|2.5.1
                        PID|1||N1^^^NORTHLAB^PI||DOE^Jane||19710203|F
                        OBR|1||A-1|K^K^L|||20261103070000
                        %s
                        SPM|1|||BLD|||||||P^Patient^HL70369||||||||||%s
                        """
                                .formatted(obx, reason))
                .observations()
                .getFirst()
                .value();
    }
}
