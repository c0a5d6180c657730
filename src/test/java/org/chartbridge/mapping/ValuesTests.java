package org.chartbridge.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.chartbridge.chart.ObservationStatement;
import org.chartbridge.chart.ObservationStatus;
import org.chartbridge.chart.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** One OBX-5 after the other, as it should be and as it is; long because of its tables. */
class ValuesTests {

    /** Type, OBX-5, text shown, number (none: not a number), comparator. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            emptyValue = "",
            value = {
                "NM; 5.10; 5.10; 5.10; ''",
                "NM; -0.5; -0.5; -0.5; ''",
                "NM; +3; +3; 3; ''",
                "NM; .5; .5; 0.5; ''",
                "NM; <5; <5; 5; <",
                "NM; >=10; >=10; 10; >=",
                "NM; < 5; < 5; 5; <",
                "NM; 7.1^^; 7.1; 7.1; ''",
                "NM; 5,1; 5,1; ; ''",
                "NM; 5.1 H; 5.1 H; ; ''",
                "NM; see comment; see comment; ; ''",
                "NM; TNP; TNP; ; ''",
                "NM; 1e999999999; 1e999999999; ; ''",
                "NM; 60~120; '60\n120'; ; ''",
                "SN; >^200; >200; 200; >",
                "SN; ^10^-^20; 10-20; ; ''",
                "SN; ^1^:^128; 1:128; ; ''",
                "SN; ^2^+; 2+; ; ''",
                "SN; =^7; 7; 7; ''",
                "SN; 5.5; 5.5; 5.5; ''",
                "SN; <>^5; <>^5; ; ''",
                "SN; ^many; ^many; ; ''",
                "ST; 5.1; 5.1; ; ''",
                "ST; pH ^ 7 & more; pH ^ 7 & more; ; ''",
                "TX; a\\.br\\b; 'a\nb'; ; ''",
                "ST; a\\.br\\b\\.sp2\\c; 'a\nb\n\nc'; ; ''",
                "FT; \\.in+4\\a\\.ce\\b\\.sk2\\\\H\\c\\N\\; 'a\nb  c'; ; ''",
                "TX; one~two; 'one\ntwo'; ; ''",
                "CE; POS^Positive^L; Positive; ; ''",
                "CE; ^Positive; Positive; ; ''",
                "CWE; 1^One^L^2^Two^LN^^^Original; Original; ; ''",
                "CE; ^^^260^Alternate^SCT; Alternate; ; ''",
                "ce; POS^Positive^L; Positive; ; ''",
                "CE; ^^Positive; Positive; ; ''",
                "CWE; ^^^^^Reactive; Reactive; ; ''",
                "ED; ^TEXT^PLAIN^^hello world; ^TEXT^PLAIN^^hello world; ; ''",
                "CWE^^HL70125; POS^Positive^L; Positive; ; ''",
                "IS; Y; Y; ; ''",
                "DT; 20261103; 2026-11-03; ; ''",
                "DT; 202611; 2026-11; ; ''",
                "TS; 202611030805; 2026-11-03 08:05; ; ''",
                "DTM; 20261103080507+0100; 2026-11-03 08:05:07 +01:00; ; ''",
                "DTM; yesterday; yesterday; ; ''",
                "TM; 0805; 08:05; ; ''",
                "TM; 2561; 2561; ; ''",
                "XPN; EXEMPLAR^Olive^Q^^Dr; Dr Olive Q EXEMPLAR; ; ''",
                "XCN; 77^CHIEF^Clara; Clara CHIEF (77); ; ''",
                "XAD; 1 Main St^^Springfield; 1 Main St, Springfield; ; ''",
                "MO; 12.50^USD; 12.50 USD; ; ''",
                "CP; 12.50&USD; 12.50 USD; ; ''",
                "RP; https://images.example/1^PACS^IM; https://images.example/1 PACS IM; ; ''",
                "ZZ; whatever^it^is; whatever^it^is; ; ''",
                "''; 102; 102; ; ''",
            })
    void aValueIsShownAsSentAndComputedWithOnlyWhenItIsOneNumber(
            String type, String sent, String text, BigDecimal number, String comparator) {
        var value = Sent.value("OBX|1|" + type + "|X^X^L||" + sent + "||||||F").value();

        assertThat(value.text()).isEqualTo(text);
        assertThat(value.number()).isEqualTo(number);
        assertThat(value.comparator()).isEqualTo(comparator == null ? "" : comparator);
    }

    /** What is remarked, so that the sender can be told. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "NM; see comment; OBX[1]-5 value-not-a-number",
                "NM; 60~many; OBX[1]-5[2] value-not-a-number",
                "SN; ^many; OBX[1]-5.2 value-not-a-number",
                "SN; ^10^-^many; OBX[1]-5.4 value-not-a-number",
                "SN; about^10; OBX[1]-5.1 value-not-a-number",
                "SN; many; OBX[1]-5 value-not-a-number",
                "ST; a\\.br\\b; OBX[1]-5 formatting-in-string",
                "NM; 5.1~5.3; OBX[1]-5[2] values-joined",
                "DTM; 20261303; OBX[1]-5 not-a-time",
                "TM; 2561; OBX[1]-5 not-a-time",
                "ZZ; what; OBX[1]-2 value-type-unknown",
                "''; 102; OBX[1]-2 value-type-missing",
                "CE; ^^Positive; OBX[1]-5 value-without-code",
                "ED; ^TEXT^PLAIN^^hello world; OBX[1]-5.4 document-encoding-missing",
                "ED; LIS^AP^PDF^Base64^JVB*RiX; OBX[1]-5.5 document-unreadable",
                "ED; LIS^AP^PDF^Base64^; OBX[1]-5.5 document-unreadable",
            })
    void aValueThatIsNotOfItsTypeIsRemarked(String type, String sent, String remark) {
        var text = Sent.around("OBX|1|" + type + "|X^X^L||" + sent + "||||||F");

        assertThat(Sent.remarks(text)).containsExactly(remark);
    }

    /** ⚠ Joined, nothing says which result a comment, or which isolate a susceptibility, is of. */
    @ParameterizedTest
    @CsvSource({"K NOTE NA NOTE, true", "K NOTE NOTE NA, false", "NOTE NOTE, false"})
    void linesOfOneTestWithOthersBetweenAreRemarked(String tests, boolean remarked) {
        var lines = new ArrayList<String>();
        for (var test : tests.split(" ", -1))
            lines.add("OBX|1|TX|%s^%s^L||line %d||||||F".formatted(test, test, lines.size()));

        var remarks = Sent.remarks(Sent.around(String.join("\n", lines)));

        assertThat(remarks).hasSize(remarked ? 1 : 0);
        if (remarked) assertThat(remarks.getFirst()).endsWith("values-joined");
    }

