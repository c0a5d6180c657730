package org.chartbridge;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What goes back for all 25 combinations of MSH-15 and MSH-16 (table 0155), written out as an
 * analyst would: {@code CA+AA} is an accept acknowledgement on the connection and an application
 * acknowledgement as a message of its own, {@code +AA} the latter alone, {@code -} nothing.
 */
public final class AnswerTable {
    private AnswerTable() {}

    /** What became of a message, as far as its answer depends on it. */
    public enum Outcome {
        TAKEN,
        CONTENT_AT_FAULT,
        NOT_FOR_US,
        WITHOUT_ID,
        UNAVAILABLE
    }

    /** For {@code ack: auto}; {@code ''} is an empty field. */
    private static final String AUTO =
            """
            ''  ''    AA     AE     AR   AE   AR
            ''  AL    AA     AE     AR   AE   AR
            ''  NE    -      -      -    -    -
            ''  ER    -      AE     AR   AE   AR
            ''  SU    AA     -      -    -    -
            AL  ''    CA     CA     CR   CE   CE
            AL  AL    CA+AA  CA+AE  CR   CE   CE
            AL  NE    CA     CA     CR   CE   CE
            AL  ER    CA     CA+AE  CR   CE   CE
            AL  SU    CA+AA  CA     CR   CE   CE
            NE  ''    -      -      -    -    -
            NE  AL    AA     AE     AR   AE   AR
            NE  NE    -      -      -    -    -
            NE  ER    -      AE     AR   AE   AR
            NE  SU    AA     -      -    -    -
            ER  ''    -      -      CR   CE   CE
            ER  AL    +AA    +AE    CR   CE   CE
            ER  NE    -      -      CR   CE   CE
            ER  ER    -      +AE    CR   CE   CE
            ER  SU    +AA    -      CR   CE   CE
            SU  ''    CA     CA     -    -    -
            SU  AL    CA+AA  CA+AE  -    -    -
            SU  NE    CA     CA     -    -    -
            SU  ER    CA     CA+AE  -    -    -
            SU  SU    CA+AA  CA     -    -    -
            """;

    /** MSH-15 and MSH-16, each "" when empty. */
    public record Asked(String accept, String application) {}

    /**
     * What goes back.
     *
     * @param now the code on the connection, "" for none
     * @param later the code of the application acknowledgement of its own, "" for none
     */
    public record Due(String now, String later) {}

    private static final Map<Asked, List<Due>> ROWS =
            AUTO.lines()
                    .map(line -> List.of(line.split("\\s+")))
                    .collect(
                            Collectors.toMap(
                                    cells -> new Asked(field(cells.get(0)), field(cells.get(1))),
                                    cells ->
                                            cells.subList(2, cells.size()).stream()
                                                    .map(AnswerTable::due)
                                                    .toList()));

    /** All 25. */
    public static List<Asked> combinations() {
        return AUTO.lines()
                .map(line -> List.of(line.split("\\s+")))
                .map(cells -> new Asked(field(cells.get(0)), field(cells.get(1))))
                .toList();
    }

    /**
     * What is due.
     *
     * @param mode a partner's {@code ack:}, such as {@code AUTO}
     */
    public static Due due(String mode, Asked asked, Outcome outcome) {
        var like =
                switch (mode) {
                    case "AUTO" -> asked;
                    case "ORIGINAL" -> new Asked("", "");
                    case "ENHANCED" ->
                            asked.equals(new Asked("", "")) ? new Asked("AL", "NE") : asked;
                    case "NONE" -> new Asked("NE", "NE");
                    default -> throw new IllegalArgumentException(mode);
                };
        int column =
                switch (outcome) {
                    case TAKEN -> 0;
                    case CONTENT_AT_FAULT -> 1;
                    case NOT_FOR_US -> 2;
                    case WITHOUT_ID -> 3;
                    case UNAVAILABLE -> 4;
                };
        return Objects.requireNonNull(ROWS.get(like)).get(column);
    }

    /** The rows as the help page shows them. */
    public static List<String> markdown() {
        return AUTO.lines()
                .map(
                        line ->
                                Stream.of(line.split("\\s+"))
                                        .map(AnswerTable::shown)
                                        .collect(Collectors.joining(" | ", "| ", " |")))
                .toList();
    }

    private static String shown(String cell) {
        return switch (cell) {
            case "''" -> "empty";
            case "-" -> "–";
            default ->
                    cell.startsWith("+")
                            ? "later " + cell.substring(1)
                            : cell.replace("+", ", then ");
        };
    }

    private static String field(String cell) {
        return cell.equals("''") ? "" : cell;
    }

    private static Due due(String cell) {
        if (cell.equals("-")) return new Due("", "");
        int plus = cell.indexOf('+');
        return plus < 0
                ? new Due(cell, "")
                : new Due(cell.substring(0, plus), cell.substring(plus + 1));
    }
}
