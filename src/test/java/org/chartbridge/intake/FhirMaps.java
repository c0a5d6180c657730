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
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The segment maps of the v2-to-FHIR guide, each row with our answer to it.
 *
 * <p>The answers are a table of five columns with tabs between: map, field, FHIR attribute, answer
 * and why. An empty field or attribute stands for all of them; the answer that says more goes
 * before the one that says less. A row without an answer is open.
 */
final class FhirMaps {
    static final Path ANSWERS = Path.of("src/test/resources/v2-to-fhir/answers.tsv");

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
    record Row(String map, String field, String name, String attribute) {
        private static final Pattern NUMBER = Pattern.compile("\\[\\d+]");

        String resource() {
            var inside = map.substring(map.indexOf('[') + 1, map.length() - 1);
            return inside.contains("-") ? inside.substring(0, inside.indexOf('-')) : inside;
        }

        /** The element, without counters and without what a reference points to. */
        String path() {
            var path = NUMBER.matcher(attribute).replaceAll("");
            int reference = path.indexOf('(');
            return (reference < 0 ? path : path.substring(0, reference)).strip();
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

    private final List<Row> rows;
    private final List<Answer> answers;

    private FhirMaps(List<Row> rows, List<Answer> answers) {
        this.rows = rows;
        this.answers = answers;
    }

    static FhirMaps read(Path segments) throws IOException {
        var rows = new LinkedHashSet<Row>();
        try (var files = Files.list(segments)) {
            for (var file : files.sorted().toList()) {
                var name = MAP.matcher(Objects.toString(file.getFileName()));
                if (!name.matches()) continue;
                var table = cells(Files.readString(file));
                for (var cells : table.subList(Math.min(2, table.size()), table.size()))
                    if (cells.size() > 9 && !cells.get(1).isEmpty() && !cells.get(9).isEmpty())
                        rows.add(new Row(name.group(1), cells.get(1), cells.get(2), cells.get(9)));
            }
        }
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
        return new FhirMaps(List.copyOf(rows), List.copyOf(answers));
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
        page.append("| | rows | |\n|---|---|---|\n");
        var all = count(rows);
        for (var state : State.values())
            page.append(
                    "| %s | %d | %.0f %% |\n"
                            .formatted(
                                    state.word(),
                                    all.getOrDefault(state, 0),
                                    100.0 * all.getOrDefault(state, 0) / rows.size()));
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

            HL7 publishes, as its v2-to-FHIR guide, which element of FHIR each field of v2 becomes. This page holds every row of its segment maps against what Chartbridge gives over [FHIR](fhir.md): *done*; *differs*, and why; *open*, which is not built or has not been looked at. It is written by `FhirMapsTests` from the maps and from a table of answers. What it calls done was found in the FHIR that Chartbridge makes of 261 files of public projects and of its own samples.

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
