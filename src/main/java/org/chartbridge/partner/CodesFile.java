package org.chartbridge.partner;

import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads {@code codes.csv}: UTF-8, values parted by commas, the columns named in its first line.
 * Every fault is told with its line, not only the first; a file with a fault gives no table.
 */
public final class CodesFile {
    public static final String NAME = "codes.csv";

    /** LOINC itself has about 100,000 codes. */
    static final int MAX_ROWS = 100_000;

    /** After so many faults the file as a whole is wrong. */
    static final int MAX_FAULTS = 100;

    /** What its columns may be called; they may stand in any order, and most may be left out. */
    public static final List<String> COLUMNS =
            List.of("code", "text", "unit", "loinc", "ucum", "from");

    /** In the column loinc: somebody has looked, and there is no code. */
    static final String NONE = "none";

    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180
                    .builder()
                    .setIgnoreSurroundingSpaces(true)
                    .setIgnoreEmptyLines(true)
                    .setCommentMarker('#')
                    .get();

    private final String file;
    private final Consumer<FileFault> faults;
    private final Map<String, Integer> columns = new HashMap<>();
    private final List<CodeTable.Row> rows = new ArrayList<>();
    private final Map<String, Integer> lineOf = new HashMap<>();
    private int told;

    private CodesFile(String file, Consumer<FileFault> faults) {
        this.file = file;
        this.faults = faults;
    }

    /**
     * The table of a folder; {@link CodeTable#EMPTY} where there is no such file.
     *
     * @return empty, with faults told, when the file has any
     */
    public static Optional<CodeTable> read(FolderFiles folder, Consumer<FileFault> faults) {
        var content = folder.contents().get(NAME);
        if (content == null) return Optional.of(CodeTable.EMPTY);
        return new CodesFile(folder.name() + "/" + NAME, faults).table(content);
    }