    /** ⚠ A range for men alone would be read as a woman's. */
    @ParameterizedTest
    @CsvSource({
        "M: 1-2~F: 2-3, M: 1-2; F: 2-3",
        "<1~>2, <1; >2",
        "~135-145~, 135-145",
        "1^2, 1^2",
        "'', ''",
    })
    void everyReferenceRangeIsShown(String sent, String shown) {
        assertThat(Sent.value("OBX|1|NM|X^X^L||1|u|" + sent + "||||F").range()).isEqualTo(shown);
    }

    /** NTE-3 is FT by the standard. */
    @Test
    void lineBreaksInANoteAreKeptAndNoFault() {
        var text =
                Sent.around("OBX|1|TX|X^X^L||a\\.br\\b||||||F\nNTE|1||one\\.br\\two\\.sp\\three");

        assertThat(Sent.report(text).observations().getFirst().notes().getFirst().text())
                .isEqualTo("one\ntwo\nthree");
        assertThat(Sent.remarks(text)).isEmpty();
    }

    @Test
    void anEmptyValueIsNone() {
        assertThat(Sent.value("OBX|1|NM|X^X^L||||||||X").value()).isEqualTo(Value.NONE);
        assertThat(Sent.value("OBX|1|NM|X^X^L||\"\"||||||F").value()).isEqualTo(Value.NONE);
        assertThat(Sent.value("OBX|1||X^X^L||||||||F").value()).isEqualTo(Value.NONE);
    }

