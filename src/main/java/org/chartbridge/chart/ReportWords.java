package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownReportVersion;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which fields of a report a version of it says, and whose word stands where the current one says
 * nothing: an empty field is no statement, {@code ""} empties it (HL7 v2.5.1 §2.5.3.2). Field by
 * field the current version's own word stands, else the latest of the others, whenever they came.
 */
final class ReportWords {
    /** NTE behind the OBR, all of them together. */
    static final String NOTES = "notes";

    /** OBR-26 and OBR-29. */
    static final String PARENT = "parent";

    /** OBR-11. */
    static final String ACTION = "action";

    /** That its report is known by the numbers of its placer and of its filler as well. */
    static final int TWO_NUMBERS = 1 << 26;

    /** That it says no filler's number, but the placer's. */
    static final int BY_PLACER = 1 << 27;

    private static final int NOTES_BIT = 28;
    private static final int PARENT_BIT = 29;
    private static final int ACTION_BIT = 30;

    /** The place of each field is its bit. */
    private static final List<RequestField> FIELDS = List.of(RequestField.values());

    private static final Map<RequestField, Integer> BITS = new EnumMap<>(RequestField.class);

    static {
        for (int i = 0; i < FIELDS.size(); i++) BITS.put(FIELDS.get(i), 1 << i);
    }

    private ReportWords() {}

    /** One bit for each field of which something is said; {@link RequestField} by its place. */
    static int of(ReportStatement statement) {
        int says = 0;
        for (var field : statement.request().keySet()) says |= bit(field);
        if (!statement.collected().asSent().isEmpty()) says |= bit(RequestField.COLLECTED);
        if (!statement.placerNumber().isEmpty()) says |= bit(RequestField.PLACER_NUMBER);
        if (isByPlacer(statement)) says |= BY_PLACER;
        if (statement.orderingProvider() != null) says |= bit(RequestField.ORDERER);
        if (statement.interpreter() != null) says |= bit(RequestField.INTERPRETER);
        // Of one that says all there is, notes that it leaves out are gone.
        if (statement.whole() || !statement.notes().isEmpty()) says |= 1 << NOTES_BIT;
        var parent = statement.parent();
        if (!parent.number().isEmpty() || !parent.test().isEmpty()) says |= 1 << PARENT_BIT;
        if (!parent.action().isEmpty()) says |= 1 << ACTION_BIT;
        return says;
    }

    static boolean isByPlacer(int says) {
        return (says & BY_PLACER) != 0;
    }

    static boolean isByPlacer(ReportStatement statement) {
        return statement.fillerNumber().isEmpty() && !statement.placerNumber().isEmpty();
    }

    static boolean say(int says, RequestField field) {
        return (says & bit(field)) != 0;
    }

    private static int bit(RequestField field) {
        return BITS.getOrDefault(field, 0);
    }

    /** Of each field that a version leaves empty and another one says, which says it. */
    static Map<String, ReportTimeline.Version> inherited(
            KnownReportVersion current, List<KnownReportVersion> all) {
        int open = 0;
        for (var version : all) open |= version.says();
        open &= ~(current.says() | BY_PLACER | TWO_NUMBERS);
        if (open == 0) return Map.of();
        var latestFirst =
                all.stream()
                        .sorted(
                                Comparator.comparing(
                                                KnownReportVersion::entry,
                                                ReportTimeline.OLDEST_FIRST)
                                        .reversed())
                        .toList();
        var words = new TreeMap<String, ReportTimeline.Version>();
        for (var version : latestFirst) {
            int found = open & version.says();
            for (int bit = 0; bit <= ACTION_BIT; bit++)
                if ((found & 1 << bit) != 0) words.put(name(bit), version.entry());
            open &= ~found;
        }
        return words;
    }

    private static String name(int bit) {
        return switch (bit) {
            case NOTES_BIT -> NOTES;
            case PARENT_BIT -> PARENT;
            case ACTION_BIT -> ACTION;
            default -> FIELDS.get(bit).id();
        };
    }
}