    private Optional<CodeTable> table(byte[] content) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException _) { // Says no more than this.
            faults.accept(
                    FileFault.ofFile(
                            file, "the file is not UTF-8", "save it in UTF-8, as \"CSV UTF-8\""));
            return Optional.empty();
        }
        if (text.startsWith("\uFEFF")) text = text.substring(1);
        try (var parser = CSVParser.parse(text, FORMAT)) {
            for (var record : parser) {
                int line = line(parser, record);
                if (columns.isEmpty()) {
                    if (!header(record, line)) return Optional.empty();
                } else if (rows.size() == MAX_ROWS) {
                    fault(
                            line,
                            0,
                            "there are more than " + MAX_ROWS + " rows",
                            "leave out what never comes");
                    break;
                } else {
                    row(record, line);
                }
                if (told >= MAX_FAULTS) return Optional.empty();
            }
        } catch (CSVException | UncheckedIOException e) {
            fault(
                    (int) lines(text),
                    0,
                    "a quoted value does not end, or goes on after its closing quote",
                    "end it with \", and write a quote inside it as \"\"");
        } catch (IOException e) {
            throw new UncheckedIOException("text in memory can't be read", e);
        }
        if (columns.isEmpty() && told == 0)
            fault(
                    1,
                    0,
                    "the file is empty",
                    "begin it with the line  " + String.join(",", COLUMNS));
        return told > 0 ? Optional.empty() : Optional.of(new CodeTable(rows));
    }

    private static long lines(String text) {
        return text.lines().count();
    }

    /** The line on which a record begins; values in quotes may hold line breaks. */
    private static int line(CSVParser parser, CSVRecord record) {
        var breaks = record.stream().mapToLong(v -> v.chars().filter(c -> c == '\n').count()).sum();
        return (int) (parser.getCurrentLineNumber() - breaks);
    }

    private boolean header(CSVRecord record, int line) {
        var seen = new HashSet<String>();
        for (int i = 0; i < record.size(); i++) {
            var name = record.get(i);
            if (!COLUMNS.contains(name))
                fault(
                        line,
                        i,
                        "unknown column \"" + shown(name) + "\"",
                        Nearest.hint(name, COLUMNS));
            else if (!seen.add(name))
                fault(line, i, "column " + name + " stands twice", "leave one out");
            columns.put(name, i);
        }
        if (told > 0) return false;
        if (!seen.contains("code") && !seen.contains("text"))
            fault(
                    line,
                    0,
                    "there is neither a column code nor text",
                    "name the tests by one of them");
        if (!seen.contains("loinc") && !seen.contains("ucum"))
            fault(line, 0, "there is neither a column loinc nor ucum", "say what the tests are");
        return told == 0;
    }

    private void row(CSVRecord record, int line) {
        if (record.size() > columns.size()) {
            fault(
                    line,
                    columns.size(),
                    record.size() + " values in " + columns.size() + " columns",
                    "put a value that holds a comma in quotes");
            return;
        }
        var code = value(record, "code");
        var text = value(record, "text");
        var unit = value(record, "unit");
        var loinc = value(record, "loinc");
        var ucum = value(record, "ucum");
        var before = told;
        if (code.isEmpty() && text.isEmpty())
            fault(line, 0, "neither code nor text", "write what the partner sends in OBX-3");
        boolean none = loinc.equalsIgnoreCase(NONE);
        if (loinc.isEmpty() && ucum.isEmpty())
            fault(
                    line,
                    0,
                    "neither loinc nor ucum",
                    "write what it is; loinc none for a test that has no code");
        if (!loinc.isEmpty() && !none) loinc(line, loinc);
        if (!ucum.isEmpty())
            Ucum.fault(ucum)
                    .ifPresent(
                            why ->
                                    fault(
                                            line,
                                            column("ucum"),
                                            "\"" + shown(ucum) + "\" is no UCUM unit: " + why,
                                            "write it as UCUM has it, for example mmol/L, 10*9/L"
                                                    + " or [IU]/L"));
        var from = day(record, line);
        if (told > before) return;
        var key =
                String.join(
                        "\u0000", code, code.isEmpty() ? text : "", unit, value(record, "from"));
        var earlier = lineOf.putIfAbsent(key, line);
        if (earlier != null) {
            fault(
                    line,
                    0,
                    "the same code, unit and day stand in line " + earlier,
                    "leave one out, or give one of them another day in from");
            return;
        }
        rows.add(new CodeTable.Row(line, code, text, unit, none ? "" : loinc, ucum, from));
    }

    private void loinc(int line, String loinc) {
        var check = Loinc.checkDigit(loinc);
        if (check.isEmpty())
            fault(
                    line,
                    column("loinc"),
                    "\"" + shown(loinc) + "\" is no LOINC code",
                    "write it with its check digit, for example 2345-7");
        else if (!Loinc.isCode(loinc))
            fault(
                    line,
                    column("loinc"),
                    "the check digit of " + loinc + " is wrong",
                    "look the code up; if the digits before the dash are right, it is "
                            + loinc.substring(0, loinc.indexOf('-') + 1)
                            + check.getAsInt());
    }

    private @Nullable LocalDate day(CSVRecord record, int line) {
        var text = value(record, "from");
        if (text.isEmpty()) return null;
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException _) { // Says no more than this.
            fault(
                    line,
                    column("from"),
                    "\"" + shown(text) + "\" is no day",
                    "write year-month-day, for example 2026-11-01");
            return null;
        }
    }

    private int column(String name) {
        return columns.getOrDefault(name, 0);
    }

    private String value(CSVRecord record, String column) {
        var at = columns.get(column);
        return at == null || at >= record.size() ? "" : record.get(at);
    }

    private static String shown(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }

    /**
     * Tells a fault.
     *
     * @param column from 0; the values of a row are counted, not its characters
     */
    private void fault(int line, int column, String what, String remedy) {
        told++;
        var where = column == 0 ? "" : "column " + (column + 1) + ": ";
        faults.accept(new FileFault(file, line, 0, where + what, remedy));
    }
}
