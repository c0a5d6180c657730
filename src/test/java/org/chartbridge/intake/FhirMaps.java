package org.chartbridge.intake;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The maps of the v2-to-FHIR guide: segments and data types, each row with our answer to it, and
 * code tables, each as a whole.
 *
 * <p>The answers are a table of five columns with tabs between: map, field, FHIR attribute, answer
 * and why. An empty field or attribute stands for all of them; the answer that says more goes
 * before the one that says less. A row without an answer is open.
 */
final class FhirMaps {
    static final Path ANSWERS = Path.of("src/test/resources/v2-to-fhir/answers.tsv");

    /** The same of code maps, each as a whole: table, answer and why. */
    static final Path TABLES = Path.of("src/test/resources/v2-to-fhir/tables.tsv");

    enum State {
        /** FHIR gives it as the map says. */
        DONE,
        /** FHIR gives it otherwise, or on purpose not. */
        DIFFERS,
        /** Not built, or not looked at. */
        OPEN;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a map says of a field: {@code PID[Patient]}, {@code PID-5}, {@code name[1]}. */
    record Row(boolean ofType, String map, String field, String name, String attribute) {
        private static final Pattern NUMBER = Pattern.compile("\\[[\\d-]+]");

        String resource() {
            var inside = map.substring(map.indexOf('[') + 1, map.length() - 1);
            return inside.contains("-") ? inside.substring(0, inside.indexOf('-')) : inside;
        }

        /** The element, without counters and without what a reference points to. */
        String path() {
            var path = NUMBER.matcher(attribute).replaceAll("");
            int reference = path.indexOf('(');
            var element = (reference < 0 ? path : path.substring(0, reference)).strip();
            return element.startsWith(".") ? element.substring(1) : element;
        }
    }

    record Answer(String map, String field, String attribute, State state, String why) {
        boolean isAbout(Row row) {
            return map.equals(row.map)
                    && (field.isEmpty() || field.equals(row.field))
                    && (attribute.isEmpty() || attribute.equals(row.attribute));
        }

        private int says() {
            return (field.isEmpty() ? 0 : 1) + (attribute.isEmpty() ? 0 : 2);
        }
    }

    private static final Answer NONE = new Answer("", "", "", State.OPEN, "");
    private static final Pattern MAP = Pattern.compile(".*R4__(.+?])_-.*\\.csv");

    /** A code map as a whole. */
    record Table(String name, State state, String why) {}

    private static final Pattern TABLE = Pattern.compile("HL7_Concept_Map__(.+?)_-_.*\\.csv");

    private final List<Row> rows;
    private final List<Answer> answers;
    private final List<Table> tables;

    private FhirMaps(List<Row> rows, List<Answer> answers, List<Table> tables) {
        this.rows = rows;
        this.answers = answers;
        this.tables = tables;
    }

    /**
     * @param mappings the folder of the guide that holds segments, data types and code systems
     */
    static FhirMaps read(Path mappings) throws IOException {
        var rows = new LinkedHashSet<Row>();
        rows(mappings.resolve("segments"), false, rows);
        rows(mappings.resolve("datatypes"), true, rows);
        return new FhirMaps(List.copyOf(rows), answers(), tables(mappings.resolve("codesystems")));
    }

    private static void rows(Path folder, boolean ofType, Set<Row> rows) throws IOException {
        try (var files = Files.list(folder)) {
            for (var file : files.sorted().toList()) {
                var name = MAP.matcher(Objects.toString(file.getFileName()));
                if (!name.matches()) continue;
                var table = cells(Files.readString(file));
                for (var cells : table.subList(Math.min(2, table.size()), table.size()))
                    if (cells.size() > 9 && !cells.get(1).isEmpty() && !cells.get(9).isEmpty())
                        rows.add(
                                new Row(
                                        ofType,
                                        name.group(1),
                                        cells.get(1),
                                        cells.get(2),
                                        cells.get(9)));
            }
        }
    }

    private static List<Table> tables(Path folder) throws IOException {
        var answers = new TreeMap<String, Table>();
        for (var line : Files.readAllLines(TABLES)) {
            if (line.startsWith("#")) continue;
            var cells = line.split("\t", -1);
            if (cells.length != 3 || (cells[1].equals("differs") && cells[2].isBlank()))
                throw new IllegalStateException(
                        TABLES + ": wanted table, answer and why (for differs): " + line);
            answers.put(
                    cells[0],
                    new Table(
                            cells[0], State.valueOf(cells[1].toUpperCase(Locale.ROOT)), cells[2]));
        }
        var tables = new ArrayList<Table>();
        try (var files = Files.list(folder)) {
            for (var file : files.sorted().toList()) {
                var name = TABLE.matcher(Objects.toString(file.getFileName()));
                if (!name.matches() || cells(Files.readString(file)).size() < 4) continue;
                var known = answers.remove(name.group(1));
                tables.add(known == null ? new Table(name.group(1), State.OPEN, "") : known);
            }
        }
        if (!answers.isEmpty())
            throw new IllegalStateException(TABLES + ": no such tables: " + answers.keySet());
        return List.copyOf(tables);
    }

