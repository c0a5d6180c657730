package org.chartbridge.ordering;

import org.chartbridge.chart.GivenNumber;
import org.chartbridge.delivery.Chosen;
import org.chartbridge.delivery.Leaving;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.delivery.WhereOrdersWent;
import org.chartbridge.hl7.Hl7Time;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.hl7.Rewriting;
import org.chartbridge.partner.Orders;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Which laboratory gets an order, by what the folders say now; long because each cause that asks a
 * person is told in full. The same order, folders and earlier orders give the same choice.
 *
 * <ol>
 *   <li>What follows an order (a change, a cancel) goes where the order went, unless it was sent
 *       for another patient. An order in the place of another (RO) or below one (CH) goes with
 *       that, and waits with it; so does a new one that is added to a specimen. A new order of a
 *       number that was sent asks a person; several tests that one message orders under one number
 *       are no repeats, and go to one laboratory, so that what follows finds all of them.
 *   <li>Of those who do the test, the first row of the sender's {@code ordering.csv} that fits
 *       decides; what no row fits asks a person.
 *   <li>Without {@code ordering.csv} the only one that does the test gets it; where two do, a
 *       person is asked.
 *   <li>A question of the laboratory that is not answered asks a person.
 * </ol>
 */
public final class Ordering {

    private static final String THE_TEST = "this test";

    private static final String NOT_ANSWERED = ", which is not answered (OBX below the OBR)";

    /** ORC-1 by which a placer ends an order (table 0119). */
    private static final Set<String> ENDS = Set.of("CA", "DC", "RP");

    private static final Set<String> MESSAGES = Set.of("ORM", "OML", "OMG");

    private final Supplier<? extends Collection<Partner>> partners;
    private final WhereOrdersWent sent;
    private final Referring referring;

    /**
     * @param partners all that run now
     */
    public Ordering(Supplier<? extends Collection<Partner>> partners, WhereOrdersWent sent) {
        this.partners = partners;
        this.sent = sent;
        this.referring = new Referring(partners, sent);
    }

    /** The queue of a partner's orders that a person has to look at. */
    public static String toPlace(String sender) {
        return sender + "/" + WhereOrdersWent.TO_PLACE;
    }

    /**
     * What leaves because of a message: one delivery for each laboratory with all of its orders,
     * and one for each order that nobody is found for. Nothing for a message that orders no test.
     */
    public List<StagedDelivery> staged(byte[] body, Partner sender) {
        var message = read(body, sender);
        if (message == null || !MESSAGES.contains(message.header().messageCode())) return List.of();
        var asked = new Asked(sent);
        return staged(
                message, sender, asked, taken -> staged(message, sender, asked.but(taken), null));
    }

    private List<StagedDelivery> staged(
            Message message,
            Partner sender,
            WhereOrdersWent went,
            StagedDelivery.@Nullable Again again) {
        var deliveries = new ArrayList<StagedDelivery>();
        var byLab = new LinkedHashMap<String, Bundle>();
        var here = new Here();
        for (var set : together(orders(message))) {
            var known = here.numbers();
            var choices = choices(set, sender, here, went);
            var nobody = nobody(choices);
            if (nobody == null)
                for (int i = 0; i < set.size(); i++) {
                    var order = set.get(i);
                    if (choices.get(i) instanceof Choice.To to)
                        byLab.computeIfAbsent(to.lab().folder(), _ -> new Bundle(to.lab()))
                                .add(order, to, known);
                }
            else
                deliveries.add(
                        new StagedDelivery(
                                toPlace(sender.folder()),
                                LabMessage.part(
                                        message,
                                        set.stream()
                                                .map(OneOrder::ordinal)
                                                .collect(Collectors.toSet())),
                                following(set, sender),
                                List.of(),
                                nobody.told(place(set, choices)),
                                again));
        }
        for (var bundle : byLab.values())
            deliveries.add(bundle.delivery(message, sender, "", again));
        return deliveries;
    }

    /** Of the first that nobody is found for. */
    private static @Nullable Location place(List<OneOrder> set, List<Choice> choices) {
        for (int i = 0; i < set.size(); i++)
            if (choices.get(i) instanceof Choice.Nobody) return set.get(i).place();
        return set.getFirst().place();
    }

