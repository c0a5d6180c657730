package org.chartbridge.fhir;

import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.ReferralLoop;
import org.chartbridge.loops.Loop;
import org.chartbridge.loops.OpenLoops;
import org.chartbridge.loops.State;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

import java.util.HashMap;
import java.util.List;

/** Orders and referrals as their loops stand, whatever word anybody has for it. */
@Component
class OrdersStanding {
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
        var states = new HashMap<Long, String>();
        orders.stream()
                .map(PlacedOrderView::personId)
                .distinct()
                .forEach(person -> states.putAll(followed.orderStates(person)));
        return orders.stream()
                .map(view -> view.in(states.getOrDefault(view.id(), view.state())))
                .toList();
    }

    /** A referral's state: that of the last word, unless a person closed it. */
    String of(ReferralLoop loop) {
        var followed = loops.getIfAvailable();
        if (followed == null) return loop.state();
        return followed.of(loop.referral().personId()).stream()
                .filter(one -> one.referral() && one.id() == loop.referral().id())
                .filter(one -> one.state() == State.CLOSED)
                .map(Loop::closedState)
                .findFirst()
                .orElse(loop.state());
    }
}
