package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvFileTests {

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"})
    void whatASpreadsheetWouldComputeIsText(String cell) {
        assertThat(new CsvFile().row(cell).toString()).isEqualTo("\"'" + cell + "\"\r\n");
    }

    @Test
    void quotesCommasAndLinesStayInTheirCell() {
        assertThat(new CsvFile().row("a\"b", "c,d", "e\nf", 7, "").toString())
                .isEqualTo("\"a\"\"b\",\"c,d\",\"e\nf\",\"7\",\"\"\r\n");
    }
}