    /** What waits until the order is sent that it changes or cancels, or that is its parent. */
    private static List<Leaving> following(List<OneOrder> set, Partner sender) {
        return set.stream()
                .filter(order -> !order.places() || order.isBelow())
                .map(order -> order.places() ? order.parent() : order.number())
                .filter(number -> !number.isEmpty())
                .map(number -> WhereOrdersWent.key(sender.folder(), number))
                .distinct()
                .map(key -> new Leaving(key, false, ""))
                .toList();
    }

    /**
     * What can only go together ⚠: orders that are replaced and those in their place (ORC-1 RP,
     * RO), a parent and its children (PA, CH). All else stands alone.
     */
    private static List<List<OneOrder>> together(List<OneOrder> orders) {
        var all = new ArrayList<List<OneOrder>>();
        int next = 0;
        while (next < orders.size()) {
            int from = next;
            var lead = orders.get(next++);
            if (lead.leads()) {
                while (next < orders.size() && orders.get(next).control().equals(lead.control()))
                    next++;
                int leads = next;
                while (next < orders.size() && lead.control().equals(orders.get(next).lead()))
                    next++;
                if (next == leads) next = from + 1; // Nothing follows: each by itself.
            }
            all.add(orders.subList(from, next));
        }
        return all;
    }

    /** Of each of what goes together; noted where they go, unless one asks a person. */
    private List<Choice> choices(
            List<OneOrder> set, Partner sender, Here here, WhereOrdersWent went) {
        var choices = new ArrayList<Choice>();
        var of = new Here(here);
        for (var order : set) {
            var first = choices.isEmpty() ? null : choices.getFirst();
            var choice =
                    order.lead() != null && first != null && !of.has(order)
                            ? withLead(order, sender, first, went)
                            : choice(order, sender, of, went);
            choices.add(choice);
            if (choice instanceof Choice.To to) of.add(order, to.lab().folder());
        }
        if (nobody(choices) == null)
            for (int i = 0; i < set.size(); i++)
                if (choices.get(i) instanceof Choice.To to) here.add(set.get(i), to.lab().folder());
        return choices;
    }

    /** Why a person is asked about all of them; null when nobody is. */
    private static Choice.@Nullable Nobody nobody(List<Choice> choices) {
        Choice.Nobody found = null;
        String folder = null;
        for (var choice : choices)
            switch (choice) {
                case Choice.Nobody nobody -> {
                    if (found == null) found = nobody;
                }
                case Choice.To to -> {
                    if (folder != null && !folder.equals(to.lab().folder()) && found == null)
                        found =
                                new Choice.Nobody(
                                        "orders that belong together (ORC-1 RP and RO, PA and CH)"
                                                + " went to "
                                                + folder
                                                + " and to "
                                                + to.lab().folder(),
                                        "cancel one and order the other by itself, or choose one");
                    folder = to.lab().folder();
                }
            }
        return found;
    }

    /** An order in the place of another, or part of one: it goes where that goes. */
    private static Choice withLead(
            OneOrder order, Partner sender, Choice lead, WhereOrdersWent went) {
        if (!(lead instanceof Choice.To to)) return lead;
        if (!order.isNumbered()) return NOT_NUMBERED;
        var before =
                order.number().isEmpty()
                        ? Optional.<String>empty()
                        : went.destination(sender.folder(), order.number());
        if (before.isPresent()) return sentBefore(before.get().replaceFirst("/.*", ""));
        if (does(to.lab(), order)) return asked(to.lab(), order, Chosen.follows());
        var folder = to.lab().folder();
        return notDone(
                folder + ", which has the order that this one belongs to, does not do ",
                order,
                folder);
    }

    private static Choice sentBefore(String folder) {
        return new Choice.Nobody(
                "an order of this number went to " + folder + " before",
                "see whether that is the same order; a change is sent as XO. Choose "
                        + folder
                        + " to order it once more");
    }

    /** What leaves because a message refers somebody: one delivery, or nothing if it does not. */
    public List<StagedDelivery> referred(byte[] body, Partner sender) {
        var message = read(body, sender);
        return message == null || !Referring.takes(message)
                ? List.of()
                : List.of(referring.staged(message, sender));
    }

