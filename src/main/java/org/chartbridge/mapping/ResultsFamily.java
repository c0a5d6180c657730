package org.chartbridge.mapping;

import org.chartbridge.chart.Results;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;
import org.springframework.stereotype.Component;

import java.util.Set;

/**
 * Laboratory results: ORU^R01 of every version; ORU without a trigger (version 2.1, and careless
 * senders); ORU^R03, by which old microbiology systems mean the same; and ORU^R32, point-of-care
 * results for an order that exists. R30 and R31 ask that an order be made, and are not taken.
 */
@Component
final class ResultsFamily implements MessageFamily {
    private static final Set<String> TRIGGERS = Set.of("", "R01", "R03", "R32");

    @Override
    public boolean takes(Header header) {
        return header.messageCode().equals("ORU") && TRIGGERS.contains(header.triggerEvent());
    }

    @Override
    public Mapped map(Message message, Partner partner) {
        var findings = new Findings();
        var reader = new Reader(message, partner, findings);
        var grouping = Grouping.of(message, findings);
        var reports = Specimens.ofPatients(grouping.reports, reader);
        if (reports.isEmpty() && !grouping.reports.isEmpty())
            return new Mapped.NotCharted(
                    "Quality control: the specimens are controls or calibrators (SPM-11), not those"
                            + " of a patient.");
        var patient = new PatientReader(reader).read(grouping.patients);
        var statements = new ReportReader(reader).read(reports);
        if (patient == null || findings.hasErrors())
            return new Mapped.NotUnderstood(findings.errors());
        return new Mapped.Update(
                new Results(partner.folder(), patient, statements), findings.remarks());
    }
}
