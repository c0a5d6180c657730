package org.chartbridge.partner;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.partner.Edit.Action;
import org.chartbridge.partner.Edit.Otherwise;
import org.chartbridge.partner.Edit.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

class EditsFileTests {
    private final List<FileFault> faults = new ArrayList<>();

    @Test
    void repairsAreReadInTheirOrder() {
        var repairs =
                read(
                        """
                        - repair:
                            id: units
                            types: [ORU, OUL^R22]
                            when: { field: OBX-2, is: [NM, SN] }
                            at: OBX-6.1
                            table: { "mg%": mg/dL }
                        - repair: { at: PID-3.1, pattern: '^0+(\\d)', with: $1 }
                        - repair: { at: PID-2, move: PID-3 }
                        """);

        assertThat(faults).isEmpty();
        assertThat(repairs).hasSize(3);
        assertThat(repairs.getFirst().types()).containsExactly("ORU", "OUL^R22");
        assertThat(repairs.getFirst().action())
                .isEqualTo(new Action.Table(Map.of("mg%", "mg/dL"), Otherwise.KEEP));
        assertThat(repairs.get(1).id()).isEqualTo("line 7");
        assertThat(repairs.get(2).action()).isEqualTo(new Action.Move(new Place("PID", 3, 0, 0)));
    }