    /** What was asked about earlier orders, and answered: asked again, it answers the same. */
    static final class Asked implements WhereOrdersWent {
        private final WhereOrdersWent sent;
        private final Map<String, Optional<String>> answers = new HashMap<>();
        private final Map<String, Boolean> others = new HashMap<>();
        private final Map<String, Boolean> held = new HashMap<>();
        private final Map<String, Boolean> dropped = new HashMap<>();
        private final Map<String, Optional<String>> adders = new HashMap<>();
        private final Map<String, Optional<Instant>> said = new HashMap<>();
        private final Map<String, Optional<byte[]>> messages = new HashMap<>();

        Asked(WhereOrdersWent sent) {
            this.sent = sent;
        }

        @Override
        public Optional<String> destination(String sender, String number) {
            return answers.computeIfAbsent(
                    WhereOrdersWent.key(sender, number), _ -> sent.destination(sender, number));
        }

        @Override
        public Optional<String> adder(String number, String patient) {
            return adders.computeIfAbsent(number, _ -> sent.adder(number, patient));
        }

        @Override
        public boolean isOfAnother(String sender, String number, String patient) {
            return others.computeIfAbsent(
                    WhereOrdersWent.key(sender, number),
                    _ -> sent.isOfAnother(sender, number, patient));
        }

        @Override
        public boolean isHeld(String sender, String number) {
            return held.computeIfAbsent(
                    WhereOrdersWent.key(sender, number), _ -> sent.isHeld(sender, number));
        }

        @Override
        public boolean isDropped(String sender, String number) {
            return dropped.computeIfAbsent(
                    WhereOrdersWent.key(sender, number), _ -> sent.isDropped(sender, number));
        }

        @Override
        public Optional<Instant> saidAt(String sender, String number) {
            return said.computeIfAbsent(
                    WhereOrdersWent.key(sender, number), _ -> sent.saidAt(sender, number));
        }

        @Override
        public Optional<byte[]> message(String sender, String number) {
            return messages.computeIfAbsent(
                    WhereOrdersWent.key(sender, number), _ -> sent.message(sender, number));
        }

        /** The same answers, but for what was sent meanwhile. */
        WhereOrdersWent but(Map<String, String> taken) {
            return new WhereOrdersWent() {
                @Override
                public Optional<String> destination(String sender, String number) {
                    var key = WhereOrdersWent.key(sender, number);
                    return Optional.ofNullable(taken.get(key))
                            .or(() -> answers.getOrDefault(key, Optional.empty()));
                }

                @Override
                public Optional<String> adder(String number, String patient) {
                    return adders.getOrDefault(number, Optional.empty());
                }

                @Override
                public boolean isOfAnother(String sender, String number, String patient) {
                    return others.getOrDefault(WhereOrdersWent.key(sender, number), false);
                }

                @Override
                public boolean isHeld(String sender, String number) {
                    return held.getOrDefault(WhereOrdersWent.key(sender, number), false);
                }

                @Override
                public boolean isDropped(String sender, String number) {
                    return dropped.getOrDefault(WhereOrdersWent.key(sender, number), false);
                }

                @Override
                public Optional<Instant> saidAt(String sender, String number) {
                    return said.getOrDefault(WhereOrdersWent.key(sender, number), Optional.empty());
                }

                @Override
                public Optional<byte[]> message(String sender, String number) {
                    return messages.getOrDefault(
                            WhereOrdersWent.key(sender, number), Optional.empty());
                }
            };
        }
    }

    /** Where orders of the same message go, by their number. */
    private static final class Here {
        private final Map<String, String> folders = new HashMap<>();
        private final Map<String, Set<String>> ordered = new HashMap<>(); // New tests of a number.

        Here() {}

        Here(Here other) {
            folders.putAll(other.folders);
            other.ordered.forEach((number, tests) -> ordered.put(number, new HashSet<>(tests)));
        }

        boolean has(OneOrder order) {
            return folder(order).isPresent();
        }

        Set<String> numbers() {
            return Set.copyOf(folders.keySet());
        }

