package org.chartbridge.intake;

import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.chart.Results;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.partner.Partner;

/**
 * Results of a time before the interface: a laboratory sends its archive once, so that the chart
 * has it. They are charted like any other and reach nobody, because whoever ordered them has had
 * them (HL7-RULES §4; {@code back-load} in partner.yaml).
 */
final class BackLoad {
    static final Fault REMARK =
            Fault.information(
                    null,
                    ErrorCode.ACCEPTED,
                    "back-loaded",
                    "collected before the date of back-load in partner.yaml: charted, and sent on"
                            + " to nobody");

    private BackLoad() {}

    /** Whether all of a message's results are; one without a time of collection is not. */
    static boolean is(Partner partner, ChartUpdate update) {
        var date = partner.backLoad();
        if (date == null) return false;
        var before = date.atStartOfDay(partner.zone()).toInstant();
        boolean results = false;
        for (var part : update.parts()) {
            if (!(part instanceof Results one)) continue;
            results = true;
            for (var report : one.reports()) {
                var collected = report.collected().instant();
                if (collected == null || !collected.isBefore(before)) return false;
            }
        }
        return results;
    }
}
