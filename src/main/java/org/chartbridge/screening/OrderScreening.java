package org.chartbridge.screening;

import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.Registration;
import org.chartbridge.chart.Source;
import org.springframework.stereotype.Service;

import java.sql.Connection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Screens an order in the transaction that charts it: under the lock of its patient, and with what
 * the transaction has written so far.
 */
@Service
public class OrderScreening {
    /** Events of answers to orders: ORR, ORG, ORL, OSU. */
    private static final Set<String> ANSWERS = Set.of("O02", "O20", "O22", "O34", "O36", "O51");

    private final Screener screener;

    OrderScreening(Screener screener) {
        this.screener = screener;
    }

    /**
     * Whether a message orders anything that is screened, or that ought to be and can't ⚠: the
     * tables have a fault, or there are none although whoever ordered asks for screening.
     *
     * @param unread whether it orders something that could not be charted
     * @param asked whether {@code screening:} of whoever ordered says anything of its own
     */
    public boolean concerns(ChartUpdate update, boolean unread, boolean asked) {
        if (!unread && !orders(update)) return false;
        var state = screener.state();
        if (!state.isOff()) return true;
        return (state.isBroken() || asked) && (unread || orders(update, true));
    }

    static boolean orders(ChartUpdate update) {
        return orders(update, false);
    }

    private static boolean orders(ChartUpdate update, boolean going) {
        for (var part : update.parts())
            if (part instanceof Registration registration)
                for (var list : registration.lists())
                    if (orders(registration.trigger(), list, going)) return true;
        return false;
    }

    /** Whether there is nothing to screen by. */
    public boolean isOff() {
        return screener.state().isOff();
    }

    /**
     * @param trigger MSH-9.2
     * @param going whether only what is not over counts: what ends an order needs no screening
     */
    private static boolean orders(String trigger, ListStatement list, boolean going) {
        boolean medication = list.kind() == ListKind.MEDICATION_ORDER;
        if (!medication && list.kind() != ListKind.PLACED_ORDER) return false;
        for (var item : list.items()) {
            if (going && isOver(item)) continue;
            // A pharmacy's own encoded order (RDE) is screened, whatever its ORC-1 is.
            if (isAnswer(item) && (!medication || ANSWERS.contains(trigger))) continue;
            if (medication || !ContrastOfOrder.of(item).agents().isEmpty()) return true;
        }
        return false;
    }

    /** Whoever answers an order is told nothing: whoever placed it was. */
    private static boolean isAnswer(ListStatement.Item item) {
        var control = item.fields().get(ItemField.CONTROL);
        return control != null && PlacedOrderView.isAnswer(control.text());
    }

    private static boolean isOver(ListStatement.Item item) {
        var state = item.fields().get(ItemField.STATE);
        return item.removed() || (state != null && Screening.OVER.contains(state.text()));
    }

    /**
     * The alerts that a message is behind, and those that say that an allergy of its patient could
     * not be checked; the worst first, overridden ones as well.
     *
     * @param connection in the transaction that charts it, after its rows are written
     * @param recordId of whom it was charted
     */
    public List<Alert> alerts(Connection connection, long recordId, long entryId) {
        var person = PatientsWithOrders.of(connection, recordId);
        return about(entryId, screener.alerts(connection, person));
    }

    /**
     * Whether a message may open an alert about what was ordered before: it says something of
     * allergies, or orders what is screened.
     */
    public static boolean mayAlert(ChartUpdate update) {
        for (var part : update.parts())
            if (part instanceof Registration registration)
                for (var list : registration.lists())
                    if (list.kind() == ListKind.ALLERGY
                            || orders(registration.trigger(), list, false)) return true;
        return false;
    }

    /**
     * An order that is screened.
     *
     * @param partner who ordered
     * @param entryId the last message about it
     * @param number the placer's, else the other one's; may be empty
     */
    public record Ordered(String partner, long entryId, String number) {
        static Ordered of(Source source, String placer, String filler) {
            return new Ordered(
                    source.partner(), source.entryId(), Screening.number(placer, filler));
        }

        /** The message only. */
        @Override
        public String toString() {
            return "Ordered[" + entryId + "]";
        }
    }

    /** What a patient has of it that is not over, as one connection sees the chart. */
    public List<Ordered> ordered(Connection connection, UUID person) {
        return screener.ordered(connection, person);
    }

    /** All alerts of a patient, the worst first, overridden ones as well. */
    public List<Alert> alerts(Connection connection, UUID person) {
        return screener.alerts(connection, person);
    }

    /** The version of the tables that count now. */
    public String version() {
        return screener.state().tables().version();
    }

    static List<Alert> about(long entryId, List<Alert> alerts) {
        return alerts.stream()
                .filter(alert -> alert.isBehind(entryId) || alert.isUncheckedAllergy())
                .toList();
    }
}
