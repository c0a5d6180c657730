package org.chartbridge.delivery;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the orders of earlier messages went that were only played: what {@link SentOrders} knows in
 * the engine. Two numbers are two patients: there is no chart that knows of a merge.
 */
public final class RehearsedOrders implements WhereOrdersWent {
    private final List<SentOrders.Sent> sent = new ArrayList<>();
    private final Set<String> held = new HashSet<>();
    private final Map<String, Instant> said = new HashMap<>();
    private final Map<String, byte[]> messages = new HashMap<>();

    /** Nothing was sent before. */
    public void forget() {
        sent.clear();
        held.clear();
        said.clear();
        messages.clear();
    }

    /**
     * What leaves by these is sent, now or when a person has decided.
     *
     * @param holds whether a person has to decide about an alert
     * @param saidAt MSH-7 of their message
     * @param message as it came
     */
    public void remember(
            List<StagedDelivery> deliveries,
            boolean holds,
            @Nullable Instant saidAt,
            byte[] message) {
        for (var delivery : deliveries) {
            if (delivery.waits() != null) continue; // Nobody has it.
            for (var one : delivery.orders()) {
                var entity = SentOrders.entity(one.key());
                if (holds) held.add(entity);
                if (saidAt != null) said.merge(entity, saidAt, (a, b) -> a.isAfter(b) ? a : b);
                messages.put(entity, message);
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

    @Override
    public Optional<Instant> saidAt(String sender, String number) {
        return Optional.ofNullable(
                said.get(SentOrders.entity(WhereOrdersWent.key(sender, number))));
    }

    @Override
    public Optional<byte[]> message(String sender, String number) {
        return Optional.ofNullable(
                messages.get(SentOrders.entity(WhereOrdersWent.key(sender, number))));
    }

    private List<SentOrders.Sent> alike(String key) {
        var entity = SentOrders.entity(key);
        return sent.stream().filter(one -> SentOrders.entity(one.key()).equals(entity)).toList();
    }
}