        void add(OneOrder order, String folder) {
            if (order.number().isEmpty()) return;
            folders.put(order.number(), folder);
            if (order.isNew())
                ordered.computeIfAbsent(order.number(), _ -> new HashSet<>()).add(test(order));
        }

        /** What left of the same message before, as far as it has the number of an order. */
        void add(OneOrder order, Chosen one, String folder) {
            if (order.number().isEmpty()
                    || one.what().isEmpty()
                    || !one.number().equals(order.number().replaceFirst("[|].*", ""))) return;
            folders.put(order.number(), folder);
            ordered.computeIfAbsent(order.number(), _ -> new HashSet<>())
                    .add(one.what().toUpperCase(Locale.ROOT));
        }

        Optional<String> folder(OneOrder order) {
            return folder(order.number());
        }

        Optional<String> folder(String number) {
            return Optional.ofNullable(folders.get(number));
        }

        /** Whether it is another test of a number that is new in this message. */
        boolean isFurther(OneOrder order) {
            var others = ordered.get(order.number());
            return order.isNew()
                    && others != null
                    && !test(order).isEmpty()
                    && !others.contains(test(order));
        }

        private static String test(OneOrder order) {
            return (order.code().isEmpty() ? order.text() : order.code()).toUpperCase(Locale.ROOT);
        }
    }

    /** The orders that go to one laboratory. */
    private static final class Bundle {
        final Partner lab;
        final Map<Integer, Orders.@Nullable Test> tests = new TreeMap<>();
        final List<Chosen> chosen = new ArrayList<>();
        final Map<String, Boolean> numbers = new LinkedHashMap<>(); // Whether it is a new order.
        String patient = "";

        Bundle(Partner lab) {
            this.lab = lab;
        }

        /**
         * @param known numbers that the same message has named before
         */
        void add(OneOrder order, Choice.To to, Set<String> known) {
            if (patient.isEmpty()) patient = order.patient();
            tests.put(order.ordinal(), to.test());
            var test = to.test();
            chosen.add(
                    to.chosen()
                            .about(order.number().replaceFirst("[|].*", ""), order.code())
                            .sentAs(test == null ? "" : test.labCode()));
            if (!order.number().isEmpty())
                numbers.merge(
                        order.number(),
                        order.isNew() || (order.places() && !known.contains(order.number())),
                        (a, b) -> a || b);
        }

        StagedDelivery delivery(
                Message message,
                Partner sender,
                String suffix,
                StagedDelivery.@Nullable Again again) {
            return new StagedDelivery(
                    lab.folder() + "/" + lab.orders().queue(),
                    LabMessage.of(message, tests, lab, suffix),
                    numbers.entrySet().stream()
                            .map(
                                    its ->
                                            new Leaving(
                                                    WhereOrdersWent.key(
                                                            sender.folder(), its.getKey()),
                                                    its.getValue(),
                                                    its.getValue() ? patient : ""))
                            .toList(),
                    chosen,
                    null,
                    again);
        }
    }

    static @Nullable Message read(byte[] body, Partner sender) {
        return Message.read(body, sender.charset()) instanceof Reading.Readable(var message)
                ? message
                : null;
    }

    private static List<OneOrder> orders(Message message) {
        var text = SpecimensFirst.read(message);
        var coverages = OneOrder.coverages(text);
        var first = OneOrder.first(text);
        var groups = OrderGroups.of(text).all();
        var orders = new ArrayList<OneOrder>();
        var places = OrderGroups.places(text);
        for (int i = 0; i < groups.size(); i++)
            orders.add(
                    OneOrder.of(
                            text,
                            groups.get(i),
                            i,
                            coverages,
                            first,
                            message.header().messageTime(),
                            places));
        return orders;
    }

    /** What would become now of each order of a message, in their order; nothing is staged. */
    public List<Choice> foreseen(byte[] body, Partner sender) {
        var message = read(body, sender);
        if (message == null) return List.of();
        return orders(message).stream()
                .map(order -> choice(order, sender, new Here(), sent))
                .toList();
    }

    // ------------------------------------------------------------ what waits for a person

