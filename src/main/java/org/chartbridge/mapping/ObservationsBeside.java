package org.chartbridge.mapping;

import org.chartbridge.chart.ReportStatement;
import org.chartbridge.hl7.Message;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads the OBX of messages that are about something else: height and smoking in registration,
 * eligibility beside an immunization. They are charted as observations without an order.
 */
final class ObservationsBeside {
    private ObservationsBeside() {}

    /** The reports on the message's patient. */
    static List<ReportStatement> read(Message message, Reader reader) {
        var all = new ArrayList<Grouping.Report>();
        for (var patient : Grouping.of(message, reader.findings).patients)
            all.addAll(patient.reports);
        return new ReportReader(reader).read(all);
    }
}
