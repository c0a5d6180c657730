package org.chartbridge.screening;

import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.chartbridge.partner.FileFault;
import org.chartbridge.partner.FolderFiles;
import org.chartbridge.partner.Nearest;
import org.chartbridge.screening.Tables.DrugClass;
import org.chartbridge.screening.Tables.Ingredient;
import org.chartbridge.screening.Tables.Pair;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Reads the tables of {@code routes/screening}; long because four kinds of rows have faults of
 * their own. Every fault is told, not only the first; a folder with a fault gives no tables, so
 * that nobody is screened by half of them.
 */
public final class TableFiles {
    /** The folder below {@code routes/}; no partner may be called so. */
    public static final String FOLDER = "screening";

    static final String INGREDIENTS = "ingredients.csv";
    static final String CLASSES = "classes.csv";
    static final String CROSS_REACTIONS = "cross-reactions.csv";
    static final String INTERACTIONS = "interactions.csv";

    static final int MAX_ROWS = 50_000;

    /** After so many faults the file as a whole is wrong. */
    static final int MAX_FAULTS = 100;

    private static final Map<String, List<String>> COLUMNS = columns();

    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180
                    .builder()
                    .setIgnoreSurroundingSpaces(true)
                    .setIgnoreEmptyLines(true)
                    .setCommentMarker('#')
                    .get();

    private final FolderFiles folder;
    private final Consumer<FileFault> faults;
    private final Map<String, Ingredient> ingredients = new LinkedHashMap<>();
    private final Map<String, DrugClass> classes = new LinkedHashMap<>();
    private int told;

    private TableFiles(FolderFiles folder, Consumer<FileFault> faults) {
        this.folder = folder;
        this.faults = faults;
    }

    private static Map<String, List<String>> columns() {
        var columns = new LinkedHashMap<String, List<String>>();
        columns.put(
                CLASSES, List.of("class", "names", "atc", "rxnorm", "snomed", "within", "source"));
        columns.put(
                INGREDIENTS, List.of("ingredient", "names", "rxnorm", "atc", "classes", "source"));
        columns.put(CROSS_REACTIONS, List.of("allergy", "drug", "severity", "text", "source"));
        columns.put(INTERACTIONS, List.of("one", "other", "severity", "text", "source"));
        return columns;
    }

    /**
     * Reads the folder.
     *
     * @param routes the routes folder
     * @return {@link Tables#NONE} where there is no such folder; empty, with faults told, when it
     *     has any
     */
    public static Optional<Tables> read(Path routes, Consumer<FileFault> faults) {
        var folder = routes.resolve(FOLDER);
        if (!Files.isDirectory(folder)) return Optional.of(Tables.NONE);
        return FolderFiles.read(folder, faults)
                .flatMap(files -> new TableFiles(files, faults).tables());
    }

    private Optional<Tables> tables() {
        for (var file : folder.contents().keySet())
            if (!COLUMNS.containsKey(file) && (file.endsWith(".csv") || file.endsWith(".yaml")))
                fault(
                        file,
                        0,
                        "a file that is no table of screening",
                        Nearest.hint(file, COLUMNS.keySet()));
        for (var row : rows(CLASSES)) drugClass(row);
        for (var row : rows(INGREDIENTS)) ingredient(row);
        var cross = pairs(CROSS_REACTIONS, "allergy", "drug");
        var interactions = pairs(INTERACTIONS, "one", "other");
        if (told > 0) return Optional.empty();
        return Optional.of(
                new Tables(
                        folder.version(),
                        ingredients.values(),
                        classes.values(),
                        cross,
                        interactions));
    }

    /** A row, its values by column. */
    private record Row(String file, int line, Map<String, String> values) {
        String value(String column) {
            return values.getOrDefault(column, "");
        }

        List<String> list(String column) {
            var all = new ArrayList<String>();
            for (var one : value(column).split("\\|", -1)) if (!one.isBlank()) all.add(one.strip());
            return all;
        }

        String rule() {
            return FOLDER + "/" + file + ":" + line + ", " + value("source");
        }
    }

    private void drugClass(Row row) {
        var name = named(row, "class");
        var word = row.value("within");
        var within = Severity.of(word);
        if (within.isEmpty() && !word.equals("none"))
            fault(row, "within is \"" + shown(word) + "\"", "write high, moderate, low, or none");
        if (name.isEmpty()) return;
        classes.put(
                name,
                new DrugClass(
                        name,
                        row.list("names"),
                        row.list("atc"),
                        row.list("rxnorm"),
                        row.list("snomed"),
                        within.stream().toList(),
                        row.rule()));
    }

    private void ingredient(Row row) {
        var name = named(row, "ingredient");
        var its = row.list("classes");
        for (var one : its)
            if (!classes.containsKey(one))
                fault(
                        row,
                        "the class \"" + shown(one) + "\" is not in " + CLASSES,
                        Nearest.hint(one, classes.keySet()));
        if (row.list("names").isEmpty()
                && row.list("rxnorm").isEmpty()
                && row.list("atc").isEmpty())
            fault(row, "no names, rxnorm or atc", "write by what it is to be found");
        for (var code : row.list("rxnorm"))
            if (!code.matches("[0-9]{1,8}"))
                fault(
                        row,
                        "\"" + shown(code) + "\" is no RxNorm code",
                        "write its RxCUI, digits only");
        for (var code : row.list("atc"))
            if (!code.matches("[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}"))
                fault(
                        row,
                        "\"" + shown(code) + "\" is no ATC code",
                        "write all seven characters, for example J01CA04");
        if (name.isEmpty()) return;
        ingredients.put(
                name,
                new Ingredient(name, row.list("names"), row.list("rxnorm"), row.list("atc"), its));
    }

