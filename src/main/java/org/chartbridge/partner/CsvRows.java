package org.chartbridge.partner;

import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The rows of a CSV file whose first line names the columns: UTF-8, commas, in any order, lines
 * that begin with # left out. Every fault is told with its line.
 */
final class CsvRows {
    static final int MAX_ROWS = 100_000;

    /** After so many faults the file as a whole is wrong. */
    static final int MAX_FAULTS = 50;

    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180
                    .builder()
                    .setIgnoreSurroundingSpaces(true)
                    .setIgnoreEmptyLines(true)
                    .setCommentMarker('#')
                    .get();

    private final String file;
    private final List<String> columns;
    private final Consumer<FileFault> faults;
    private int told;

    /**
     * @param columns that there may be; the first must be
     */
    CsvRows(String file, List<String> columns, Consumer<FileFault> faults) {
        this.file = file;
        this.columns = columns;
        this.faults = faults;
    }

    /** A row: what stands in a column, "" where it is absent or empty. */
    record Row(int line, Map<String, String> values) {
        String get(String column) {
            return values.getOrDefault(column, "");
        }
    }

    /** Empty, with faults told, when the file can't be read; {@link #told} says whether any was. */
    Optional<List<Row>> read(byte[] content) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException _) { // Says no more than this.
            fault(0, "the file is not UTF-8", "save it in UTF-8, as \"CSV UTF-8\"");
            return Optional.empty();
        }
        if (text.startsWith("\uFEFF")) text = text.substring(1);
        var rows = new ArrayList<Row>();
        var names = List.<String>of();
        try (var parser = CSVParser.parse(text, FORMAT)) {
            for (var record : parser) {
                int line = (int) parser.getCurrentLineNumber();
                if (names.isEmpty()) {
                    names = record.toList();
                    if (!header(names, line)) return Optional.empty();
                } else if (record.size() != names.size()) {
                    fault(
                            line,
                            record.size() + " values under " + names.size() + " columns",
                            "write one for each, empty ones too; quote a value with a comma");
                } else if (rows.size() == MAX_ROWS) {
                    fault(line, "more than " + MAX_ROWS + " rows", "leave some out");
                    return Optional.empty();
                } else {
                    var values = new LinkedHashMap<String, String>();
                    for (int i = 0; i < names.size(); i++) values.put(names.get(i), record.get(i));
                    rows.add(new Row(line, values));
                }
                if (told >= MAX_FAULTS) return Optional.empty();
            }
        } catch (CSVException | UncheckedIOException _) { // Says no more than this.
            fault(
                    0,
                    "a quoted value does not end, or goes on after its closing quote",
                    "end it with \", and write a quote inside it as \"\"");
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("text in memory can't be read", e);
        }
        if (names.isEmpty())
            fault(1, "the file is empty", "begin it with the line  " + String.join(",", columns));
        return told > 0 ? Optional.empty() : Optional.of(rows);
    }

    private boolean header(List<String> names, int line) {
        var seen = new HashMap<String, Integer>();
        for (var name : names) {
            if (!columns.contains(name))
                fault(line, "unknown column \"" + shown(name) + "\"", Nearest.hint(name, columns));
            else if (seen.put(name, line) != null)
                fault(line, "column " + name + " stands twice", "leave one out");
        }
        if (told == 0 && !seen.containsKey(columns.getFirst()))
            fault(
                    line,
                    "column " + columns.getFirst() + " is missing",
                    "begin the file with the line  " + String.join(",", columns));
        return told == 0;
    }

    private static String shown(String name) {
        return name.length() <= 40 ? name : name.substring(0, 40) + "…";
    }

    void fault(int line, String what, String remedy) {
        told++;
        faults.accept(new FileFault(file, line, 0, what, remedy));
    }

    boolean told() {
        return told > 0;
    }
}
