package org.chartbridge.mapping;

import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.chart.PatientClaim;
import org.chartbridge.chart.ReportStatement;
import org.chartbridge.chart.Said;
import org.chartbridge.chart.VisitStatement;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Explains what is no value of a field but follows from what a message is: its event, the names of
 * its segments, the settings of its partner.
 */
final class Structure {
    private static final Pattern SEGMENTS =
            Pattern.compile("([A-Z][A-Z0-9]{2})(?:\\[(\\d+)(?:-(\\d+))?])?.*");

    /** Where an item of a list says what it changes. */
    private static final Map<String, Integer> ACTIONS =
            Map.of("IAM", 6, "DG1", 21, "PRB", 1, "RXA", 21);

    private final Message message;

    Structure(Message message) {
        this.message = message;
    }

    /** Null for whatever is read from a field. */
    Recorder.@Nullable Origin of(Record owner, String part) {
        return switch (owner) {
            case ChartUpdate _ ->
                    switch (part) {
                        case "partner" -> setting(Rule.PARTNER);
                        case "trigger" -> header(Rule.EVENT, 9, 2);
                        case "master" -> setting(Rule.SETTING);
                        default -> null;
                    };
            case ReportStatement _ -> part.equals("whole") ? setting(Rule.SETTING) : null;
            case Said _ -> part.equals("controlId") ? header(Rule.CONTROL_ID, 10, 0) : null;
            case PatientClaim claim ->
                    switch (part) {
                        case "mayCreate" -> setting(Rule.SETTING);
                        case "multipleBirth" -> field(Rule.YES, claim.path(), 24);
                        default -> null;
                    };
            case VisitStatement _ -> part.equals("event") ? header(Rule.VISIT_EVENT, 9, 2) : null;
            case ListStatement list ->
                    switch (part) {
                        case "kind" -> segments(Rule.SEGMENT, list.path());
                        case "snapshot", "ofVisit" -> segments(Rule.LIST_WHOLE, list.path());
                        // True where one of them says so, which the reader tells.
                        case "noneKnown" -> segments(Rule.NONE_KNOWN, list.path());
                        default -> null;
                    };
            case ListStatement.Item item -> part.equals("removed") ? removed(item.path()) : null;
            default -> null;
        };
    }

    /** What stands at a path such as {@code PID-11.3}, as far as it is there. */
    List<Recorder.Read> at(String path) {
        var place = Location.parse(path.replaceFirst("\\[(\\d+)-\\d+]", "[$1]"));
        var line = message.line(place.segment(), Math.max(1, place.sequence()));
        if (line.isEmpty()) return List.of();
        return List.of(
                new Recorder.Read(
                        line.get(),
                        place.field(),
                        Math.max(1, place.repetition()),
                        place.component(),
                        place.subcomponent(),
                        message.value(place)));
    }

    private static Recorder.Origin setting(Rule rule) {
        return new Recorder.Origin(rule, List.of());
    }

    private Recorder.Origin header(Rule rule, int field, int component) {
        var line = message.lines().getFirst();
        return new Recorder.Origin(rule, List.of(read(line, field, component)));
    }

    private Recorder.Origin removed(String path) {
        var segment = path.substring(0, Math.min(3, path.length()));
        var field = ACTIONS.get(segment);
        return field == null
                ? segments(Rule.ITEM_REMOVED, path)
                : field(Rule.ITEM_REMOVED, path, field);
    }

    private Recorder.Origin field(Rule rule, String path, int field) {
        var reads = new ArrayList<Recorder.Read>();
        for (var line : lines(path)) reads.add(read(line, field, 1));
        return new Recorder.Origin(rule, reads);
    }

    private Recorder.Origin segments(Rule rule, String path) {
        var reads = new ArrayList<Recorder.Read>();
        for (var line : lines(path)) reads.add(new Recorder.Read(line, 0, 0, 0, 0, line.segment()));
        return new Recorder.Origin(rule, reads);
    }

    private Recorder.Read read(Line line, int field, int component) {
        return new Recorder.Read(
                line, field, 1, component, 0, message.value(line, field, 1, component, 0));
    }

    private List<Line> lines(String path) {
        var m = SEGMENTS.matcher(path);
        if (!m.matches()) return List.of();
        int first = m.group(2) == null ? 1 : Integer.parseInt(m.group(2));
        int last = m.group(3) == null ? first : Integer.parseInt(m.group(3));
        var all = message.lines(m.group(1));
        return all.subList(Math.min(first - 1, all.size()), Math.min(last, all.size()));
    }
}