    @Test
    void whatIsTooLongToBeTakenApartStaysWhole() {
        var fits = "a&".repeat(ValueReader.MAX_TAKEN_APART / 2 - 1) + "a^";
        var tooLong = "a&".repeat(ValueReader.MAX_TAKEN_APART / 2) + "a";

        assertThat(Sent.value("OBX|1|NA|X^X^L||" + fits + "||||||F").value().text())
                .isEqualTo("a ".repeat(ValueReader.MAX_TAKEN_APART / 2).strip());
        assertThat(Sent.value("OBX|1|NA|X^X^L||" + tooLong + "||||||F").value().text())
                .isEqualTo(tooLong);
    }

    @Test
    void aNumberWithTooManyDigitsIsText() {
        var fits = "7".repeat(ValueReader.MAX_NUMBER_CHARACTERS);

        assertThat(Sent.value("OBX|1|NM|X^X^L||" + fits + "||||||F").value().number()).isNotNull();
        assertThat(Sent.value("OBX|1|NM|X^X^L||7" + fits + "||||||F").value().number()).isNull();
    }

    @Test
    void whatCouldNotBeObtainedIsNeverANumber() {
        var value = Sent.value("OBX|1|NM|X^X^L||5.1||||||X");

        assertThat(value.status()).isEqualTo(ObservationStatus.CANNOT_BE_OBTAINED);
        assertThat(value.value().number()).isNull();
        assertThat(value.value().text()).isEqualTo("5.1");
    }

    @Test
    void aPdfIsDecodedAndKnownByItsFirstBytes() {
        var pdf = "%PDF-1.4\n%%EOF".getBytes(StandardCharsets.US_ASCII);
        var base64 = Base64.getEncoder().withoutPadding().encodeToString(pdf);

        var value =
                Sent.value(
                        "OBX|1|ED|PDF^Report^L||LIS^TEXT^plain^Base64^"
                                + base64.substring(0, 7)
                                + "\\.br\\ "
                                + base64.substring(7)
                                + "||||||F");

        assertThat(value.value().type()).isEqualTo("ED");
        assertThat(value.value().text())
                .startsWith("PDF document, 14 bytes, fingerprint ")
                .doesNotContain("JVBER");
        var document = value.documents().getFirst();
        assertThat(document.content()).isEqualTo(pdf);
        assertThat(document.mediaType()).isEqualTo("application/pdf");
        assertThat(document.declaredType()).isEqualTo("TEXT/plain");
        assertThat(document.title()).isEqualTo("Report");
        assertThat(document.path()).isEqualTo("OBX[1]-5");
        assertThat(value.flags()).isEmpty();
    }

    /**
     * A clinician sees that there is a document and that it can't be read; nothing looks normal.
     */
    @Test
    void aDocumentThatCantBeDecodedIsNotLost() {
        var value = Sent.value("OBX|1|ED|PDF^Report^L||LIS^AP^PDF^Base64^J?B||||||F");

        assertThat(value.value().text()).isEqualTo(ValueReader.NOT_READABLE);
        assertThat(value.documents()).isEmpty();
    }

    private static final String PDF =
            "%PDF-1.4\n" + "what a report says, page by page\n".repeat(9) + "%%EOF\n";

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** At any character; as OBX of one value, or as repetitions, whole or content only. */
    @ParameterizedTest
    @ValueSource(ints = {100, 101, 102, 103})
    void aPdfInPiecesIsOneDocument(int at) {
        var whole = encoded(PDF);
        var ed = "LIS^AP^PDF^Base64^";
        var one = ed + whole.substring(0, at);
        var other = whole.substring(at);
        for (var obx :
                List.of(
                        "OBX|1|ED|P^Report^L|1|"
                                + one
                                + "||||||F\nOBX|2|ED|P^Report^L|1|"
                                + ed
                                + other
                                + "||||||F",
                        "OBX|1|ED|P^Report^L|1|" + one + "~" + ed + other + "||||||F",
                        "OBX|1|ED|P^Report^L|1|" + one + "~" + other + "||||||F")) {
            var value = Sent.value(obx);
            assertThat(value.documents())
                    .singleElement()
                    .satisfies(d -> assertThat(d.mediaType()).isEqualTo("application/pdf"))
                    .satisfies(
                            d ->
                                    assertThat(d.content())
                                            .isEqualTo(PDF.getBytes(StandardCharsets.US_ASCII)));
            assertThat(value.value().text()).startsWith("PDF document, ");
        }
    }