    /**
     * An order or a referral that waits, as it looks now.
     *
     * @param kind {@code order} or {@code referral}
     * @param what OBR-4.1 and OBR-4.2; RF1-10, else RF1-3
     * @param control ORC-1; NW or the trigger of a referral
     * @param number ORC-2.1; RF1-6.1
     * @param choices the folders of all that take such
     * @param able the folders of those who do the test, or who can be meant
     * @param about the patient: PID-5, PID-7 and PID-3
     * @param asker who ordered or referred: ORC-12, OBR-16; PRD with PRD-1 RP
     * @param urgent whether it is asked for at once (S, STAT, A, ASAP)
     */
    public record Waiting(
            String kind,
            String what,
            String control,
            String number,
            Choice choice,
            List<String> choices,
            List<String> able,
            String about,
            String asker,
            boolean urgent) {
        public Waiting {
            choices = List.copyOf(choices);
            able = List.copyOf(able);
        }

        /** Prints what says nothing of a patient. */
        @Override
        public String toString() {
            return "Waiting[" + kind + " " + control + ", " + choice + "]";
        }
    }

    /** What would become now of an order that waits; empty when its bytes are no order. */
    public Optional<Waiting> waiting(byte[] body, Partner sender) {
        return waiting(body, sender, Map.of());
    }

    /**
     * @param left what left of its message, by who got it: another test of its number is no repeat
     */
    Optional<Waiting> waiting(byte[] body, Partner sender, Map<String, List<Chosen>> left) {
        var message = read(body, sender);
        if (message == null) return Optional.empty();
        if (Referring.takes(message)) return Optional.of(referring.waiting(message, sender));
        var orders = orders(message);
        var people = People.of(Rewriting.of(message));
        return orders.stream()
                .findFirst()
                .map(
                        order ->
                                new Waiting(
                                        "order",
                                        (order.code() + " " + order.text()).strip(),
                                        order.control(),
                                        order.number().replaceFirst("[|].*", ""),
                                        all(orders, sender, left),
                                        labs().stream().map(Partner::folder).toList(),
                                        labs().stream()
                                                .filter(lab -> does(lab, order))
                                                .map(Partner::folder)
                                                .toList(),
                                        people.patient(),
                                        people.asker(),
                                        orders.stream().anyMatch(OneOrder::isUrgent)));
    }

    /** Whether what waits is asked for at once. */
    public boolean isUrgent(byte[] body, Partner sender) {
        var message = read(body, sender);
        if (message == null) return false;
        return Referring.takes(message)
                ? Referring.isUrgent(message)
                : orders(message).stream().anyMatch(OneOrder::isUrgent);
    }

    /** Of what waits together. */
    private Choice all(List<OneOrder> orders, Partner sender, Map<String, List<Chosen>> left) {
        var beside = new Here();
        left.forEach(
                (folder, chosen) ->
                        chosen.forEach(one -> beside.add(orders.getFirst(), one, folder)));
        if (beside.isFurther(orders.getFirst()))
            return furtherNow(orders.getFirst(), sender, beside);
        var here = new Here();
        Choice first = null;
        for (var set : together(orders)) {
            var choices = choices(set, sender, here, sent);
            var nobody = nobody(choices);
            if (nobody != null) return nobody;
            if (first == null) first = choices.getFirst();
        }
        return first == null
                ? new Choice.Nobody("no order is in it any more", "look at its message")
                : first;
    }

    /**
     * An order or a referral that waits, made for one who takes such.
     *
     * @param suffix behind MSH-10, so that it is not taken for the message it came with
     * @param chosen why it goes there
     * @return empty when the bytes are no order, or nobody of that folder takes such
     */
    public Optional<StagedDelivery> made(
            byte[] body, Partner sender, String folder, String suffix, Chosen chosen) {
        var message = read(body, sender);
        if (message != null && Referring.takes(message))
            return referring.made(message, sender, folder, suffix, chosen);
        var lab = labs().stream().filter(l -> l.folder().equals(folder)).findFirst();
        if (message == null || lab.isEmpty()) return Optional.empty();
        var orders = orders(message);
        if (orders.isEmpty()) return Optional.empty();
        var bundle = new Bundle(lab.get());
        for (var order : orders) {
            var test = lab.get().orders().test(order.code(), order.system());
            bundle.add(order, new Choice.To(lab.get(), test.orElse(null), chosen), Set.of());
        }
        return Optional.of(bundle.delivery(message, sender, suffix, null));
    }

