package org.chartbridge.console;

import org.chartbridge.screening.PatientsWithOrders;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How many alerts are open, as the page lists them: of the patients whose orders were stated last.
 */
@Component
class OpenAlerts {
    private final ShownAlerts alerts;
    private final PatientsWithOrders patients;
    private final Clock clock;
    private volatile Counted counted = new Counted(0, Instant.MIN);

    OpenAlerts(ShownAlerts alerts, PatientsWithOrders patients, Clock clock) {
        this.alerts = alerts;
        this.patients = patients;
        this.clock = clock;
    }

    /**
     * @param until when it is counted anew; the longer counting took, the later
     */
    private record Counted(int open, Instant until) {}

    /** How many there are; a decision counts at once. */
    int count() {
        var known = counted;
        var began = clock.instant();
        if (began.isBefore(known.until())) return known.open();
        var found = patients.newest(AlertsPage.PATIENTS);
        var open = open(alerts.of(found));
        var done = clock.instant();
        counted = new Counted(open, done.plus(Notices.restFor(Duration.between(began, done))));
        return open;
    }

    /** The same, as somebody just read them. */
    void read(List<ShownAlerts.Shown> all) {
        counted = new Counted(open(all), clock.instant().plus(Notices.restFor(Duration.ZERO)));
    }

    private static int open(List<ShownAlerts.Shown> all) {
        return (int) all.stream().filter(ShownAlerts.Shown::isOpen).count();
    }
}
