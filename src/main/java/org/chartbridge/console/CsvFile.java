package org.chartbridge.console;

/**
 * Comma-separated values (RFC 4180) that a spreadsheet opens as text: what would begin a formula
 * gets an apostrophe before it (OWASP "CSV injection").
 */
final class CsvFile {
    private static final String FORMULA_STARTS = "=+-@\t\r\n";

    private final StringBuilder text = new StringBuilder();

    CsvFile row(Object... cells) {
        for (var i = 0; i < cells.length; i++) {
            if (i > 0) text.append(',');
            text.append(cell(String.valueOf(cells[i])));
        }
        text.append("\r\n");
        return this;
    }

    private static String cell(String value) {
        var safe =
                !value.isEmpty() && FORMULA_STARTS.indexOf(value.charAt(0)) >= 0
                        ? "'" + value
                        : value;
        return '"' + safe.replace("\"", "\"\"") + '"';
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
