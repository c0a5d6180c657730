package org.chartbridge.mapping;

import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Severity;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts the segments of a result message together by what stands before what, not by the grammar of
 * its version: a PID opens a patient; an OBR opens a report; OBX, SPM and NTE belong to the OBR
 * before them; an NTE belongs to the OBX, or else the OBR, before it; an ORC speaks for the OBR
 * that follow it. Segments that are not mapped (Z-segments, PV1, TQ1, PRT ...) change none of this,
 * wherever they stand.
 *
 * <p><b>Specimen first.</b> In OUL^R22 and R23 the SPM stands before its OBR, and is that of all
 * OBR up to the next SPM; OBX between SPM and OBR are about the specimen and are kept as results of
 * the OBR behind them. An ORC right behind an OBR speaks for that OBR. An ORU in which an SPM
 * stands before the first OBR of a patient is arranged by specimen, too; an SPM in it that no OBR
 * follows is that of the OBR before it.
 *
 * <p>An OBX behind an SPM is kept as a result of the OBR, although the grammar of 2.5.1 makes it an
 * observation on the specimen: senders that put SPM before their results are more common, and no
 * result may be lost. An OBX before any OBR is about the patient (2.7 and later, and careless
 * senders); it makes a report of its own.
 *
 * <p><b>Patients.</b> Some senders repeat PID before each OBR: the same PID again, but for its
 * counter PID-1, is the same patient. Where only one is named, everything is about that one,
 * wherever the PID stands.
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

    /** One OBR and what belongs to it, or OBX that belong to none. */
    static final class Report {
        /** OBR; of a report without one its first OBX. */
        final Line line;

        /** The ORC that speaks for it, if any. */
        @Nullable Line order;

        /** Whether this OBR is the first one behind that ORC. */
        boolean firstOfOrder;

        final List<Line> notes = new ArrayList<>();
        final List<Line> specimens = new ArrayList<>();

        /** Whether its specimens are those of an OBR before it. */
        boolean specimensInherited;

        final List<Observation> observations = new ArrayList<>();

        Report(Line line, @Nullable Line order, boolean firstOfOrder) {
            this.line = line;
            this.order = order;
            this.firstOfOrder = firstOfOrder;
        }

        boolean hasRequest() {
            return line.segment().equals("OBR");
        }
    }

    /** One patient and the reports on them. */
    static final class Patient {
        final List<Line> lines = new ArrayList<>(1);
        final List<Report> reports = new ArrayList<>();
    }

    /** At least one; the first may have no PID. */
    final List<Patient> patients = new ArrayList<>(1);

    private final Message message;
    private final Findings findings;
    private final boolean specimenFirst;
    private final boolean expectsOrders;
    private Patient patient = new Patient();

    // Where the walk stands.
    private @Nullable Line order;
    private boolean orderIsNew;
    private boolean noteOfOrder;
    private boolean requestIsNew;
    private @Nullable Report report;
    private @Nullable Observation observation;
    private final List<Line> earlyNotes = new ArrayList<>();
    private final List<Line> specimens = new ArrayList<>();
    private boolean bySpecimen;
    private boolean specimensAreNew;
    private final List<Line> nextSpecimens = new ArrayList<>();
    private final List<Observation> loose = new ArrayList<>();

    private Grouping(Message message, Findings findings) {
        this.message = message;
        this.findings = findings;
        this.specimenFirst = message.header().messageCode().equals("OUL");
        this.expectsOrders = specimenFirst || message.header().messageCode().equals("ORU");
    }

    static Grouping of(Message message, Findings findings) {
        var grouping = new Grouping(message, findings);
        for (var line : message.lines()) grouping.add(line);
        grouping.finish();
        return grouping;
    }

    /** Whether there is any OBR or OBX. */
    boolean hasReports() {
        for (var one : patients) if (!one.reports.isEmpty()) return true;
        return false;
    }

    private void add(Line line) {
        switch (line.segment()) {
            case "PID" -> patient(line);
            case "ORC" -> order(line);
            case "OBR" -> request(line);
            case "OBX" -> observation(line);
            case "SPM" -> specimen(line);
            case "NTE" -> note(line);
            default -> {
                // Not mapped.
            }
        }
    }

    private void patient(Line line) {
        if (!patient.lines.isEmpty() && !samePatient(patient.lines.getFirst(), line)) {
            endOfPatient();
            patient = new Patient();
            order = null;
            report = null;
            observation = null;
            specimens.clear();
            bySpecimen = false;
        }
        patient.lines.add(line);
    }

    private boolean samePatient(Line one, Line other) {
        return statement(one).equals(statement(other));
    }

    /** The segment without its counter PID-1. */
    private String statement(Line line) {
        var text = message.text(line);
        char field = message.header().delimiters().field();
        int second = text.indexOf(field, text.indexOf(field) + 1);
        return second < 0 ? "" : text.substring(second);
    }

    private void order(Line line) {
        if (specimenFirst && requestIsNew && report != null && report.order == null) {
            report.order = line;
            report.firstOfOrder = true;
            return;
        }
        order = line;
        orderIsNew = true;
        noteOfOrder = true;
    }

    private void request(Line line) {
        if (!loose.isEmpty() && !specimenFirst) withoutRequest();
        if (!nextSpecimens.isEmpty()) {
            specimens.clear();
            specimens.addAll(nextSpecimens);
            nextSpecimens.clear();
            specimensAreNew = true;
        }
        report = new Report(line, order, orderIsNew);
        report.specimens.addAll(specimens);
        report.specimensInherited = bySpecimen && !specimensAreNew;
        specimensAreNew = false;
        report.notes.addAll(earlyNotes);
        report.observations.addAll(loose);
        if (!specimenFirst && !bySpecimen) specimens.clear();
        earlyNotes.clear();
        loose.clear();
        patient.reports.add(report);
        observation = null;
        orderIsNew = false;
        noteOfOrder = false;
        requestIsNew = true;
    }

    private void observation(Line line) {
        noteOfOrder = false;
        requestIsNew = false;
        observation = new Observation(line);
        specimensBehind();
        if (report != null) report.observations.add(observation);
        else loose.add(observation);
    }

    /** OBX that belong to no OBR. */
    private void withoutRequest() {
        var without = new Report(loose.getFirst().line, null, false);
        without.observations.addAll(loose);
        for (var one : loose)
            findings.add(
                    new Fault(
                            one.line.location(),
                            ErrorCode.SEGMENT_SEQUENCE,
                            expectsOrders ? Severity.W : Severity.I,
                            "result-before-order",
                            "An OBX stands before any OBR; it is charted as an observation about"
                                    + " the patient, without an order."));
        loose.clear();
        patient.reports.add(without);
    }

    private void specimen(Line line) {
        noteOfOrder = false;
        observation = null;
        if (specimenFirst && (report == null || !specimens.isEmpty())) {
            report = null;
            specimens.clear();
            specimens.add(line);
        } else if (report == null) {
            specimens.add(line);
            bySpecimen = !specimenFirst;
            specimensAreNew = true;
        } else if (bySpecimen) {
            nextSpecimens.add(line);
        } else {
            report.specimens.add(line);
        }
    }

    /** SPM that no OBR follows are those of the OBR before, and of it alone. */
    private void specimensBehind() {
        if (nextSpecimens.isEmpty() || report == null) return;
        if (report.specimensInherited) report.specimens.clear();
        report.specimensInherited = false;
        report.specimens.addAll(nextSpecimens);
        nextSpecimens.clear();
    }

    private void note(Line line) {
        if (noteOfOrder) earlyNotes.add(line);
        else if (observation != null) observation.notes.add(line);
        else if (report != null) report.notes.add(line);
        else leftOut(line);
    }

    private void leftOut(Line note) {
        findings.inform(
                note.location(),
                ErrorCode.SEGMENT_SEQUENCE,
                "note-not-charted",
                "A note that belongs to no OBR is kept in the message and not charted.");
    }

    private void endOfPatient() {
        specimensBehind();
        if (!loose.isEmpty()) withoutRequest();
        for (var note : earlyNotes) leftOut(note);
        earlyNotes.clear();
        patients.add(patient);
    }

    private void finish() {
        endOfPatient();
        // What stands before the first of several PID could be anybody's.
        var first = patients.getFirst();
        if (patients.size() > 1
                && !first.reports.isEmpty()
                && first.reports.getFirst().line.index() < first.lines.getFirst().index())
            findings.error(
                    first.reports.getFirst().line.location(),
                    ErrorCode.SEGMENT_SEQUENCE,
                    "several-patients",
                    "The message names several patients, and results stand before the first PID;"
                            + " put each patient's results behind their PID.");
    }
}
