package org.chartbridge.fhir;

import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.loops.OpenLoops;
import org.chartbridge.loops.State;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Orders as their loops stand: what is held by a question, a payment or a specimen is on hold,
 * whatever word the laboratory has for it (ORC-1 UA, OH, ORC-5 HD).
 */
@Component
class OrdersStanding {
    /** Of these the order goes on as soon as somebody has acted. */
    private static final Set<State> HINDERED =
            EnumSet.of(
                    State.SPECIMEN_REJECTED,
                    State.AOE_MISSING,
                    State.ABN_REQUIRED,
                    State.PAYMENT,
                    State.ON_HOLD);

    /** Of these a loop may say more; the others are over. */
    private static final Set<String> OPEN = Set.of("active", "refused", "on-hold", "in-progress");

    private final ObjectProvider<OpenLoops> loops;

    /**
     * @param loops none where FHIR is served without them; orders are then as they were stated
     */
    OrdersStanding(ObjectProvider<OpenLoops> loops) {
        this.loops = loops;
    }

    /** The same orders, in the same order. */
    List<PlacedOrderView> of(List<PlacedOrderView> orders) {
        var followed = loops.getIfAvailable();
        if (followed == null) return orders;
        var held = new HashSet<Long>();
        orders.stream()
                .filter(view -> OPEN.contains(view.state()))
                .map(PlacedOrderView::personId)
                .distinct()
                .flatMap(person -> followed.of(person).stream())
                .filter(loop -> !loop.referral() && HINDERED.contains(loop.state()))
                .forEach(loop -> held.add(loop.id()));
        return orders.stream()
                .map(view -> held.contains(view.id()) ? view.in("on-hold") : view)
                .toList();
    }
}
