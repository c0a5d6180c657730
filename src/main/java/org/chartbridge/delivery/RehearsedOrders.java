package org.chartbridge.delivery;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where the orders of earlier messages went that were only played: what {@link SentOrders} knows in
 * the engine. Two numbers are two patients: there is no chart that knows of a merge.
 */
public final class RehearsedOrders implements WhereOrdersWent {
    private final List<SentOrders.Sent> sent = new ArrayList<>();
    private final Set<String> held = new HashSet<>();

    /** Nothing was sent before. */
    public void forget() {
        sent.clear();
        held.clear();
    }

    /**
     * What leaves by these is sent, now or when a person has decided.
     *
     * @param holds whether a person has to decide about an alert
     */
    public void remember(List<StagedDelivery> deliveries, boolean holds) {
        for (var delivery : deliveries) {
            if (delivery.waits() != null) continue; // Nobody has it.
            for (var one : delivery.orders()) {
                if (holds) held.add(SentOrders.entity(one.key()));
                var patient =
                        sent.stream()
                                .filter(known -> known.key().equals(one.key()))
                                .findFirst()
                                .map(SentOrders.Sent::patient)
                                .orElse(one.patient());
                sent.removeIf(known -> known.key().equals(one.key()));
                sent.add(new SentOrders.Sent(one.key(), delivery.destination(), patient));
            }
        }
    }

    @Override
    public Optional<String> destination(String sender, String number) {
        var key = WhereOrdersWent.key(sender, number);
        return SentOrders.same(key, alike(key)).map(SentOrders.Sent::destination);
    }

    @Override
    public boolean isOfAnother(String sender, String number, String patient) {
        var key = WhereOrdersWent.key(sender, number);
        var before = SentOrders.patient(key, alike(key));
        return !patient.isEmpty() && !before.isEmpty() && !SentOrders.agree(before, patient);
    }

    @Override
    public boolean isHeld(String sender, String number) {
        return held.contains(SentOrders.entity(WhereOrdersWent.key(sender, number)));
    }

    private List<SentOrders.Sent> alike(String key) {
        var entity = SentOrders.entity(key);
        return sent.stream().filter(one -> SentOrders.entity(one.key()).equals(entity)).toList();
    }
}