    /** All laboratories, by folder. */
    public List<Partner> labs() {
        return partners.get().stream()
                .filter(partner -> partner.orders().isLab())
                .sorted((a, b) -> a.folder().compareTo(b.folder()))
                .toList();
    }

    private static boolean does(Partner lab, OneOrder order) {
        return lab.orders().test(order.code(), order.system()).isPresent();
    }

    // ------------------------------------------------------------ the choice

    /**
     * @param here where orders of the same message go, by their number
     */
    private Choice choice(OneOrder order, Partner sender, Here here, WhereOrdersWent went) {
        if (order.places() && !order.isNumbered()) return NOT_NUMBERED;
        if (here.isFurther(order)) return further(order, sender, here.folder(order).orElse(""));
        var before =
                order.number().isEmpty()
                        ? Optional.<String>empty()
                        : here.folder(order)
                                .or(() -> went.destination(sender.folder(), order.number()));
        if (before.isEmpty() && order.isBelow()) {
            var beside = here.folder(order.parent());
            if (beside.isPresent() && (order.isChild() || order.isAddedOn()))
                return below(order, beside.get());
            var parent = went.destination(sender.folder(), order.parent());
            if (parent.isPresent()) return below(order, sender, parent.get(), went);
        }
        if (before.isPresent()) {
            var folder = before.get().replaceFirst("/.*", "");
            if (!here.has(order) && isOfAnother(order, sender, went))
                return new Choice.Nobody(
                        "the order of this number was sent to "
                                + folder
                                + " for another patient (PID-3)",
                        "ask whoever ordered whom it is about; choose "
                                + folder
                                + " to send it all the same");
            if (order.isNew() || (order.places() && !here.has(order))) return sentBefore(folder);
            if (!here.has(order) && isSaidBefore(order.said(), sender, order.number(), went))
                return saidBefore(folder);
            // ⚠ What ends it goes on: what was cancelled whole is not let go any more.
            boolean changes = !here.has(order) && !ENDS.contains(order.control());
            if (changes && went.isDropped(sender.folder(), order.number()))
                return new Choice.Nobody(
                        "the order of this number was not sent, because of an alert, and "
                                + folder
                                + " does not know what this changes",
                        "end this one, and order anew what is still wanted");
            if (changes && went.isHeld(sender.folder(), order.number()))
                return new Choice.Nobody(
                        "the order of this number waits for a person because of an alert, and a"
                                + " change must not be there before it",
                        "decide about the alert on the page Alerts: this leaves by itself behind"
                                + " the order");
            var lab = labs().stream().filter(its -> its.folder().equals(folder)).findFirst();
            if (changes
                    && order.control().equals("XO")
                    && lab.filter(its -> !order.code().isEmpty() && !does(its, order)).isPresent()
                    && !wasOrdered(order, sender, went))
                return notDone(folder + ", which has the order, does not do ", order, folder);
            return lab.<Choice>map(
                            its ->
                                    new Choice.To(
                                            its,
                                            its.orders()
                                                    .test(order.code(), order.system())
                                                    .orElse(null),
                                            Chosen.follows()))
                    .orElseGet(
                            () ->
                                    new Choice.Nobody(
                                            "the order went to "
                                                    + folder
                                                    + ", which takes none now",
                                            "restore routes/" + folder + "/compendium.csv"));
        }
        if (!order.isNew()) {
            var adder = adder(order, went);
            if (adder.isPresent())
                return new Choice.To(
                        adder.get(),
                        adder.get().orders().test(order.code(), order.system()).orElse(null),
                        Chosen.follows());
            return new Choice.Nobody(
                    "nothing with this number was sent to a laboratory, and "
                            + order.control()
                            + " is no new order",
                    "nothing with this number was sent to a laboratory, and this is no new order",
                    "the order itself may wait here too: decide both alike. Where that was ended,"
                            + " do not send this either");
        }
        // ⚠ Which laboratory has the specimen, no table knows.
        if (order.isAddedOn() && labs().size() > 1)
            return new Choice.Nobody(
                    "it is to be done on a specimen that is there already (OBR-11 A, G), and"
                            + " nothing with the number of its parent (ORC-8, OBR-29) was sent",
                    "choose the laboratory that has the specimen");
        return byTables(order, sender);
    }

