package org.chartbridge.placing;

import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.Registrations;
import org.chartbridge.intake.OwnDoor;
import org.chartbridge.intake.OwnDoor.Open;
import org.chartbridge.intake.OwnDoor.Outcome;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Places orders: gives numbers, makes the message, hands it in and says what came of it. An order
 * of a number that was placed before is not placed again.
 */
@Service
public class Placing {
    private static final int LOCKS = 64;

    private final OwnDoor door;
    private final OrderRequests requests;
    private final Registrations registrations;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    Placing(OwnDoor door, OrderRequests requests, Registrations registrations) {
        this.door = door;
        this.requests = requests;
        this.registrations = registrations;
        for (int i = 0; i < LOCKS; i++) locks[i] = new ReentrantLock();
    }

    /** What came of it. */
    public sealed interface Result {

        /**
         * The orders stand in the chart.
         *
         * @param orders in the order in which they were asked for
         * @param before whether they did so before
         * @param warnings what screening says
         */
        record Ordered(List<PlacedOrderView> orders, boolean before, List<String> warnings)
                implements Result {
            public Ordered {
                orders = List.copyOf(orders);
                warnings = List.copyOf(warnings);
            }
        }

        /** It is kept and not in the chart yet. */
        record Waits(String why) implements Result {}

        /** It does nothing, because its content is faulty. */
        record Refused(String why) implements Result {}

        /**
         * A number is another order's.
         *
         * @param index of the order, from 0
         */
        record Taken(int index) implements Result {}

        /** No route takes orders that are placed here. */
        record NoRoute() implements Result {}

        /** Nothing is promised; it may be asked for again. */
        record Unknown() implements Result {}
    }

    /** As it was asked for. */
    public record Source(String mediaType, byte[] content) {
        @Override
        public String toString() {
            return "Source[" + mediaType + "]";
        }
    }

    /** In whose name orders are placed; empty when no route takes them. */
    public Optional<Open> open() {
        return door.open("OML");
    }

    /**
     * Places orders for one patient, all or none.
     *
     * @param from as the journal names whom it came from
     */
    public Result place(UUID person, Placed placed, Source source, String from) {
        var to = open();
        if (to.isEmpty()) return new Result.NoRoute();
        var folder = to.get().partner().folder();
        return alone(
                folder,
                placed,
                () -> {
                    var known = known(folder, person, placed);
                    return known != null ? known : send(to.get(), placed, source, from);
                });
    }

    /**
     * Orders of these numbers that stand already; null when none does. Of two at one moment on two
     * nodes both are charted as one order, and the second is not sent without a person's word.
     */
    private @Nullable Result known(String folder, UUID person, Placed placed) {
        var found = new ArrayList<PlacedOrderView>();
        for (int i = 0; i < placed.tests().size(); i++) {
            var test = placed.tests().get(i);
            if (!test.control().equals("NW") || test.number().value().isEmpty()) continue;
            var before = registrations.ordersNumbered(folder, test.number().charted());
            if (before.isEmpty()) continue;
            var one = before.getFirst();
            boolean same =
                    before.size() == 1
                            && one.personId().equals(person)
                            && one.service().code().equals(test.code().code())
                            && !one.state().equals("cancelled");
            if (!same) return new Result.Taken(i);
            found.add(one);
        }
        if (found.isEmpty()) return null;
        return found.size() == placed.tests().size()
                ? new Result.Ordered(found, true, List.of())
                : new Result.Taken(firstKnown(placed, found));
    }

    private static int firstKnown(Placed placed, List<PlacedOrderView> found) {
        for (int i = 0; i < placed.tests().size(); i++)
            if (placed.tests().get(i).number().charted().equals(found.getFirst().placerNumber()))
                return i;
        return 0;
    }

    private Result send(Open to, Placed asked, Source source, String from) {
        long number = requests.nextNumber();
        var placed = PlacedMessage.numbered(asked, number);
        var folder = to.partner().folder();
        requests.keep(
                folder,
                PlacedMessage.controlId(number),
                placed.at(),
                placed.account(),
                source.mediaType(),
                source.content());
        var outcome = door.send(PlacedMessage.of(placed, to.partner(), number), to, from);
        return switch (outcome) {
            case Outcome.Accepted(var warnings) -> charted(folder, placed, warnings);
            case Outcome.Refused(var why) -> new Result.Refused(why);
            case Outcome.Unknown _ -> new Result.Unknown();
        };
    }

    private Result charted(String folder, Placed placed, List<String> warnings) {
        var orders = new ArrayList<PlacedOrderView>();
        for (var test : placed.tests()) {
            var found = registrations.ordersNumbered(folder, test.number().charted());
            if (found.isEmpty())
                return new Result.Waits(
                        warnings.isEmpty()
                                ? "it will be charted in its turn"
                                : String.join("; ", warnings));
            orders.add(found.getFirst());
        }
        return new Result.Ordered(orders, false, warnings);
    }

    /** Orders of one number one after the other. */
    private Result alone(String folder, Placed placed, Supplier<Result> work) {
        var places = new TreeSet<Integer>();
        for (var test : placed.tests())
            if (!test.number().value().isEmpty())
                places.add(
                        Math.floorMod((folder + "|" + test.number().charted()).hashCode(), LOCKS));
        places.forEach(place -> locks[place].lock());
        try {
            return work.get();
        } finally {
            places.forEach(place -> locks[place].unlock());
        }
    }
}