    @Test
    void twoWholePdfsOfOneValueStayTwo() {
        var ed = "OBX|1|ED|P^Report^L||LIS^AP^PDF^Base64^" + encoded(PDF) + "||||||F\n";

        assertThat(Sent.value(ed + ed).documents()).hasSize(2);
    }

    /** ⚠ */
    @Test
    void aPdfThatIsCutIsNoPdf() {
        var cut = encoded(PDF.substring(0, 99));

        var value = Sent.value("OBX|1|ED|P^Report^L||LIS^AP^PDF^Base64^" + cut + "||||||F");

        assertThat(value.documents())
                .singleElement()
                .satisfies(d -> assertThat(d.mediaType()).isEqualTo("application/octet-stream"));
        assertThat(value.value().text()).startsWith("Document, 99 bytes");
    }

    @Test
    void aDocumentWithoutATypeIsADocument() {
        var value = Sent.value("OBX|1||P^Report^L||LIS^AP^PDF^Base64^" + encoded(PDF) + "||||||F");

        assertThat(value.documents()).hasSize(1);
        assertThat(value.value().text()).startsWith("PDF document, ");
    }

    @Test
    void anotherPdfIsAnotherValue() {
        var one = Sent.value("OBX|1|ED|PDF^Report^L||^AP^PDF^Base64^JVBERi0xLjQA||||||F");
        var other = Sent.value("OBX|1|ED|PDF^Report^L||^AP^PDF^Base64^JVBERi0xLjQB||||||F");

        assertThat(one.value().text()).isNotEqualTo(other.value().text());
    }

    /** Encoding in component 3 instead of 4, and text that is not encoded at all. */
    @Test
    void contentIsFoundByItsEncoding() {
        var early = Sent.value("OBX|1|ED|PDF^Report^L||AP^PDF^Base64^JVBERi0xLjQA||||||F");
        var plain = Sent.value("OBX|1|ED|T^Report^L||LIS^TEXT^PLAIN^A^All is well.||||||F");

        assertThat(early.documents().getFirst().mediaType()).isEqualTo("application/pdf");
        assertThat(plain.documents().getFirst().mediaType()).isEqualTo("text/plain");
        assertThat(plain.documents().getFirst().content())
                .isEqualTo("All is well.".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "89504E470D0A1A0A00; image/png",
                "FFD8FFE000; image/jpeg",
                "7B5C727466310000; application/rtf",
                "3C3F786D6C2076657273; application/xml",
                "EFBBBF3C436C696E6963616C446F63756D656E74; application/xml",
                "3C21444F43545950452068746D6C3E; text/html",
                "0A0A255044462D312E34; application/pdf",
                "00; application/octet-stream",
            })
    void theContentTellsItsType(String hex, String type) {
        var value = Sent.value("OBX|1|ED|D^D^L||^^^Hex^" + hex + "||||||F");

        assertThat(value.documents().getFirst().mediaType()).isEqualTo(type);
    }

    @Test
    void linesOfOneTestAreOneValue() {
        var observations =
                Sent.report(
                                Sent.around(
                                        """
                                        OBX|1|TX|P^Pathology^L|1|Gross:||||||F
                                        OBX|2|NM|K^Potassium^L||4.1|mmol/L|3.5-5.1|N|||F
                                        OBX|3|TX|P^Pathology^L|1|  a small thing.||||||F
                                        OBX|4|TX|P^Pathology^L|1|||||||F
                                        OBX|5|TX|P^Pathology^L|1|End.||||||F
                                        NTE|1|L|Dictated.
                                        OBX|6|TX|P^Pathology^L|2|Another part.||||||F
                                        """))
                        .observations();

        assertThat(observations)
                .extracting(
                        ObservationStatement::path,
                        ObservationStatement::subId,
                        o -> o.value().text(),
                        o -> o.notes().size())
                .containsExactly(
                        tuple("OBX[1-5]", "1", "Gross:\n  a small thing.\n\nEnd.", 1),
                        tuple("OBX[2]", "", "4.1", 0),
                        tuple("OBX[6]", "2", "Another part.", 0));
    }

