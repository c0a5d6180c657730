package org.chartbridge.fhir;

import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.ReferralLoop;
import org.chartbridge.loops.Loop;
import org.chartbridge.loops.OpenLoops;
import org.chartbridge.loops.State;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Orders as their loops stand: what is held by a question, a payment or a specimen is on hold,
 * whatever word the laboratory has for it (ORC-1 UA, OH, ORC-5 HD); what a person closed is over.
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
    private static final Set<String> OPEN =
            Set.of("active", "refused", "on-hold", "in-progress", "recollect");

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
                .filter(view -> OPEN.contains(view.state()))
                .map(PlacedOrderView::personId)
                .distinct()
                .flatMap(person -> followed.of(person).stream())
                .filter(loop -> !loop.referral())
                .forEach(
                        loop -> {
                            if (HINDERED.contains(loop.state())) states.put(loop.id(), "on-hold");
                            closed(loop).ifPresent(state -> states.put(loop.id(), state));
                        });
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
                .flatMap(one -> closed(one).stream())
                .findFirst()
                .orElse(loop.state());
    }

    /** In the words of an order's state; empty while nobody closed it, or it goes on. */
    private static Optional<String> closed(Loop loop) {
        var closed = loop.closed();
        if (closed == null || loop.state() != State.CLOSED) return Optional.empty();
        return Optional.of(
                switch (closed.why()) {
                    case ANSWERED -> "completed";
                    case MISTAKE -> "mistake";
                    case NO_SHOW, NOT_PERFORMED, OTHER -> "cancelled";
                });
    }
}
