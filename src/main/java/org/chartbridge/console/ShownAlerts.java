package org.chartbridge.console;

import org.chartbridge.journal.Overrides;
import org.chartbridge.journal.Overrides.Overridden;
import org.chartbridge.screening.Alert;
import org.chartbridge.screening.Screener;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/** Alerts with what people decided about them, as the chart, the list and a message show them. */
@Component
class ShownAlerts {
    private final Screener screener;
    private final Overrides overrides;

    ShownAlerts(Screener screener, Overrides overrides) {
        this.screener = screener;
        this.overrides = overrides;
    }

    /**
     * One alert.
     *
     * @param override who decided that the order may stand; null while it is open
     */
    record Shown(Alert alert, @Nullable Overridden override) {
        public boolean isOpen() {
            return override == null;
        }

        /** How it is coloured. */
        public String mark() {
            return switch (alert.severity()) {
                case HIGH -> "critical";
                case MODERATE -> "high";
                case LOW -> "odd";
            };
        }

        public String icon() {
            return alert.isNotScreened() ? "not-performed" : isOpen() ? "critical" : "charted";
        }
    }

    /**
     * What screening itself can't do.
     *
     * @param off whether there are no tables, and medication that they would be about
     * @param faulty whether files that were changed are not taken
     * @param cut whether the patient has more orders or allergies than are looked at
     */
    record Screened(boolean off, boolean faulty, boolean cut) {}

    /** Open ones first, of these the worst. */
    List<Shown> of(UUID person) {
        return shown(screener.alerts(person));
    }

    /** Those of several patients, each one's as if it were asked for alone. */
    List<Shown> of(List<UUID> persons) {
        var alerts = screener.alerts(persons);
        return shown(
                persons.stream()
                        .flatMap(person -> alerts.getOrDefault(person, List.of()).stream())
                        .toList());
    }

    private List<Shown> shown(List<Alert> alerts) {
        var decided = overrides.of(alerts.stream().map(Alert::key).toList());
        var shown = new ArrayList<Shown>();
        for (var alert : alerts) shown.add(new Shown(alert, decided.get(alert.key())));
        shown.sort(Comparator.comparing((Shown one) -> !one.isOpen()));
        return shown;
    }

    /** Those of a patient that a message is behind: it ordered, or says the cause. */
    List<Shown> of(UUID person, long entryId) {
        return of(person).stream().filter(one -> one.alert().isBehind(entryId)).toList();
    }

    Screened screening(UUID person) {
        var state = screener.state();
        return new Screened(
                state.isOff() && screener.hasMedication(person),
                !state.faults().isEmpty(),
                screener.isCutOff(person));
    }

    Screener.State state() {
        return screener.state();
    }
}
