package org.chartbridge.partner;

import static org.assertj.core.api.Assertions.assertThat;

import org.chartbridge.partner.Repair.Action;
import org.chartbridge.partner.Repair.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class RepairsFileTests {
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
        assertThat(repairs.getFirst().action()).isEqualTo(new Action.Table(Map.of("mg%", "mg/dL")));
        assertThat(repairs.get(1).id()).isEqualTo("line 7");
        assertThat(repairs.get(2).action()).isEqualTo(new Action.Move(new Place("PID", 3, 0, 0)));
    }

    @Test
    void aFolderWithoutTheFileHasNone() {
        assertThat(RepairsFile.read(new FolderFiles("lab", new TreeMap<>()), faults::add))
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
        assertThat(read("- repair: { at: OBX-6, set: x }\n".repeat(RepairsFile.MAX_REPAIRS + 1)))
                .isEmpty();
        assertThat(faults.getLast().what()).contains("101 repairs");

        read(
                "- repair: { at: OBX-6, set: "
                        + "x".repeat(RepairsFile.MAX_TEXT_CHARACTERS + 1)
                        + " }");
        assertThat(faults.getLast().what()).contains("a long text");

        read(
                "- repair: { at: OBX-6, with: x, pattern: "
                        + "x".repeat(RepairsFile.MAX_PATTERN_CHARACTERS + 1)
                        + " }");
        assertThat(faults.getLast().what()).contains("a long pattern");

        var table = new StringBuilder("- repair:\n    at: OBX-6\n    table:\n");
        for (int i = 0; i <= RepairsFile.MAX_TABLE_ROWS; i++)
            table.append("      a").append(i).append(": b\n");
        read(table.toString());
        assertThat(faults.getLast().what()).contains("too many rows");
    }

    private List<Repair> read(String text) {
        var contents = new TreeMap<String, byte[]>();
        contents.put(Repair.FILE, text.getBytes(StandardCharsets.UTF_8));
        return RepairsFile.read(new FolderFiles("lab", contents), faults::add);
    }
}
