package org.chartbridge.partner;

import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Reads a table of an edit: a CSV file beside it, UTF-8, its first line naming the columns. Of two
 * columns the first says what comes and the second what goes; of more, those named {@code from} and
 * {@code to}.
 */
final class TableFile {
    static final int MAX_ROWS = 100_000;
    static final int MAX_FAULTS = 20;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}\\.csv");
    private static final String REMEDY = "write for example  units.csv  with the lines  from,to";

    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180
                    .builder()
                    .setIgnoreSurroundingSpaces(true)
                    .setIgnoreEmptyLines(true)
                    .setCommentMarker('#')
                    .get();

    private final FolderFiles folder;
    private final BiConsumer<String, String> atName;
    private final Consumer<FileFault> faults;
    private int told;

    /**
     * @param atName is told what is wrong where the file is named
     * @param faults is told what is wrong in the file
     */
    TableFile(FolderFiles folder, BiConsumer<String, String> atName, Consumer<FileFault> faults) {
        this.folder = folder;
        this.atName = atName;
        this.faults = faults;
    }

    /** What stands beside what; empty, with faults told, when the file can't be used. */
    Optional<Map<String, String>> read(String name) {
        if (!NAME.matcher(name).matches()) {
            atName.accept("table: \"" + name + "\" is no CSV file's name", REMEDY);
            return Optional.empty();
        }
        var content = folder.contents().get(name);
        if (content == null) {
            atName.accept(
                    "table: there is no " + name + " in the folder",
                    Nearest.to(name, folder.contents().keySet())
                            .map(near -> "did you mean \"" + near + "\"?")
                            .orElse("put it beside this file"));
            return Optional.empty();
        }
        var file = folder.name() + "/" + name;
        try {
            var text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
            return rows(file, text.startsWith("\uFEFF") ? text.substring(1) : text);
        } catch (CharacterCodingException _) { // Says no more than this.
            fault(file, 0, "the file is not UTF-8", "save it in UTF-8, as \"CSV UTF-8\"");
            return Optional.empty();
        }
    }

    private Optional<Map<String, String>> rows(String file, String text) {
        var values = new HashMap<String, String>();
        var lines = new HashMap<String, Integer>();
        int from = -1;
        int to = -1;
        try (var parser = CSVParser.parse(text, FORMAT)) {
            for (var record : parser) {
                int line = (int) parser.getCurrentLineNumber();
                if (from < 0) {
                    var names = record.toList();
                    from = names.size() == 2 ? 0 : names.indexOf("from");
                    to = names.size() == 2 ? 1 : names.indexOf("to");
                    if (from < 0 || to < 0) {
                        fault(
                                file,
                                line,
                                "which column is translated, and to which?",
                                "write two columns, or name two of them from and to in the first"
                                        + " line");
                        return Optional.empty();
                    }
                } else if (values.size() == MAX_ROWS) {
                    fault(file, line, "more than " + MAX_ROWS + " rows", "leave some out");
                } else if (row(file, line, record, from, to, lines)) {
                    values.put(record.get(from), record.get(to));
                }
                if (told >= MAX_FAULTS) return Optional.empty();
            }
        } catch (CSVException | UncheckedIOException _) { // Says no more than this.
            fault(
                    file,
                    0,
                    "a quoted value does not end, or goes on after its closing quote",
                    "end it with \", and write a quote inside it as \"\"");
        } catch (IOException e) {
            throw new UncheckedIOException("text in memory can't be read", e);
        }
        if (from < 0 && told == 0) fault(file, 1, "the file is empty", "begin it with  from,to");
        else if (values.isEmpty() && told == 0)
            fault(file, 1, "no row below the names of the columns", "add  from,to  rows");
        return told > 0 ? Optional.empty() : Optional.of(values);
    }

    private boolean row(
            String file, int line, CSVRecord record, int from, int to, Map<String, Integer> lines) {
        if (record.size() <= Math.max(from, to)) {
            fault(file, line, "the row is too short", "write both what comes and what goes");
            return false;
        }
        if (record.get(from).isEmpty()) {
            fault(file, line, "nothing is translated", "write what comes, or use  default");
            return false;
        }
        var earlier = lines.putIfAbsent(record.get(from), line);
        if (earlier == null) return true;
        fault(file, line, "the same value stands in line " + earlier, "leave one of them out");
        return false;
    }

    private void fault(String file, int line, String what, String remedy) {
        told++;
        faults.accept(new FileFault(file, line, 0, what, remedy));
    }
}