    private static List<Answer> answers() throws IOException {
        var answers = new ArrayList<Answer>();
        int number = 0;
        for (var line : Files.readAllLines(ANSWERS)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) continue;
            var cells = line.split("\t", -1);
            if (cells.length != 5 || (cells[3].equals("differs") && cells[4].isBlank()))
                throw new IllegalStateException(
                        ANSWERS
                                + ":"
                                + number
                                + ": wanted map, field, attribute, answer and why (for differs),"
                                + " with tabs between");
            answers.add(
                    new Answer(
                            cells[0],
                            cells[1],
                            cells[2],
                            State.valueOf(cells[3].toUpperCase(Locale.ROOT)),
                            cells[4].strip()));
        }
        return List.copyOf(answers);
    }

    List<Row> rows() {
        return rows;
    }

    Answer answer(Row row) {
        return answers.stream()
                .filter(answer -> answer.isAbout(row))
                .max(Comparator.comparingInt(Answer::says))
                .orElse(NONE);
    }

    List<Answer> answersAboutNothing() {
        return answers.stream().filter(answer -> rows.stream().noneMatch(answer::isAbout)).toList();
    }

    // ------------------------------------------------------------ the page

    String page() {
        var byMap = new TreeMap<String, List<Row>>();
        for (var row : rows) byMap.computeIfAbsent(row.map(), _ -> new ArrayList<>()).add(row);
        var page = new StringBuilder(INTRODUCTION);
        var ofSegments = rows.stream().filter(row -> !row.ofType()).toList();
        var ofTypes = rows.stream().filter(Row::ofType).toList();
        var segments = count(ofSegments);
        var types = count(ofTypes);
        page.append("| | rows of segments | | rows of data types | | code tables |\n")
                .append("|---|---|---|---|---|---|\n");
        for (var state : State.values())
            page.append(
                    "| %s | %d | %.0f %% | %d | %.0f %% | %d |\n"
                            .formatted(
                                    state.word(),
                                    segments.getOrDefault(state, 0),
                                    100.0 * segments.getOrDefault(state, 0) / ofSegments.size(),
                                    types.getOrDefault(state, 0),
                                    100.0 * types.getOrDefault(state, 0) / ofTypes.size(),
                                    tables.stream().filter(t -> t.state() == state).count()));
        page.append("\n## Code tables\n\n| table | ours | |\n|---|---|---|\n");
        for (var table : tables)
            page.append(
                    "| %s | %s | %s |\n"
                            .formatted(table.name(), table.state().word(), table.why()));
        byMap.forEach((map, of) -> section(page, map, of));
        return page.toString();
    }

    private void section(StringBuilder page, String map, List<Row> of) {
        var counts = count(of);
        page.append("\n## ").append(map.replace("[", " to ").replace("]", "")).append('\n');
        page.append(
                "%d of %d done, %d differ, %d open.\n"
                        .formatted(
                                counts.getOrDefault(State.DONE, 0),
                                of.size(),
                                counts.getOrDefault(State.DIFFERS, 0),
                                counts.getOrDefault(State.OPEN, 0)));
        var whole = whole(map, of);
        if (whole != null) {
            page.append('\n').append(whole.why()).append('\n');
            return;
        }
        page.append("\n| field | | FHIR | ours | |\n|---|---|---|---|---|\n");
        for (var row : of) {
            var answer = answer(row);
            page.append("| ")
                    .append(
                            String.join(
                                    " | ",
                                    row.field(),
                                    cell(row.name()),
                                    "`" + cell(row.attribute()) + "`",
                                    answer.state().word(),
                                    answer.why()))
                    .append(" |\n");
        }
    }

    /** The answer to a map as a whole, where it is the only one. */
    private @Nullable Answer whole(String map, List<Row> of) {
        var first = answer(of.getFirst());
        return first.map().equals(map)
                        && first.says() == 0
                        && of.stream().allMatch(row -> answer(row).equals(first))
                ? first
                : null;
    }

    private Map<State, Integer> count(List<Row> of) {
        var counts = new EnumMap<State, Integer>(State.class);
        for (var row : of) counts.merge(answer(row).state(), 1, Integer::sum);
        return counts;
    }

    private static String cell(String text) {
        return text.replaceAll("\\s+", " ").replace("|", "\\|").strip();
    }

    private static final String INTRODUCTION =
            """
            # The v2-to-FHIR maps, and ours

            HL7 publishes, as its v2-to-FHIR guide, which element of FHIR each field of v2 becomes. This page holds every row of its maps of segments and data types, and each of its code tables, against what Chartbridge gives over [FHIR](fhir.md): *done*; *differs*, and why; *open*, which is not built or has not been looked at. It is written by `FhirMapsTests` from the maps and from a table of answers. What it calls done of segments and data types was found in the FHIR that Chartbridge makes of 261 files of public projects and of its own samples (of a data type: in some element of that name); code tables were compared letter by letter, those with words of FHIR by `CodeMapsTests`, the others by reading.

            """;

    // ------------------------------------------------------------ CSV

    /** RFC 4180: cells in quotation marks may hold commas, line ends and doubled marks. */
    private static List<List<String>> cells(String text) {
        var rows = new ArrayList<List<String>>();
        var row = new ArrayList<String>();
        var cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean doubled = c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"';
            if (quoted && doubled) {
                cell.append(c);
                i++;
            } else if (c == '"') quoted = !quoted;
            else if (quoted || (c != ',' && c != '\n' && c != '\r')) cell.append(c);
            else if (c != '\r') {
                row.add(cell.toString().strip());
                cell.setLength(0);
                if (c == '\n') {
                    rows.add(List.copyOf(row));
                    row.clear();
                }
            }
        }
        row.add(cell.toString().strip());
        rows.add(List.copyOf(row));
        return rows;
    }
}
