package org.chartbridge.mapping;

import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts the segments of a result message together by what stands before what, not by the grammar of
 * its version: an OBR opens a report; OBX, SPM and NTE belong to the OBR before them; an NTE
 * belongs to the OBX, or else the OBR, before it; an ORC speaks for the OBR that follow it.
 * Segments that are not mapped (Z-segments, PV1, TQ1, PRT ...) change none of this, wherever they
 * stand.
 *
 * <p>An OBX behind an SPM is kept as a result of the OBR, although the grammar of 2.5.1 makes it an
 * observation on the specimen: senders that put SPM before their results are more common, and no
 * result may be lost.
 */
final class Grouping {

    /** One OBX and the notes behind it. */
    static final class Observation {
        final Line line;
        final List<Line> notes = new ArrayList<>();

        Observation(Line line) {
            this.line = line;
        }
    }

    /** One OBR and what belongs to it. */
    static final class Report {
        final Line line;

        /** The ORC that speaks for it, if any. */
        final @Nullable Line order;

        /** Whether this OBR is the first one behind that ORC. */
        final boolean firstOfOrder;

        final List<Line> notes = new ArrayList<>();
        final List<Line> specimens = new ArrayList<>();
        final List<Observation> observations = new ArrayList<>();

        Report(Line line, @Nullable Line order, boolean firstOfOrder) {
            this.line = line;
            this.order = order;
            this.firstOfOrder = firstOfOrder;
        }
    }

    final List<Line> patients = new ArrayList<>();
    final List<Report> reports = new ArrayList<>();

    private Grouping() {}

    static Grouping of(Message message, Findings findings) {
        var grouping = new Grouping();
        var early = new ArrayList<Line>();
        var earlySpecimens = new ArrayList<Line>();
        @Nullable Line order = null;
        boolean orderIsNew = false;
        @Nullable Report report = null;
        @Nullable Observation observation = null;
        boolean noteOfOrder = false;
        for (var line : message.lines()) {
            switch (line.segment()) {
                case "PID" -> grouping.patients.add(line);
                case "ORC" -> {
                    order = line;
                    orderIsNew = true;
                    noteOfOrder = true;
                }
                case "OBR" -> {
                    report = new Report(line, order, orderIsNew);
                    report.specimens.addAll(earlySpecimens);
                    report.notes.addAll(early);
                    earlySpecimens.clear();
                    early.clear();
                    grouping.reports.add(report);
                    observation = null;
                    orderIsNew = false;
                    noteOfOrder = false;
                }
                case "OBX" -> {
                    noteOfOrder = false;
                    if (report == null) {
                        findings.error(
                                line.location(),
                                ErrorCode.SEGMENT_SEQUENCE,
                                "result-before-order",
                                "An OBX stands before any OBR; put the OBR that it belongs to"
                                        + " before it.");
                    } else {
                        observation = new Observation(line);
                        report.observations.add(observation);
                    }
                }
                case "SPM" -> {
                    noteOfOrder = false;
                    observation = null;
                    if (report == null) earlySpecimens.add(line);
                    else report.specimens.add(line);
                }
                case "NTE" -> {
                    if (noteOfOrder) early.add(line);
                    else if (observation != null) observation.notes.add(line);
                    else if (report != null) report.notes.add(line);
                    else leftOut(line, findings);
                }
                default -> {
                    // Not mapped.
                }
            }
        }
        for (var note : early) leftOut(note, findings);
        if (grouping.reports.isEmpty())
            findings.error(
                    Location.of("OBR", 1),
                    ErrorCode.REQUIRED_MISSING,
                    "order-segment-missing",
                    "A result message must have an OBR that says what was examined.");
        return grouping;
    }

    private static void leftOut(Line note, Findings findings) {
        findings.inform(
                note.location(),
                ErrorCode.SEGMENT_SEQUENCE,
                "note-not-charted",
                "A note that belongs to no OBR is kept in the message and not charted.");
    }
}