    @Test
    void aFolderWithoutTheFileHasNone() {
        assertThat(EditsFile.repairs(new FolderFiles("lab", new TreeMap<>()), faults::add))
                .isEmpty();
        assertThat(faults).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "repair: x; wanted a list of repairs",
                "- edit: { at: OBX-6 }; wanted a repair",
                "- repair: { set: x }; \"at\" is missing",
                "- repair: { at: OBX-6 }; says not what to do",
                "- repair: { at: OBX-6, set: x, delete: yes }; 2 things to do",
                "- repair: { at: OBX6, set: x }; at: no place",
                "- repair: { at: MSH-12, set: '2.5' }; MSH says how a message is read",
                "- repair: { at: OBX-6, sett: x }; unknown key \"sett\"",
                "- repair: { at: OBX-6, set: { a: b } }; set: wanted text",
                "- repair: { at: OBX-6, delete: no }; delete: wanted yes",
                "- repair: { at: OBX-6, move: PID-3 }; move: to another segment",
                "- repair: { at: OBX-6, move: OBX-6 }; move: to itself",
                "- repair: { at: OBX-6, table: {} }; table: wanted rows",
                "- repair: { at: OBX-6, pattern: '(', with: x }; pattern: Unclosed group",
                "- repair: { at: OBX-6, pattern: 'a' }; \"with\" is missing",
                "- repair: { at: OBX-6, pattern: 'a', with: '$1' }; names no group",
                "- repair: { at: OBX-6, pattern: 'a', with: 'x\\' }; ends with one",
                "- repair: { at: OBX-6, set: x, with: y }; with: only beside pattern",
                "- repair: { at: OBX-6, set: x, types: [results] }; types: no message type",
                "- repair: { at: OBX-6, set: x, when: NM }; when: wanted keys",
                "- repair: { at: OBX-6, set: x, when: { field: OBX-2 } }; one of is, matches,"
                        + " empty",
                "- repair: { at: OBX-6, set: x, when: { field: OBX-2, empty: maybe } }; empty:"
                        + " wanted yes or no"
            })
    void aBrokenFileIsRefusedWithItsLine(String text, String what) {
        assertThat(read(text)).isEmpty();

        assertThat(faults).anyMatch(fault -> fault.what().contains(what));
        assertThat(faults)
                .allMatch(fault -> fault.where().equals("lab/repairs.edit.yaml:1"))
                .allMatch(fault -> !fault.remedy().isEmpty());
    }

    @Test
    void everyLimitIsRefused() {
        assertThat(read("- repair: { at: OBX-6, set: x }\n".repeat(EditsFile.MAX_EDITS + 1)))
                .isEmpty();
        assertThat(faults.getLast().what()).contains("101 repairs");

        read("- repair: { at: OBX-6, set: " + "x".repeat(EditsFile.MAX_TEXT_CHARACTERS + 1) + " }");
        assertThat(faults.getLast().what()).contains("a long text");

        read(
                "- repair: { at: OBX-6, with: x, pattern: "
                        + "x".repeat(EditsFile.MAX_PATTERN_CHARACTERS + 1)
                        + " }");
        assertThat(faults.getLast().what()).contains("a long pattern");

        var table = new StringBuilder("- repair:\n    at: OBX-6\n    table:\n");
        for (int i = 0; i <= EditsFile.MAX_TABLE_ROWS; i++)
            table.append("      a").append(i).append(": b\n");
        read(table.toString());
        assertThat(faults.getLast().what()).contains("too many rows");
    }

    // ------------------------------------------------------------ edits of what goes out

    @Test
    void editsSayMoreThanRepairs() {
        var script =
                edits(
                                """
                                - version: 2.3
                                - charset: 8859/1
                                - delimiters: standard
                                - edit: { at: PID-3, copy: PID-4, repeat: last }
                                - edit: { at: Z*, remove: yes }
                                - edit: { at: NTE, insert: after PID }
                                - edit: { at: PID-5, set: [DOE, Jane] }
                                - edit: { at: OBR-4.1, table: codes.csv, otherwise: fail }
                                """)
                        .orElseThrow();

        assertThat(script.file()).isEqualTo("lab/orders.edit.yaml");
        assertThat(script.steps())
                .extracting(EditScript.Step::line)
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(script.steps().get(3))
                .isInstanceOfSatisfying(
                        EditScript.Change.class,
                        change -> {
                            assertThat(change.edit().repetition()).isEqualTo(Edit.LAST);
                            assertThat(change.edit().action())
                                    .isEqualTo(new Action.Copy(new Place("PID", 4, 0, 0)));
                        });
        assertThat(script.steps().getLast())
                .isInstanceOfSatisfying(
                        EditScript.Change.class,
                        change ->
                                assertThat(change.edit().action())
                                        .isEqualTo(
                                                new Action.Table(
                                                        Map.of("K", "POT"), Otherwise.FAIL)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "[]; an empty list",
                "- repair: { at: OBX-6, set: x }; wanted an edit",
                "- version: 2.9; version: \"2.9\" can't be written",
                "- charset: UTF8; charset: \"UTF8\" can't be written",
                "- delimiters: mine; delimiters: \"mine\"",
                "- edit: { at: MSH-10, set: x }; MSH-10 is what the answer is known by",
                "- edit: { at: PID-2, copy: MSH-10 }; MSH-10 is what the answer is known by",
                "- edit: { at: MSH-2, set: x }; holds the delimiters",
                "- edit: { at: MSH-12, set: '2.3' }; MSH-12 is written with",
                "- edit: { at: MSH-18, set: x }; MSH-18 is written with",
                "- edit: { at: M*, remove: yes }; MSH begins every message",
                "- edit: { at: PID-5, set: DOE^Jane }; write the components as a list: set: [DOE,"
                        + " Jane]",
                "- edit: { at: PID-5.1, set: [a, b] }; name a field",
                "- edit: { at: PID-3, move: PID-3.1 }; move: to a part of itself",
                "- edit: { at: PID-3, remove: yes }; is no segment",
                "- edit: { at: NTE, insert: behind PID }; insert: no place",
                "- edit: { at: NTE, insert: before MSH }; insert: no place",
                "- edit: { at: PID-3.1, repeat: second, set: x }; repeat: \"second\"",
                "- edit: { at: PID-3, set: x, otherwise: fail }; otherwise: only beside table",
                "- edit: { at: OBR-4, table: cods.csv }; did you mean \"codes.csv\"?",
                "- edit: { at: OBR-4, table: ../x.csv }; is no CSV file's name",
                "- edit: { at: OBR-4, table: codes.csv, otherwise: stop }; wanted keep, empty or"
                        + " fail"
            })
    void aBrokenEditFileIsRefusedWithItsLine(String text, String what) {
        assertThat(edits(text)).isEmpty();

        assertThat(faults)
                .singleElement()
                .asString()
                .startsWith("lab/orders.edit.yaml:1: ")
                .contains(what);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "``; :1: the file is empty",
                "from,to; :1: no row below",
                "a,b,c; :1: which column is translated",
                "from,to|x; :2: the row is too short",
                "from,to|,x; :2: nothing is translated",
                "from,to|x,1|x,2; :3: the same value stands in line 2",
                "from,to|\"x,1; : a quoted value does not end"
            })
    void aBrokenTableIsRefusedWithItsLine(String text, String what) {
        csv = text.replace("|", "\n");

        assertThat(edits("- edit: { at: OBR-4.1, table: codes.csv }")).isEmpty();

        assertThat(faults).singleElement().asString().startsWith("lab/codes.csv" + what);
    }

    @Test
    void aNameThatNoStepCanSayIsRefused() {
        var files = new TreeMap<String, byte[]>(Map.of("my file.edit.yaml", new byte[0]));

        assertThat(EditsFile.scripts(new FolderFiles("lab", files), faults::add).values())
                .containsExactly(Optional.empty());
        assertThat(faults).singleElement().asString().contains("a name that no step can say");
    }

    private String csv = "from,to\nK,POT\n";

    private Optional<EditScript> edits(String text) {
        var contents = new TreeMap<String, byte[]>();
        contents.put("orders.edit.yaml", text.getBytes(StandardCharsets.UTF_8));
        contents.put("codes.csv", csv.getBytes(StandardCharsets.UTF_8));
        return EditsFile.scripts(new FolderFiles("lab", contents), faults::add)
                .getOrDefault("orders.edit.yaml", Optional.empty());
    }

    private List<Edit> read(String text) {
        var contents = new TreeMap<String, byte[]>();
        contents.put(Edit.REPAIRS, text.getBytes(StandardCharsets.UTF_8));
        return EditsFile.repairs(new FolderFiles("lab", contents), faults::add);
    }
}
