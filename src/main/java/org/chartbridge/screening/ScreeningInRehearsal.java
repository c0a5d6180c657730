package org.chartbridge.screening;

import org.chartbridge.chart.ChartInRehearsal;
import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.partner.FileFault;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Screens the orders of tests beside routes by the tables of their folder, with the rules of the
 * engine. What it knows of a patient is what the test's messages said.
 */
public final class ScreeningInRehearsal {
    private final Tables tables;
    private final List<FileFault> faults;

    /** Reads the tables; with a fault, none. */
    public ScreeningInRehearsal(Path routes) {
        var found = new ArrayList<FileFault>();
        tables = TableFiles.read(routes, found::add).orElse(Tables.NONE);
        faults = List.copyOf(found);
    }

    /** What keeps the tables from being read. */
    public List<FileFault> faults() {
        return faults;
    }

    /** Whether there is nothing to screen by. */
    public boolean isOff() {
        return tables.isEmpty();
    }

    /**
     * What is told of a message.
     *
     * @param entryId that the message has as a source
     */
    public record Found(long entryId, List<Alert> alerts) {
        public Found {
            alerts = List.copyOf(alerts);
        }
    }

    /**
     * The alerts that a message is behind, as {@link OrderScreening} tells them of one that is
     * charted, by the time at which it was sent.
     *
     * @param chart what was played before it; is given what it says
     */
    public Found alerts(ChartUpdate update, ChartInRehearsal chart) {
        var all = new ArrayList<Alert>();
        var patients = chart.care(update);
        boolean orders = OrderScreening.orders(update);
        for (var care : patients)
            if (orders)
                all.addAll(
                        OrderScreening.about(
                                care.entryId(),
                                Screening.of(
                                        care.person(),
                                        care.allergies(),
                                        care.medication(),
                                        care.orders(),
                                        tables,
                                        care.at())));
        all.sort(Screening.WORST_FIRST);
        return new Found(patients.isEmpty() ? 0 : patients.getFirst().entryId(), all);
    }
}
