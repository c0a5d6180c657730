package org.chartbridge.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.partner.EditScript;
import org.chartbridge.partner.EditsFile;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What edit files make of a message, byte by byte. */
class EditingTests {
    private static final String TEXT =
            """
            MSH|^~\\&|EMR|CLINIC|LAB|NORTH|20261122080000||ORM^O01^ORM_O01|C1|P|2.5.1
            PID|1|42|0042^^^CLINIC^MR~77^^^STATE^SS||DOE^Jane||19710203|F
            PV1|1|O||||||12^WELBY^Marcus
            ORC|NW|A-1
            OBR|1|A-1||K^Potassium^L
            OBX|1|CWE|FAST^Fasting^L||Y^Yes^L
            ORC|NW|A-2
            OBR|2|A-2||NA^Sodium^L
            OBX|1|ST|COL^Color^L||red
            ZL1|x
            """;

    private byte[] csv = {};

    // ------------------------------------------------------------ values

    @Test
    void setDefaultAndDeleteWriteValuesInEverySegment() {
        var out =
                edited(
                        """
                        - edit: { at: MSH-6, set: SOUTH }
                        - edit: { at: OBR-5, default: R }
                        - edit: { at: PID-7, delete: yes }
                        - edit: { at: PID-11.3, set: Springfield }
                        """);

        assertThat(out)
                .contains("|LAB|SOUTH|")
                .contains("OBR|1|A-1||K^Potassium^L|R\r")
                .contains("OBR|2|A-2||NA^Sodium^L|R\r")
                .contains("||DOE^Jane|||F|||^^Springfield\r");
    }

    // ------------------------------------------------------------ what no receiver does without

    /** ⚠ An order without a patient or a test is worse than one that waits. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    { at: PID, remove: yes }; PID is missing
                    { at: P*, remove: yes }; PID is missing
                    { at: PID-5, delete: yes }; PID-5 is empty
                    { at: ORC-1, delete: yes }; ORC-1 is empty
                    { at: ORC, remove: yes }; ORC is missing
                    { at: OBR, remove: yes }; OBR is missing
                    { at: OBR-4, delete: yes }; OBR-4 is empty
                    { at: OBR-4, delete: yes, when: { field: OBR-2, is: A-2 } }; OBR-4 is empty
                    { at: MSH-11, delete: yes }; MSH-11 is empty
                    { at: PV1-2, delete: yes }; PV1-2 is empty
                    { at: OBX-3, move: OBX-5 }; OBX-3 is empty
                    { at: OBX-2, delete: yes }; OBX-2 is empty
                    """)
    void anEditThatTakesWhatNoReceiverCanDoWithoutSendsNothing(String edit, String cause) {
        assertThatThrownBy(() -> edited("- edit: { at: MSH-6, set: X }\n- edit: " + edit + "\n"))
                .hasMessageStartingWith("lab/orders.edit.yaml:2: " + cause)
                .hasMessageContaining("no receiver of ORM can do without")
                .hasMessageContaining("- without: ");
    }

    @Test
    void anOrdersNumberMayStandInOneOfItsPlaces() {
        assertThat(edited("- edit: { at: ORC-2, delete: yes }")).contains("ORC|NW|\r");
        assertThat(edited("- edit: { at: OBR-2, delete: yes }")).contains("OBR|1|||K");
        assertThat(edited("- edit: { at: PID-3, move: PID-2 }")).contains("PID|1|0042^^^CLINIC");
        assertThatThrownBy(
                        () ->
                                edited(
                                        """
                                        - edit: { at: ORC-2, delete: yes }
                                        - edit: { at: OBR-2, delete: yes }
                                        """))
                .hasMessageStartingWith("lab/orders.edit.yaml:2: ORC-2 is empty");
    }

    /** PID-2 says it to who reads it there; the null of HL7 says none. */
    @ParameterizedTest
    @ValueSource(strings = {"delete: yes", "set: '\"\"'"})
    void aPatientWithoutAnyNumberIsNotSent(String action) {
        assertThat(edited("- edit: { at: PID-3, " + action + " }")).contains("PID|1|42|");
        assertThatThrownBy(
                        () ->
                                edited(
                                        "- edit: { at: PID-3, "
                                                + action
                                                + " }\n- edit: { at: PID-2, delete: yes }\n"))
                .hasMessageStartingWith("lab/orders.edit.yaml:2: PID-3 is empty");
    }

