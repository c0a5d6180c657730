package org.chartbridge.screening;

import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.chart.Registration;
import org.springframework.stereotype.Service;

import java.sql.Connection;
import java.util.List;

/**
 * Screens an order in the transaction that charts it: under the lock of its patient, and with what
 * the transaction has written so far.
 */
@Service
public class OrderScreening {
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
                for (var list : registration.lists()) if (orders(list, going)) return true;
        return false;
    }

    /** Whether there is nothing to screen by. */
    public boolean isOff() {
        return screener.state().isOff();
    }

    /**
     * @param going whether only what is not over counts: what ends an order needs no screening
     */
    private static boolean orders(ListStatement list, boolean going) {
        boolean medication = list.kind() == ListKind.MEDICATION_ORDER;
        if (!medication && list.kind() != ListKind.PLACED_ORDER) return false;
        for (var item : list.items()) {
            if (going && isOver(item)) continue;
            if (medication || !ContrastOfOrder.of(item).agents().isEmpty()) return true;
        }
        return false;
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

    static List<Alert> about(long entryId, List<Alert> alerts) {
        return alerts.stream()
                .filter(alert -> alert.isBehind(entryId) || alert.isUncheckedAllergy())
                .toList();
    }
}