    /** ⚠ Nobody would be told if it were lost: it could be followed by no number. */
    private static final Choice.Nobody NOT_NUMBERED =
            new Choice.Nobody(
                    "the order has no number (ORC-2, OBR-2), so it is not in the chart, and nobody"
                            + " is told if it is never done",
                    "ask whoever ordered to send it anew with one, or choose a laboratory");

    /** Whether what was sent last of a number names the same test. */
    private static boolean wasOrdered(OneOrder order, Partner sender, WhereOrdersWent went) {
        return went.message(sender.folder(), order.number())
                .map(bytes -> read(bytes, sender))
                .filter(
                        last ->
                                orders(last).stream()
                                        .anyMatch(
                                                one ->
                                                        one.isNumbered(order.number())
                                                                && one.code().equals(order.code())))
                .isPresent();
    }

    private static Choice notDone(String cause, OneOrder order, String folder) {
        return new Choice.Nobody(
                cause + order.code(),
                cause + THE_TEST,
                "cancel the one and order the other by itself, or choose " + folder);
    }

    /** The laboratory that added the order itself, and was given its number. */
    private Optional<Partner> adder(OneOrder order, WhereOrdersWent went) {
        int end = order.number().indexOf('|');
        var given = order.number().substring(0, Math.max(0, end)) + "^" + GivenNumber.NAMESPACE;
        if (!GivenNumber.is(given) || !order.isNumbered(given.replace('^', '|')))
            return Optional.empty();
        var folder = went.adder(given, order.patient());
        return labs().stream()
                .filter(lab -> folder.filter(lab.folder()::equals).isPresent())
                .findFirst();
    }

    /**
     * Whether what follows an order was said before what was sent last of it ⚠: it may mean an
     * earlier order of the number, and in the chart the later word stands.
     *
     * @param said MSH-7 as sent
     */
    static boolean isSaidBefore(String said, Partner sender, String number, WhereOrdersWent went) {
        if (!(Hl7Time.parse(said) instanceof Hl7Time.Parsed.Known(var time))) return false;
        var last = went.saidAt(sender.folder(), number);
        if (last.isEmpty()) return false;
        var until = time.until(sender.zone(), null);
        return (until == null ? time.instant(sender.zone(), null) : until).isBefore(last.get());
    }

    static Choice saidBefore(String folder) {
        return new Choice.Nobody(
                "what was sent to "
                        + folder
                        + " under this number was said later (MSH-7) than this",
                "see both messages; choose " + folder + " to send it all the same");
    }

    private static boolean isOfAnother(OneOrder order, Partner sender, WhereOrdersWent went) {
        return went.isOfAnother(sender.folder(), order.number(), order.patient());
    }

    /** What names its parent (ORC-8, OBR-29), which was sent before. */
    private Choice below(OneOrder order, Partner sender, String parent, WhereOrdersWent went) {
        var folder = parent.replaceFirst("/.*", "");
        if (went.isOfAnother(sender.folder(), order.parent(), order.patient()))
            return new Choice.Nobody(
                    "its parent (ORC-8, OBR-29) was sent to "
                            + folder
                            + " for another patient (PID-3)",
                    "ask whoever ordered whom it is about; choose "
                            + folder
                            + " to send it all the same");
        return below(order, folder);
    }

    private Choice below(OneOrder order, String folder) {
        for (var lab : labs())
            if (lab.folder().equals(folder) && does(lab, order))
                return asked(lab, order, Chosen.follows());
        var cause = folder + ", which has its parent (ORC-8, OBR-29), does not do ";
        return new Choice.Nobody(
                cause + order.code(), cause + THE_TEST, "order it by itself, or choose " + folder);
    }

