package org.chartbridge.partner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import org.chartbridge.partner.CodeTable.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

class CodesFileTests {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 3);

    private final List<FileFault> faults = new ArrayList<>();

    @Test
    void aCodeIsTranslatedTogetherWithItsUnit() {
        var table =
                good(
                        """
                        code,text,unit,loinc,ucum,from
                        GLU,Glucose,mg/dl,2345-7,mg/dL,
                        GLU,Glucose,mmol/l,14749-6,mmol/L,
                        """);

        assertThat(table.find("GLU", "anything", "mg/dl", DAY)).map(Row::loinc).hasValue("2345-7");
        assertThat(table.find("GLU", "", "mmol/l", DAY)).map(Row::ucum).hasValue("mmol/L");
        assertThat(table.find("GLU", "", "mg%", DAY)).isEmpty();
        assertThat(table.find("glu", "", "mg/dl", DAY)).isEmpty();
        assertThat(table.find("GLU", "", "mg/dl", DAY)).map(Row::line).hasValue(2);
    }

    @Test
    void noneSaysThatATestHasNoCodeAndIsAnAnswer() {
        var table = good("code,text,unit,loinc,ucum\nNOTE,,,none,\nODD,,,None,\n");

        assertThat(table.find("NOTE", "", "", DAY)).map(Row::loinc).hasValue("");
        assertThat(table.find("ODD", "", "", DAY)).map(Row::line).hasValue(3);
    }

    @Test
    void aRowWithoutAUnitIsAboutAllThatNoOtherRowNames() {
        var table =
                good(
                        """
                        code,unit,loinc,ucum
                        K,,2823-3,
                        K,meq/l,2823-3,meq/L
                        """);

        assertThat(table.find("K", "", "meq/l", DAY)).map(Row::ucum).hasValue("meq/L");
        assertThat(table.find("K", "", "mmol/l", DAY)).map(Row::loinc).hasValue("2823-3");
        assertThat(table.find("K", "", "", DAY)).map(Row::loinc).hasValue("2823-3");
    }

    @Test
    void aTestThatOnlyHasATextIsFoundByIt() {
        var table = good("text,loinc\nUrine culture,630-4\n");

        assertThat(table.find("", "Urine culture", "", DAY)).isPresent();
        assertThat(table.find("Urine culture", "", "", DAY)).isEmpty();
    }

    @Test
    void ofSeveralDaysTheLastBeforeTheResultCounts() {
        var table =
                good(
                        """
                        code,loinc,from
                        TSH,3016-3,
                        TSH,11579-0,2026-11-03
                        TSH,11580-8,2026-11-04
                        """);

        assertThat(table.find("TSH", "", "", DAY.minusDays(1))).map(Row::loinc).hasValue("3016-3");
        assertThat(table.find("TSH", "", "", DAY)).map(Row::loinc).hasValue("11579-0");
        assertThat(table.find("TSH", "", "", DAY.plusYears(1))).map(Row::loinc).hasValue("11580-8");
    }

    @Test
    void beforeItsFirstDayACodeIsNotTranslated() {
        var table = good("code,loinc,from\nTSH,3016-3,2026-11-04\n");

        assertThat(table.find("TSH", "", "", DAY)).isEmpty();
    }

    @Test
    void whatSpreadsheetsWriteIsRead() {
        var table =
                good(
                        "\uFEFFcode,text,loinc\r\n"
                                + "# a remark\r\n"
                                + "\r\n"
                                + "\"A,1\",\"Sodium \"\"ISE\"\"\",2951-2\r\n");

        assertThat(table.size()).isEqualTo(1);
        assertThat(table.find("A,1", "", "", DAY)).map(Row::text).hasValue("Sodium \"ISE\"");
    }

    @Test
    void aFolderWithoutTheFileHasAnEmptyTable() {
        var folder = new FolderFiles("lab", new TreeMap<>());

        assertThat(CodesFile.read(folder, faults::add)).hasValue(CodeTable.EMPTY);
        assertThat(faults).isEmpty();
    }

    static Stream<Arguments> aFaultNamesLineColumnAndRemedy() {
        return Stream.of(
                broken("", "lab/codes.csv:1: the file is empty; begin it with"),
                broken(
                        "code,loink\n",
                        "lab/codes.csv:1: column 2: unknown column \"loink\"; did you mean"
                                + " \"loinc\"?"),
                broken("code,code,loinc\n", "lab/codes.csv:1: column 2: column code stands twice"),
                broken("unit,loinc\n", "lab/codes.csv:1: there is neither a column code nor text"),
                broken("code,text\n", "lab/codes.csv:1: there is neither a column loinc nor ucum"),
                broken(
                        "code,loinc\nNA,2951-3\n",
                        "lab/codes.csv:2: column 2: the check digit of 2951-3 is wrong; look the"
                            + " code up; if the digits before the dash are right, it is 2951-2"),
                broken(
                        "code,loinc\nNA,sodium\n",
                        "lab/codes.csv:2: column 2: \"sodium\" is no LOINC code; write it with its"
                                + " check digit"),
                broken(
                        "code,unit,ucum\nCK,u/l,IU/L\n",
                        "lab/codes.csv:2: column 3: \"IU/L\" is no UCUM unit: "),
                broken(
                        "code,loinc,from\nNA,2951-2,1.11.2026\n",
                        "lab/codes.csv:2: column 3: \"1.11.2026\" is no day; write"
                                + " year-month-day"),
                broken(
                        "code,loinc\nNA,2951-2,x\n",
                        "lab/codes.csv:2: column 3: 3 values in 2 columns; put a value that holds"
                                + " a comma in quotes"),
                broken("code,loinc\n,2951-2\n", "lab/codes.csv:2: neither code nor text"),
                broken("code,loinc\nNA,\n", "lab/codes.csv:2: neither loinc nor ucum"),
                broken(
                        "code,loinc\nNA,2951-2\n\nNA,2947-0\n",
                        "lab/codes.csv:4: the same code, unit and day stand in line 2"),
                broken(
                        "code,text,loinc\nNA,\"two\nlines\",2951-2\nK,x,1\n",
                        "lab/codes.csv:4: column 3: \"1\" is no LOINC code"),
                broken("code,loinc\nNA,\"2951-2\n", "a quoted value does not end"));
    }

    private static Arguments broken(String content, String expected) {
        return arguments(content, expected);
    }

    @ParameterizedTest
    @MethodSource
    void aFaultNamesLineColumnAndRemedy(String content, String expected) {
        assertThat(read(content.getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(faults).singleElement().asString().contains(expected);
    }

    @Test
    void anotherCharacterSetIsNoted() {
        assertThat(read("code,loinc\nH\u00e4m,718-7\n".getBytes(StandardCharsets.ISO_8859_1)))
                .isEmpty();
        assertThat(faults).singleElement().asString().contains("not UTF-8");
    }

    @Test
    void everyFaultIsToldUpToALimit() {
        var content = new StringBuilder("code,loinc\n");
        for (var i = 0; i < 2 * CodesFile.MAX_FAULTS; i++)
            content.append("C").append(i).append(",x\n");

        assertThat(read(content.toString().getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(faults).hasSize(CodesFile.MAX_FAULTS);
    }

    @Test
    void moreRowsThanLoincHasCodesAreRefused() {
        var content = new StringBuilder("code,loinc\n");
        for (var i = 0; i <= CodesFile.MAX_ROWS; i++) content.append(i).append(",2951-2\n");

        assertThat(read(content.toString().getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(faults).singleElement().asString().contains("more than 100000 rows");
    }

    private CodeTable good(String content) {
        var table = read(content.getBytes(StandardCharsets.UTF_8));
        assertThat(faults).isEmpty();
        return table.orElseThrow();
    }

    private Optional<CodeTable> read(byte[] content) {
        return CodesFile.read(
                new FolderFiles("lab", new TreeMap<>(Map.of(CodesFile.NAME, content))),
                faults::add);
    }
}
