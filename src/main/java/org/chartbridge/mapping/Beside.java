package org.chartbridge.mapping;

import org.chartbridge.chart.EventTimes;
import org.chartbridge.chart.PatientClaim;
import org.chartbridge.chart.Registration;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;

import java.util.List;
import java.util.Map;

/**
 * What a message that is about something else says of the patient and the visit on its way: PID and
 * PV1 of results, orders and the like. It counts only of partners whose word does ({@code
 * demographics: master}); a laboratory's never does ⚠ (HL7-RULES §6).
 *
 * <p>A visit is described by it and not moved: the place and class in PV1 of a result are often
 * those of the day it was ordered. So what registration says of the visit, whenever it was said,
 * stands before it.
 */
final class Beside {
    /** Before everything that registration says. */
    private static final EventTimes BEFORE = new EventTimes(null, null, null);

    private Beside() {}

    /** Demographics, of results; to stand behind them, so that these are matched first ⚠. */
    static void patient(
            Reader reader, Line pid, PatientClaim patient, List<? super Registration> into) {
        if (!isMaster(reader)) return;
        var trigger = reader.message.header().triggerEvent();
        into.add(
                new Registration(
                        reader.partner.folder(),
                        patient,
                        trigger,
                        true,
                        EventReader.read(reader.message, reader).times(),
                        new DemographicsReader(reader, pid, trigger).read(patient),
                        null,
                        List.of()));
    }

    /**
     * The visit of the only PV1 before the first order, where it is named by its number: a later
     * one is that of earlier results.
     */
    static void visit(
            Reader reader, Line pid, PatientClaim patient, List<? super Registration> into) {
        var lines = ofPatient(reader.message);
        if (!isMaster(reader)
                || lines.size() != 1
                || reader.text(lines.getFirst(), 19, 1).isEmpty()) return;
        var visit =
                new VisitReader(reader, pid, EventReader.beside())
                        .read(lines, reader.message.lines("PV2"), patient);
        if (visit == null) return;
        into.add(
                new Registration(
                        reader.partner.folder(),
                        patient,
                        reader.message.header().triggerEvent(),
                        true,
                        BEFORE,
                        Map.of(),
                        visit,
                        List.of()));
    }

    /** Those before the first order, where there are several. */
    static List<Line> ofPatient(Message message) {
        var all = message.lines("PV1");
        if (all.size() < 2) return all;
        int orders = Integer.MAX_VALUE;
        for (var segment : new String[] {"ORC", "OBR"})
            for (var line : message.lines(segment)) orders = Math.min(orders, line.index());
        int before = orders;
        return all.stream().filter(line -> line.index() < before).toList();
    }

    private static boolean isMaster(Reader reader) {
        return reader.partner.demographics() == Partner.Demographics.MASTER;
    }
}
