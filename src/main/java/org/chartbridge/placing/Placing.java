package org.chartbridge.placing;

import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.MedicationOrderView;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.Registrations;
import org.chartbridge.intake.OwnDoor;
import org.chartbridge.intake.OwnDoor.Open;
import org.chartbridge.intake.OwnDoor.Outcome;
import org.chartbridge.journal.JournalSearch;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Places orders and ends them: gives numbers, makes the message, hands it in and says what came of
 * it. An order of a number that was placed before is not placed again. Long because both share what
 * stands of a number.
 */
@Service
public class Placing {
    /** Characters of a form's id: MSH-10 has 20 (HL7 v2.5.1 §2.14.9.10). */
    public static final int FORM_LENGTH = 12;

    private static final int LOCKS = 64;

    /** Of one patient; more would be a broken feed. */
    private static final int MAX_GUARANTORS = 10;

    /** Others begin with CB: so no form has the number of another order. */
    private static final String FORM_ORDERS = "CP";

    private static final String FORM_MESSAGES = "CP-";

    private final OwnDoor door;
    private final OrderRequests requests;
    private final Registrations registrations;
    private final CareStatements care;
    private final JournalSearch journal;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

    Placing(
            OwnDoor door,
            OrderRequests requests,
            Registrations registrations,
            CareStatements care,
            JournalSearch journal) {
        this.door = door;
        this.requests = requests;
        this.registrations = registrations;
        this.care = care;
        this.journal = journal;
        for (int i = 0; i < LOCKS; i++) locks[i] = new ReentrantLock();
    }

    /** What came of it. */
    public sealed interface Result {