    private Choice byTables(OneOrder order, Partner sender) {
        var able = labs().stream().filter(lab -> does(lab, order)).toList();
        if (able.isEmpty()) return nobodyDoes(order);
        var rules = sender.orders().rules();
        return rules.isEmpty() ? only(able, order) : ruled(rules, able, order, sender);
    }

    /**
     * Another test under the number of one that the same message orders.
     *
     * @param folder where that one goes
     */
    private Choice further(OneOrder order, Partner sender, String folder) {
        var choice = byTables(order, sender);
        if (!(choice instanceof Choice.To to) || to.lab().folder().equals(folder)) return choice;
        return ofAnotherTest(folder, to.lab().folder());
    }

    /** The same of one that waits: what its number names is sent once, also where it could go. */
    private Choice furtherNow(OneOrder order, Partner sender, Here beside) {
        var folder = beside.folder(order).orElse("");
        return further(order, sender, folder) instanceof Choice.Nobody nobody
                ? nobody
                : new Choice.Nobody(
                        "another test of this number went to "
                                + folder
                                + " by itself, and "
                                + folder
                                + " does this one now",
                        "choose " + folder + " to order it as well");
    }

    /** ⚠ What follows goes by the number, to one laboratory: the other would not hear a cancel. */
    private static Choice.Nobody ofAnotherTest(String folder, String able) {
        return new Choice.Nobody(
                "another test of this number goes to "
                        + folder
                        + ", and a change or cancel of the number could reach one of them only",
                "order it under a number of its own, or choose " + able);
    }

    private static Choice nobodyDoes(OneOrder order) {
        return order.code().isEmpty()
                ? new Choice.Nobody("the order names no test (OBR-4)", "ask whoever ordered it")
                : new Choice.Nobody(
                        "no laboratory does " + order.code(),
                        "no laboratory does " + THE_TEST,
                        "add it to the compendium.csv of the laboratory that does, or choose one");
    }

    private static Choice only(List<Partner> able, OneOrder order) {
        if (able.size() == 1) return asked(able.getFirst(), order, onlyOne(able.getFirst(), order));
        var names = able.stream().map(Partner::folder).collect(Collectors.joining(" and "));
        return new Choice.Nobody(
                names + " both do " + order.code(),
                names + " both do " + THE_TEST,
                "write an ordering.csv that says which, or choose one");
    }

    private static Chosen onlyOne(Partner lab, OneOrder order) {
        return lab.orders()
                .test(order.code(), order.system())
                .map(test -> lab.folder() + "/compendium.csv:" + test.line())
                .map(row -> Chosen.only(row, lab.version()))
                .orElseThrow();
    }

    private static Choice ruled(
            List<Orders.Rule> rules, List<Partner> able, OneOrder order, Partner sender) {
        var file = sender.folder() + "/ordering.csv";
        for (var rule : rules) {
            if (!rule.fits(order.code(), order.priority(), order.coverages())) continue;
            for (var lab : able)
                if (lab.folder().equals(rule.lab())
                        && lab.orders().answers(rule.network(), order.first()))
                    return asked(
                            lab, order, Chosen.row(file + ":" + rule.line(), sender.version()));
        }
        return new Choice.Nobody(
                "no row of " + file + " fits " + order.code(),
                "no row of " + file + " fits " + THE_TEST,
                "add a row (one with the lab alone fits all), or choose one");
    }

    /** To that laboratory, if all of its questions are answered. */
    private static Choice asked(Partner lab, OneOrder order, Chosen chosen) {
        var test = lab.orders().test(order.code(), order.system()).orElse(null);
        if (test == null) return nobodyDoes(order);
        var missing =
                test.asks().stream().filter(code -> !order.answered().contains(code)).toList();
        return missing.isEmpty()
                ? new Choice.To(lab, test, chosen)
                : new Choice.Nobody(
                        lab.folder()
                                + " asks "
                                + String.join(", ", missing)
                                + " for "
                                + order.code()
                                + NOT_ANSWERED,
                        lab.folder()
                                + " asks "
                                + String.join(", ", missing)
                                + " for "
                                + THE_TEST
                                + NOT_ANSWERED,
                        "ask whoever ordered it for the answers, or choose "
                                + lab.folder()
                                + " to send it without");
    }
}
