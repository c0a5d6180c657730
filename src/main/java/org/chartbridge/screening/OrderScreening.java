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

    /** Whether a message orders anything that is screened, and there are tables to screen it by. */
    public boolean concerns(ChartUpdate update) {
        return orders(update) && !screener.state().isOff();
    }

    static boolean orders(ChartUpdate update) {
        for (var part : update.parts())
            if (part instanceof Registration registration)
                for (var list : registration.lists()) if (orders(list)) return true;
        return false;
    }

    private static boolean orders(ListStatement list) {
        if (list.items().isEmpty()) return false;
        if (list.kind() == ListKind.MEDICATION_ORDER) return true;
        if (list.kind() != ListKind.PLACED_ORDER) return false;
        for (var item : list.items()) {
            var service = item.fields().get(ItemField.CODE);
            if (service != null && !Screening.agents(service.text()).isEmpty()) return true;
        }
        return false;
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