    @Test
    void severalNumbersOfOneTestAreNoNumberAndKeepTheirUnits() {
        var value =
                Sent.value(
                        """
                        OBX|1|NM|BP^Pressure^L||120|mmHg|||||F
                        OBX|2|NM|BP^Pressure^L||16.0|kPa|||||F
                        """);

        assertThat(value.value())
                .isEqualTo(new Value("NM", "120 mmHg\n16.0 kPa", null, "", List.of()));
        assertThat(value.unit()).isEmpty();
    }

    /** OBX-11 of the lines, status of the value, what is left of it. */
    @ParameterizedTest
    @CsvSource({
        "F, F, F, 'one|two'",
        "F, P, P, 'one|two'",
        "C, F, C, 'one|two'",
        "F, D, F, one",
        "W, F, F, two",
        "D, D, D, 'one|two'",
        "D, W, W, 'one|two'",
        "O, F, F, two",
        "N, N, N, 'one|two'",
        "X, F, F, 'one|two'",
        "A, U, A, 'one|two'",
        "C, P, C, 'one|two'",
        "I, A, A, 'one|two'",
    })
    void aValueIsAsFinalAsItsLeastFinalLineButACorrectionReplaces(
            String first, String second, String status, String text) {
        var value =
                Sent.value(
                        "OBX|1|TX|P^P^L||one||||||"
                                + first
                                + "\nOBX|2|TX|P^P^L||two||||||"
                                + second);

        assertThat(value.status().letter()).isEqualTo(status);
        assertThat(value.value().text()).isEqualTo(text.replace('|', '\n'));
    }

    /** ⚠ 10^3/uL, the commonest unit of a blood count, is often sent without an escape. */
    @ParameterizedTest
    @CsvSource({
        "10^3/uL, 10^3/uL, ''",
        "x10^9/L^^UCUM, x10^9/L, ''",
        "*10^-3, *10^-3, ''",
        "mL/min/1.73m^2, mL/min/1.73m^2, ''",
        "kg/m^2^UCUM, kg/m^2, ''",
        "mm^Hg, mm, ''",
        "min^3, min, ''",
        "10\\S\\3/uL^^L, 10^3/uL, L",
        "10*3/uL^^UCUM, 10*3/uL, UCUM",
        "mmol/L^millimoles^L, mmol/L, L",
        "10^percent, 10, ''",
        "U10^5 units, U10, ''",
        "^3/uL, 3/uL, ''",
        "^^^mmol/L^^UCUM, mmol/L, UCUM",
        "^^L^^millimoles per liter, millimoles per liter, ''",
        "g^gram^L^mmol/L^^UCUM, g, L",
    })
    void aPowerOfTenInAUnitIsNotCutApart(String sent, String unit, String system) {
        var obx = "OBX|1|NM|WBC^Leucocytes^L||7.2|" + sent + "|||||F";

        var value = Sent.value(obx);

        assertThat(value.unit()).isEqualTo(unit);
        assertThat(value.unitSystem()).isEqualTo(system);
        assertThat(Sent.remarks(Sent.around(obx)).contains("OBX[1]-6 unit-not-escaped"))
                .isEqualTo(unit.contains("^") && !sent.contains("\\"));
    }

    /** OBR-25 has other letters than OBX-11. */
    @ParameterizedTest
    @CsvSource({
        "F,F", "C,C", "P,P", "A,P", "S,P", "O,P", "M,C", "N,P", "R,R", "I,I", "X,X", "D,D", "W,W",
        "Y,F", "'',F"
    })
    void withoutAStatusOfItsOwnAValueHasThatOfItsReport(String reported, String status) {
        var text =
                Sent.around("OBX|1|ST|X^X^L||value")
                        .replace("|||F\nOBX", "|||" + reported + "\nOBX");

        assertThat(Sent.report(text).observations().getFirst().status().letter()).isEqualTo(status);
        assertThat(Sent.remarks(text).contains("OBX[1]-11 result-status-assumed"))
                .isEqualTo(reported.isEmpty() || reported.equals("Y"));
    }
}