    /** The name of an ingredient or class, which no other has; empty, with a fault told. */
    private String named(Row row, String column) {
        var name = row.value(column);
        if (name.isEmpty()) {
            fault(row, "no " + column, "give it a name");
            return "";
        }
        if (!classes.containsKey(name) && !ingredients.containsKey(name)) return name;
        fault(
                row,
                "\"" + shown(name) + "\" stands twice",
                "leave one out, or give it another name");
        return "";
    }

    private List<Pair> pairs(String file, String one, String other) {
        var pairs = new ArrayList<Pair>();
        var seen = new HashMap<String, Integer>();
        for (var row : rows(file)) {
            term(row, one);
            term(row, other);
            var severity = Severity.of(row.value("severity"));
            if (severity.isEmpty())
                fault(
                        row,
                        "severity is \"" + shown(row.value("severity")) + "\"",
                        "write high, moderate or low");
            if (row.value("text").isEmpty()) fault(row, "no text", "say what may happen");
            var earlier = seen.putIfAbsent(row.value(one) + "|" + row.value(other), row.line());
            if (earlier != null)
                fault(row, "the same two stand in line " + earlier, "leave one out");
            severity.ifPresent(
                    how ->
                            pairs.add(
                                    new Pair(
                                            row.value(one),
                                            row.value(other),
                                            how,
                                            row.value("text"),
                                            row.rule())));
        }
        return pairs;
    }

    private void term(Row row, String column) {
        var term = row.value(column);
        if (classes.containsKey(term) || ingredients.containsKey(term)) return;
        var known = new TreeSet<>(classes.keySet());
        known.addAll(ingredients.keySet());
        fault(
                row,
                "\"" + shown(term) + "\" is no class and no ingredient",
                Nearest.to(term, known)
                        .map(near -> "did you mean \"" + near + "\"?")
                        .orElse("add it to " + INGREDIENTS + " or " + CLASSES));
    }

    private List<Row> rows(String file) {
        var content = folder.contents().get(file);
        if (content == null) {
            fault(file, 0, "the file is missing", "begin it with the line  " + header(file));
            return List.of();
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException _) { // Says no more than this.
            fault(file, 0, "the file is not UTF-8", "save it in UTF-8, as \"CSV UTF-8\"");
            return List.of();
        }
        if (text.startsWith("\uFEFF")) text = text.substring(1);
        var rows = new ArrayList<Row>();
        var names = new ArrayList<String>();
        try (var parser = CSVParser.parse(text, FORMAT)) {
            for (var record : parser) {
                int line = (int) parser.getCurrentLineNumber();
                if (names.isEmpty()) {
                    if (!header(file, record, line)) return List.of();
                    names.addAll(record.toList());
                    continue;
                }
                if (record.size() != names.size()) {
                    fault(
                            file,
                            line,
                            record.size() + " values in " + names.size() + " columns",
                            "put a value that holds a comma in quotes");
                } else if (rows.size() == MAX_ROWS) {
                    fault(
                            file,
                            line,
                            "there are more than " + MAX_ROWS + " rows",
                            "leave some out");
                    break;
                } else {
                    var values = new HashMap<String, String>();
                    for (int i = 0; i < names.size(); i++) values.put(names.get(i), record.get(i));
                    rows.add(new Row(file, line, values));
                }
                if (told >= MAX_FAULTS) break;
            }
        } catch (CSVException | UncheckedIOException _) { // Says no more than this.
            fault(
                    file,
                    (int) text.lines().count(),
                    "a quoted value does not end, or goes on after its closing quote",
                    "end it with \", and write a quote inside it as \"\"");
        } catch (IOException e) {
            throw new UncheckedIOException("text in memory can't be read", e);
        }
        if (names.isEmpty() && told == 0)
            fault(file, 1, "the file is empty", "begin it with the line  " + header(file));
        return rows;
    }

    private boolean header(String file, CSVRecord record, int line) {
        var wanted = COLUMNS.getOrDefault(file, List.of());
        var before = told;
        for (var name : record)
            if (!wanted.contains(name))
                fault(
                        file,
                        line,
                        "unknown column \"" + shown(name) + "\"",
                        Nearest.hint(name, wanted));
        if (told > before) return false;
        if (record.size() == wanted.size() && Set.copyOf(record.toList()).size() == wanted.size())
            return true;
        fault(
                file,
                line,
                "a column is missing or stands twice",
                "begin the file with the line  " + header(file));
        return false;
    }

    private static String header(String file) {
        return String.join(",", COLUMNS.getOrDefault(file, List.of()));
    }

    private static String shown(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }

    private void fault(Row row, String what, String remedy) {
        fault(row.file(), row.line(), what, remedy);
    }

    private void fault(String file, int line, String what, String remedy) {
        told++;
        if (told <= MAX_FAULTS)
            faults.accept(new FileFault(FOLDER + "/" + file, line, 0, what, remedy));
    }
}
