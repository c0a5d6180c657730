package org.chartbridge.mapping;

import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.chart.Registration;
import org.chartbridge.chart.Results;
import org.chartbridge.chart.Several;
import org.chartbridge.chart.Translation;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Results. ORU^R01 of every version; ORU without a trigger (version 2.1, and careless senders);
 * R03, by which old microbiology systems mean the same; R30, R31 and R32, point-of-care results
 * without an order or with one; R40, alarms of devices; OUL^R22, R23 and R24, which come from
 * instruments and automation and are arranged by specimen or container, and the older R21.
 *
 * <p>R30 and R31 also ask that an order be made; a result without one gets an order of the
 * laboratory's number, like any other.
 */
@Component
final class ResultsFamily implements MessageFamily {
    private static final Map<String, Set<String>> TRIGGERS =
            Map.of(
                    "ORU", Set.of("", "R01", "R03", "R30", "R31", "R32", "R40"),
                    "OUL", Set.of("", "R21", "R22", "R23", "R24"));

    @Override
    public boolean takes(Header header) {
        return TRIGGERS.getOrDefault(header.messageCode(), Set.of())
                .contains(header.triggerEvent());
    }

    @Override
    public Mapped map(Message message, Partner partner) {
        var findings = new Findings();
        var reader = new Reader(message, partner, findings);
        var grouping = Grouping.of(message, findings);
        if (!grouping.hasReports())
            findings.error(
                    Location.of("OBR", 1),
                    ErrorCode.REQUIRED_MISSING,
                    "order-segment-missing",
                    "A result message must have an OBR that says what was examined.");
        var updates = new ArrayList<Results>(1);
        var orders = new OrderOfPatient(reader);
        boolean unnamed = orders.isMeant(grouping);
        var beside = new ArrayList<Registration>(0);
        boolean nobody = true;
        for (var one : grouping.patients) {
            var reports = Specimens.ofPatients(one.reports, reader);
            if (reports.isEmpty() && !one.reports.isEmpty()) {
                leftOut(one, grouping.patients.size(), findings);
                continue;
            }
            nobody = false;
            if (reports.isEmpty() && grouping.hasReports()) continue; // Named, and nothing said.
            if (unnamed) {
                byOrder(reader, orders, reports, updates);
                continue;
            }
            var patient = new PatientReader(reader).readNamed(one.lines, reports);
            var statements = new ReportReader(reader).read(reports);
            if (patient == null || findings.hasErrors()) continue;
            updates.add(new Results(partner.folder(), patient, statements));
            if (grouping.patients.size() > 1) continue;
            Beside.patient(reader, one.lines.getFirst(), patient, beside);
            Beside.visit(reader, one.lines.getFirst(), patient, beside);
        }
        if (nobody)
            return new Mapped.NotCharted(
                    "Quality control: the specimens are controls or calibrators (SPM-11), not those"
                            + " of a patient.",
                    false,
                    true);
        if (findings.hasErrors()) return new Mapped.NotUnderstood(findings.errors());
        if (partner.codes().unknown() == Partner.UnknownCodes.HOLD) hold(updates, findings);
        var all = new ArrayList<ChartUpdate>(updates);
        all.addAll(beside);
        return new Mapped.Update(Several.of(all), findings.remarks());
    }

    /** A critical value never waits for a code, and neither does what came with it. */
    private static void hold(List<Results> updates, Findings findings) {
        if (updates.stream().noneMatch(Results::hasCritical)) {
            updates.replaceAll(results -> results.waiting(true));
            return;
        }
        updates.stream()
                .flatMap(results -> results.reports().stream())
                .flatMap(report -> report.observations().stream())
                .filter(value -> value.translation().row() == Translation.MISSING)
                .findFirst()
                .ifPresent(
                        value ->
                                findings.warn(
                                        Location.parse(
                                                value.path().replaceFirst("-\\d+]", "]") + "-3"),
                                        ErrorCode.TABLE_VALUE,
                                        "code-not-known",
                                        "No code is known for a test; charted at once, because the"
                                                + " message has a critical value."));
    }

    private static void byOrder(
            Reader reader,
            OrderOfPatient orders,
            List<Grouping.Report> reports,
            List<Results> updates) {
        var statements = new ReportReader(reader).read(reports);
        var byOrder = orders.read(reports);
        if (byOrder == null || reports.isEmpty() || reader.findings.hasErrors()) return;
        updates.add(
                new Results(
                        reader.partner.folder(),
                        orders.claim(reports),
                        statements,
                        false,
                        byOrder));
    }

    /** Quality control between patients: remarked, because the others are charted. */
    private static void leftOut(Grouping.Patient patient, int patients, Findings findings) {
        if (patients == 1) return;
        for (var report : patient.reports) Specimens.leftOut(report, findings);
    }
}