    @Test
    void whatIsTakenAndGivenAgainIsNotMissing() {
        assertThat(
                        edited(
                                """
                                - edit: { at: OBR-4, delete: yes }
                                - edit: { at: OBR-4, set: [K, Potassium, L] }
                                """))
                .contains("OBR|2|A-2||K^Potassium^L");
    }

    @Test
    void whatTheReceiverDoesWithoutMayBeTaken() {
        assertThat(
                        edited(
                                """
                                - without: [PID-5, PV1-2]
                                - edit: { at: PID-5, delete: yes }
                                - edit: { at: PV1-2, delete: yes }
                                """))
                .contains("SS||||19710203");
        assertThatThrownBy(() -> edited("- without: pid 5\n- edit: { at: PID-5, delete: yes }\n"))
                .hasMessageContaining("is no segment or field");
    }

    /** What was never there is its sender's matter, and no edit's. */
    @Test
    void whatTheSenderLeftOutIsNotAskedFor() {
        var out =
                new String(
                        Editing.edited(
                                "MSH|^~\\&|LIS|NORTH|||20261122||ORU^R01|C1||2.3\rOBR|1\rOBX|1|||\r"
                                        .getBytes(StandardCharsets.US_ASCII),
                                StandardCharsets.UTF_8,
                                new EditScript(
                                        "northlab/x.edit.yaml",
                                        List.of(new EditScript.ToVersion(1, "2.2")))),
                        StandardCharsets.US_ASCII);
        assertThat(out).contains("OBR|1\r");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A|B", "A&B~C", "\\\\F\\\\", "^"})
    void noValueCanBeginAFieldOrAComponent(String value) {
        var out = edited("- edit: { at: PID-5.1, set: '" + value + "' }");

        var again = read(out);
        assertThat(again.value("PID-5.1")).isEqualTo(value);
        assertThat(again.value("PID-5.2")).isEqualTo("Jane");
        assertThat(again.lines()).hasSize(10);
    }

    @Test
    void aTableCannotBringASegmentInEither() {
        csv = "from,to\nK,\"x\r\nZZZ|1|injected\"\n".getBytes(StandardCharsets.UTF_8);

        var out = edited("- edit: { at: OBR-4.1, table: codes2.csv }");

        assertThat(out).contains("OBR|1|A-1||x\\.br\\ZZZ\\F\\1\\F\\injected^Potassium^L\r");
        assertThat(read(out).lines()).hasSize(10);
    }

    @Test
    void aTableSaysWhatBecomesOfWhatItLacks() {
        csv = "code,name\nK,POT\n".getBytes(StandardCharsets.UTF_8);

        assertThat(edited("- edit: { at: OBR-4.1, table: codes2.csv }"))
                .contains("||POT^Potassium")
                .contains("||NA^Sodium");
        assertThat(edited("- edit: { at: OBR-4.1, table: codes2.csv, otherwise: empty }"))
                .contains("||^Sodium");
        assertThatThrownBy(
                        () -> edited("- edit: { at: OBR-4.1, table: codes2.csv, otherwise: fail }"))
                .isInstanceOf(NotPossible.class)
                .hasMessage(
                        "lab/orders.edit.yaml:1: the table has nothing for what stands in OBR-4.1;"
                                + " add the row");
    }

    @Test
    void aListSetsTheComponentsOfAField() {
        assertThat(edited("- edit: { at: PID-5, set: [ROE, '', 'A^B'] }"))
                .contains("||ROE^^A\\S\\B||1971");
    }

    @Test
    void repetitionsAreChosenAndAdded() {
        assertThat(edited("- edit: { at: PID-3.4, repeat: 2, set: S2 }"))
                .contains("|0042^^^CLINIC^MR~77^^^S2^SS|");
        assertThat(edited("- edit: { at: PID-3.5, repeat: last, delete: yes }"))
                .contains("|0042^^^CLINIC^MR~77^^^STATE^|");
        assertThat(
                        edited(
                                """
                                - edit: { at: PID-3.1, repeat: new, set: N }
                                - edit: { at: PID-3.4, repeat: last, set: LAB }
                                """))
                .contains("~77^^^STATE^SS~N^^^LAB|");
        assertThat(edited("- edit: { at: PID-2, copy: PID-3, repeat: new }"))
                .contains("|1|42|0042^^^CLINIC^MR~77^^^STATE^SS~42|");
    }

    // ------------------------------------------------------------ copy and move

    @Test
    void aCopyTakesTheNearestBeforeItElseTheFirst() {
        var out =
                edited(
                        """
                        - edit: { at: PV1-8, copy: OBR-16 }
                        - edit: { at: OBR-4.1, copy: OBX-17 }
                        - edit: { at: OBX-3.1, copy: PID-4 }
                        """);

        assertThat(out)
                .contains("OBR|1|A-1||K^Potassium^L||||||||||||12^WELBY^Marcus\r")
                .contains("OBR|2|A-2||NA^Sodium^L||||||||||||12^WELBY^Marcus\r")
                .contains("OBX|1|ST|COL^Color^L||red||||||||||||NA\r")
                .contains("|FAST|DOE^Jane");
    }

    @Test
    void whatIsMovedLeavesNothingBehind() {
        assertThat(edited("- edit: { at: PID-2, move: PID-3.1, repeat: first }"))
                .contains("PID|1||42^^^CLINIC^MR~77");
        assertThat(edited("- edit: { at: PID-3, move: PID-4 }"))
                .contains("PID|1|42||0042^^^CLINIC^MR~77^^^STATE^SS|DOE");
    }

    @Test
    void whatHasPartsIsEscapedWhereOnlyAPartHasRoom() {
        assertThat(edited("- edit: { at: PID-5, copy: OBX-5.2 }"))
                .contains("|Y^DOE\\S\\Jane^L\r")
                .contains("|red^DOE\\S\\Jane\r");
    }

    // ------------------------------------------------------------ segments, types, conditions

    @Test
    void segmentsAreTakenOutAndPutIn() {
        var out =
                edited(
                        """
                        - edit: { at: Z*, remove: yes }
                        - edit: { at: OBX, remove: yes, when: { field: OBX-2, is: ST } }
                        - edit: { at: NTE, insert: after OBR, when: { field: OBR-4.1, is: NA } }
                        - edit: { at: NTE-3, set: fasting }
                        """);

        assertThat(out.split("\r"))
                .containsSubsequence("OBR|2|A-2||NA^Sodium^L", "NTE|||fasting")
                .doesNotContain("ZL1|x", "OBX|1|ST|COL^Color^L||red")
                .hasSize(9);
    }

    @Test
    void conditionsLookAtTheGroupThatASegmentStandsIn() {
        assertThat(edited("- edit: { at: OBX-8, set: N, when: { field: OBR-4.1, is: NA," + " } }"))
                .contains("OBX|1|ST|COL^Color^L||red|||N\r")
                .contains("OBX|1|CWE|FAST^Fasting^L||Y^Yes^L\r");
    }

    @Test
    void typesDecide() {
        assertThat(edited("- edit: { types: ADT, at: PID-8, set: M }")).contains("|F\r");
        assertThat(edited("- edit: { types: ORM^O01, at: PID-8, set: M }")).contains("|M\r");
    }

    // ------------------------------------------------------------ the message as a whole

    @Test
    void anOlderVersionHasItsHeaderAndTypes() {
        assertThat(edited("- version: '2.3'"))
                .startsWith("MSH|^~\\&|EMR|CLINIC|LAB|NORTH|20261122080000||ORM^O01|C1|P|2.3\r")
                .contains("OBX|1|CE|FAST");
        assertThat(edited("- version: 2.5")).contains("|ORM^O01^ORM_O01|C1|P|2.5\r");
    }

    @Test
    void truncationEndsWithTheVersionThatKnowsIt() {
        var text = TEXT.replace("^~\\&", "^~\\&#").replace("Jane", "J\\P\\ne");

        assertThat(edited(text, "- version: 2.5.1")).startsWith("MSH|^~\\&|").contains("DOE^J#ne");
    }

    @Test
    void otherDelimitersBecomeTheStandardOnesAndNoValueChanges() {
        var text =
                TEXT.replace("^~\\&", "*!/%")
                        .replace("^", "*")
                        .replace("~", "!")
                        .replace("DOE", "D/S/O|E".replace("|", "/F/") + "^")
                        .replace("|", ";");

        var out = edited(text, "- delimiters: standard");

        assertThat(out).startsWith("MSH|^~\\&|EMR|").contains("|D*O;E\\S\\^Jane|");
        assertThat(read(out).value("PID-5.1")).isEqualTo("D*O;E^");
    }

    @Test
    void anotherCharacterSetIsNamedAndWritten() {
        var text = TEXT.replace("Jane", "J\u00fcr\\XE4\\n").replace("|2.5.1", "|2.5.1||||||8859/1");

        var out =
                Editing.edited(
                        raw(text, StandardCharsets.ISO_8859_1),
                        StandardCharsets.UTF_8,
                        script("- charset: UNICODE UTF-8"));

        assertThat(new String(out, StandardCharsets.UTF_8))
                .contains("|2.5.1||||||UNICODE UTF-8\r")
                .contains("DOE^J\u00fcr\u00e4n|");
    }

    @Test
    void theCharacterSetOfTheMessageIsKeptBothWays() {
        var text = TEXT.replace("Jane", "\u00c9v\u00e9").replace("|2.5.1", "|2.5.1||||||8859/1");

        var out =
                Editing.edited(
                        raw(text, StandardCharsets.ISO_8859_1),
                        StandardCharsets.UTF_8,
                        script("- edit: { at: PID-5.1, set: R\u00d6E }"));

        assertThat(new String(out, StandardCharsets.ISO_8859_1))
                .contains("|R\u00d6E^\u00c9v\u00e9|");
    }

    // ------------------------------------------------------------ what goes wrong

    @Test
    void aLetterThatTheCharacterSetLacksStopsTheMessageWithPlaceAndRemedy() {
        var text = TEXT.replace("|2.5.1", "|2.5.1||||||8859/1");

        assertThatThrownBy(() -> edited(text, "- edit: { at: PID-5.1, set: WA\u0141 }"))
                .isInstanceOf(NotPossible.class)
                .hasMessageContaining("lab/orders.edit.yaml: PID-5 has a letter that ISO-8859-1")
                .hasMessageNotContaining("WA");
    }

    @Test
    void anEditThatTakesTheTypeSendsNothing() {
        assertThatThrownBy(() -> edited("- edit: { at: MSH-9, delete: yes }"))
                .hasMessageContaining("MSH-9 is empty in what came out");
    }

    @Test
    void whatIsNoMessageIsNotEdited() {
        assertThatThrownBy(() -> edited("hello", "- edit: { at: PID-8, set: M }"))
                .hasMessageContaining("no message that begins with MSH");
    }

    @Test
    void editsThatMultiplyHaveAnEnd() {
        var doubling = "- edit: { at: ZZ1, insert: after PID }\n";
        var more = "- edit: { at: ZZ1, insert: after ZZ1 }\n".repeat(40);

        assertThatThrownBy(() -> edited(doubling + more)).hasMessageContaining("too many segments");
    }

    @Test
    void withoutATouchTheMessageIsWhatItWas() {
        var text =
                TEXT.replace("Jane", "J\\XE4\\\\.br\\\\H\\n\\x & lone\\e~'")
                        .replace("|x\n", "|x|||\n");

        assertThat(edited(text, "- edit: { types: ADT, at: PID-8, set: M }"))
                .isEqualTo(text.replace("\n", "\r"));
    }

    // ------------------------------------------------------------ how

    private String edited(String edits) {
        return edited(TEXT, edits);
    }

    private String edited(String text, String edits) {
        return new String(
                Editing.edited(
                        raw(text, StandardCharsets.UTF_8), StandardCharsets.UTF_8, script(edits)),
                StandardCharsets.UTF_8);
    }

    private static byte[] raw(String text, Charset charset) {
        return text.replace("\n", "\r").getBytes(charset);
    }

    private EditScript script(String edits) {
        var files = new TreeMap<String, byte[]>();
        files.put("orders.edit.yaml", edits.getBytes(StandardCharsets.UTF_8));
        if (csv.length > 0) files.put("codes2.csv", csv);
        var faults = new ArrayList<FileFault>();
        var scripts = EditsFile.scripts(new FolderFiles("lab", files), faults::add);
        assertThat(faults).isEmpty();
        return scripts.getOrDefault("orders.edit.yaml", Optional.empty()).orElseThrow();
    }

    /** What came out, read again. */
    private static Message read(String text) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return ((Reading.Readable) Message.read(bytes, StandardCharsets.UTF_8)).message();
    }
}