        /**
         * The orders stand in the chart.
         *
         * @param orders of tests, in the order in which they were asked for
         * @param medication the same of medication; one of both is empty
         * @param before whether they did so before
         * @param warnings what screening says
         */
        record Ordered(
                List<PlacedOrderView> orders,
                List<MedicationOrderView> medication,
                boolean before,
                List<String> warnings)
                implements Result {
            public Ordered {
                orders = List.copyOf(orders);
                medication = List.copyOf(medication);
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

    /**
     * What changes of a test that was ordered here; what is empty, or null, stays.
     *
     * @param priority TQ1-9, table 0485
     * @param start TQ1-7
     * @param notes NTE, in place of those of before
     * @param answers OBX, in place of those of before
     */
    public record Change(
            String priority,
            @Nullable Instant start,
            List<String> notes,
            List<Placed.Answer> answers) {
        public static final Change NONE = new Change("", null, List.of(), List.of());

        public Change {
            notes = List.copyOf(notes);
            answers = List.copyOf(answers);
        }

        public boolean isNothing() {
            return equals(NONE);
        }

        /** What changes, in words. */
        public String words() {
            var words = new ArrayList<String>();
            if (!priority.isEmpty()) words.add("priority (TQ1-9)");
            if (start != null) words.add("time (TQ1-7)");
            if (!notes.isEmpty()) words.add("note (NTE)");
            if (!answers.isEmpty()) words.add("answers (OBX)");
            return String.join(", ", words);
        }

        /** Says nothing of the patient. */
        @Override
        public String toString() {
            return "Change[" + words() + "]";
        }
    }

    /**
     * An order that was placed here is to end, to wait, to go on, or to change.
     *
     * @param folder in whose name it was placed
     * @param number as the chart keeps it (ORC-2)
     * @param entry the message that last stated it
     * @param control ORC-1: CA or DC; of tests also HD, RL or XO
     * @param reason in words (ORC-16); empty when nobody said
     * @param change of XO
     */
    public record Ending(
            String folder,
            String number,
            boolean medication,
            long entry,
            String control,
            String reason,
            Change change,
            String account,
            Instant at) {
        @Override
        public String toString() {
            return "Ending[" + entry + " " + control + "]";
        }
    }

    /** As it was asked for. */
    public record Source(String mediaType, byte[] content) {
        @Override
        public String toString() {
            return "Source[" + mediaType + "]";
        }
    }

    /** Whether what a partner ordered was placed here, and so ends here. */
    public boolean isOurs(String partner, boolean medication) {
        return door.open(medication ? "OMP" : "OML")
                .filter(open -> open.partner().folder().equals(partner))
                .isPresent();
    }

    /**
     * Ends an order, holds, releases or changes it.
     *
     * @param from as the journal names whom it came from
     * @return the order as it stands then, or why nothing is known of it yet
     */
    public Result end(Ending ending, Source source, String from) {
        var to = door.open(ending.medication() ? "OMP" : "OML");
        if (to.isEmpty() || !isOurs(ending.folder(), ending.medication()))
            return new Result.NoRoute();
        return alone(
                Set.of(place(ending.folder(), ending.number())),
                () -> {
                    long number = requests.nextNumber();
                    var message =
                            journal.raw(ending.entry())
                                    .flatMap(
                                            before ->
                                                    EndingMessage.of(
                                                            before,
                                                            ending,
                                                            to.get().partner().zone(),
                                                            number));
                    if (message.isEmpty())
                        return new Result.Refused(
                                "the message of this order has been removed; tell its receiver"
                                        + " otherwise");
                    keep(
                            to.get(),
                            PlacedMessage.controlId(number),
                            ending.at(),
                            ending.account(),
                            source);
                    return switch (door.send(message.get(), to.get(), from)) {
                        case Outcome.Accepted(var warnings) -> ended(ending, warnings);
                        case Outcome.Refused(var why) -> new Result.Refused(why);
                        case Outcome.Unknown _ -> new Result.Unknown();
                    };
                });
    }

    private Result ended(Ending ending, List<String> warnings) {
        var found =
                standing(ending.folder(), ending.number()).stream()
                        .filter(one -> one.entry() != ending.entry())
                        .toList();
        return found.isEmpty() ? waits(warnings) : ordered(found, false, warnings);
    }

    private static Result waits(List<String> warnings) {
        return new Result.Waits(
                warnings.isEmpty()
                        ? "it will be charted in its turn"
                        : String.join("; ", warnings));
    }

    /**
     * Who answers for a patient's bills by what the chart has, but for what it has from orders that
     * were placed here.
     */
    public List<Placed.Guarantor> guarantors(UUID person, boolean medication, Instant at) {
        var own =
                door.open(medication ? "OMP" : "OML")
                        .map(open -> open.partner().folder())
                        .orElse("");
        return registrations
                .guarantors(Registrations.Search.of(person), 0, MAX_GUARANTORS)
                .items()
                .stream()
                .filter(one -> one.isOn(at) && !one.source().partner().equals(own))
                .map(KnownPatient::guarantor)
                .distinct()
                .toList();
    }

    /** In whose name tests are ordered; empty when no route takes them. */
    public Optional<Open> open() {
        return door.open("OML");
    }

    /**
     * Places orders for one patient, all or none.
     *
     * @param from as the journal names whom it came from
     */
    public Result place(UUID person, Placed placed, Source source, String from) {
        var to = door.open(PlacedMessage.type(placed));
        if (to.isEmpty()) return new Result.NoRoute();
        var folder = to.get().partner().folder();
        return alone(
                folder,
                placed,
                () -> {
                    var known = known(folder, person, placed);
                    if (known != null) return known;
                    long number = requests.nextNumber();
                    return send(
                            to.get(),
                            PlacedMessage.numbered(placed, "CB" + number),
                            PlacedMessage.controlId(number),
                            source,
                            from);
                });
    }

    /**
     * Places what a page's form asks for, all or none, and once however often the form is sent: its
     * id makes the numbers of message and orders, and its time is that of the first sending. So
     * whatever is sent again is the same message, which intake answers as it did before.
     *
     * @param form given to one form only; letters and digits, {@link #FORM_LENGTH} of them
     * @return {@link Result.Taken} also when the form was sent before with other content
     */
    public Result placeForm(UUID person, String form, Placed asked, Source source, String from) {
        var to = open();
        if (to.isEmpty()) return new Result.NoRoute();
        var folder = to.get().partner().folder();
        var numbered = PlacedMessage.numbered(asked, FORM_ORDERS + form);
        var controlId = FORM_MESSAGES + form;
        return alone(
                folder,
                numbered,
                () -> {
                    var before = requests.kept(folder, controlId).orElse(null);
                    if (before == null) return send(to.get(), numbered, controlId, source, from);
                    if (!Arrays.equals(before.content(), source.content()))
                        return new Result.Taken(0);
                    var known = known(folder, person, numbered);
                    return known != null
                            ? known
                            : send(to.get(), numbered.at(before.at()), controlId, source, from);
                });
    }

    /** Whether a form was sent before; what it asked for is not looked at anew then. */
    public boolean wasSent(String form) {
        return open().flatMap(to -> requests.kept(to.partner().folder(), FORM_MESSAGES + form))
                .isPresent();
    }

    /** The message that {@link #placeForm} would make now; nothing is sent by it. */
    public byte[] draft(String form, Placed asked, Open to) {
        var numbered = PlacedMessage.numbered(asked, FORM_ORDERS + form);
        return PlacedMessage.of(numbered, to.partner(), FORM_MESSAGES + form);
    }

    /**
     * Orders of these numbers that stand already; null when none does. Of two at one moment on two
     * nodes both are charted as one order, and the second is not sent without a person's word.
     */
    private @Nullable Result known(String folder, UUID person, Placed placed) {
        var found = new ArrayList<Standing>();
        for (int i = 0; i < placed.orders().size(); i++) {
            var order = placed.orders().get(i);
            if (!order.control().equals("NW") || order.number().value().isEmpty()) continue;
            var before = standing(folder, order.number().charted());
            if (before.isEmpty()) continue;
            if (before.size() > 1 || !before.getFirst().isSame(person, order))
                return new Result.Taken(i);
            found.add(before.getFirst());
        }
        if (found.isEmpty()) return null;
        return found.size() == placed.orders().size()
                ? ordered(found, true, List.of())
                : new Result.Taken(firstKnown(placed, found));
    }

    private static int firstKnown(Placed placed, List<Standing> found) {
        for (int i = 0; i < placed.orders().size(); i++)
            if (placed.orders().get(i).number().charted().equals(found.getFirst().number()))
                return i;
        return 0;
    }

    /** An order of the chart: of a test or of medication, the other is null. */
    private record Standing(
            @Nullable PlacedOrderView test, @Nullable MedicationOrderView medication) {

        String number() {
            return test != null
                    ? test.placerNumber()
                    : medication == null ? "" : medication.placerNumber();
        }

        long entry() {
            if (test != null) return test.source().entryId();
            return medication == null ? 0 : medication.source().entryId();
        }

        boolean isSame(UUID person, Placed.Order order) {
            if (test != null)
                return order instanceof Placed.Test
                        && test.personId().equals(person)
                        && test.service().code().equals(order.code().code())
                        && !test.state().equals("cancelled");
            return medication != null
                    && order instanceof Placed.Drug
                    && medication.personId().equals(person)
                    && medication.drug().code().equals(order.code().code())
                    && medication.drug().text().equals(order.code().text())
                    && !medication.state().equals("cancelled");
        }

        @Override
        public String toString() {
            return "Standing";
        }
    }

    /** A number names one order, of a test or of medication. */
    private List<Standing> standing(String folder, String number) {
        var all = new ArrayList<Standing>();
        registrations
                .ordersNumbered(folder, number)
                .forEach(test -> all.add(new Standing(test, null)));
        care.medicationNumbered(folder, number)
                .forEach(medication -> all.add(new Standing(null, medication)));
        return all;
    }

    private static Result ordered(List<Standing> found, boolean before, List<String> warnings) {
        return new Result.Ordered(
                found.stream().map(Standing::test).filter(Objects::nonNull).toList(),
                found.stream().map(Standing::medication).filter(Objects::nonNull).toList(),
                before,
                warnings);
    }

    private Result send(Open to, Placed placed, String controlId, Source source, String from) {
        var folder = to.partner().folder();
        keep(to, controlId, placed.at(), placed.account(), source);
        var outcome = door.send(PlacedMessage.of(placed, to.partner(), controlId), to, from);
        return switch (outcome) {
            case Outcome.Accepted(var warnings) -> charted(folder, placed, warnings);
            case Outcome.Refused(var why) -> new Result.Refused(why);
            case Outcome.Unknown _ -> new Result.Unknown();
        };
    }

    private void keep(Open to, String controlId, Instant at, String account, Source source) {
        requests.keep(
                to.partner().folder(),
                controlId,
                at,
                account,
                source.mediaType(),
                source.content());
    }

    private Result charted(String folder, Placed placed, List<String> warnings) {
        var orders = new ArrayList<Standing>();
        for (var order : placed.orders()) {
            var found = standing(folder, order.number().charted());
            if (found.isEmpty()) return waits(warnings);
            orders.add(found.getFirst());
        }
        return ordered(orders, false, warnings);
    }

    /** Orders of one number one after the other. */
    private Result alone(String folder, Placed placed, Supplier<Result> work) {
        var places = new TreeSet<Integer>();
        for (var order : placed.orders())
            if (!order.number().value().isEmpty())
                places.add(place(folder, order.number().charted()));
        return alone(places, work);
    }

    private static int place(String folder, String number) {
        return Math.floorMod((folder + "|" + number).hashCode(), LOCKS);
    }

    /**
     * @param places sorted, so that no two wait for each other
     */
    private Result alone(Set<Integer> places, Supplier<Result> work) {
        places.forEach(place -> locks[place].lock());
        try {
            return work.get();
        } finally {
            places.forEach(place -> locks[place].unlock());
        }
    }
}
