package org.chartbridge.chart;

import org.chartbridge.chart.PatientState.KnownRecord;
import org.chartbridge.chart.RegistrationState.KnownItem;
import org.chartbridge.chart.RegistrationState.KnownList;
import org.chartbridge.chart.RegistrationState.KnownPatient;
import org.chartbridge.chart.RegistrationState.ListScope;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Allergies and orders of the messages of a test, folded one after the other by the fold that
 * writes the chart, and written nowhere; long because each kind that is asked for is made a view
 * here. A patient is one number: merges are not played, and results end no order.
 *
 * <p>For one thread.
 */
final class CareInRehearsal {
    private final Map<RecordKey, Known> known = new HashMap<>();
    private final Map<Long, List<Said>> said = new HashMap<>();
    private final Map<Long, Sent> sent = new HashMap<>();
    private final Map<VisitKey, Long> visits = new HashMap<>();
    private long entries;
    private long ids;

    /** What was said of an item, when, and by whom. */
    private record Said(long entry, String partner, Moment listed, ListStatement.Item item) {

        private String text(ItemField field) {
            var value = item.fields().get(field);
            return value == null ? "" : value.text();
        }

        private CodingView test() {
            var value = item.fields().get(ItemField.CODE);
            return value == null
                    ? new CodingView("", "", "")
                    : new CodingView(value.code(), value.text(), value.system());
        }

        /** The placer's number without its namespace. */
        private String number() {
            return ByOrder.entity(text(ItemField.PLACER_NUMBER));
        }
    }

    /** Numbers of orders of a message that wait for a person, and of those that left. */
    private record Sent(Set<String> waiting, Set<String> left) {
        private static final Sent NOTHING = new Sent(Set.of(), Set.of());
    }

    /** A patient, with the lists of life and of visits. */
    private static final class Known {
        private KnownPatient patient;
        private Map<ListScope, KnownList> ofVisits = Map.of();

        private Known(KnownPatient patient) {
            this.patient = patient;
        }

        private Collection<KnownList> lists() {
            var all = new ArrayList<>(patient.lists().values());
            all.addAll(ofVisits.values());
            return all;
        }
    }

    /** Each patient that a message is about, with what it and those before it said. */
    List<ChartInRehearsal.Care> after(ChartUpdate update) {
        long entry = ++entries;
        var about = new LinkedHashSet<RecordKey>();
        Instant at = Instant.EPOCH;
        for (var part : update.parts()) {
            if (!(part instanceof Registration registration)) continue;
            about.add(registration.patient().key());
            fold(registration, entry);
            var sent = registration.times().message();
            if (sent != null) at = sent;
        }
        var all = new ArrayList<ChartInRehearsal.Care>();
        for (var key : about) {
            var one = known.get(key);
            if (one != null) all.add(care(one, entry, at));
        }
        return all;
    }

    void sent(Set<String> waiting, Set<String> left) {
        sent.put(entries, new Sent(Set.copyOf(waiting), Set.copyOf(left)));
    }

    /** As {@link OrderedAgain} has it of the chart. */
    private Said standing(List<Said> all) {
        Said before = null;
        boolean left = false;
        for (var one : all) {
            if (isAgain(one, before)) continue;
            before = one;
            left |= sent(one).left().contains(one.number());
        }
        var last = all.getLast();
        return before == null
                        || !left
                        || !isAgain(last, before)
                        || before.text(ItemField.STATE).equals("cancelled")
                ? last
                : before;
    }

    /**
     * @param standing what stands before that; null for nothing
     */
    private boolean isAgain(Said one, @Nullable Said standing) {
        var control = one.text(ItemField.CONTROL);
        boolean another =
                control.equals("XO") && standing != null && !standing.test().isOfTest(one.test());
        return (another || Set.of("", "NW", "RO", "CH").contains(control))
                && sent(one).waiting().contains(one.number())
                && !sent(one).left().contains(one.number());
    }

    private Sent sent(Said one) {
        return sent.getOrDefault(one.entry(), Sent.NOTHING);
    }

    /**
     * The orders of tests of one patient, as each stands by the messages; none of one who is not
     * known.
     */
    List<PlacedOrderView> orders(RecordKey key) {
        var patient = known.get(key);
        var orders = new ArrayList<PlacedOrderView>();
        if (patient == null) return orders;
        for (var list : patient.lists())
            for (var item : list.items().values()) {
                var its = said.get(item.id());
                if (its != null && list.scope().kind() == ListKind.PLACED_ORDER)
                    orders.add(
                            new Reading(
                                            patient.patient.record().personId(),
                                            item,
                                            list.holds(item),
                                            standing(its))
                                    .order());
            }
        return orders;
    }

    private void fold(Registration update, long entry) {
        var recording =
                new Recording(
                        entry, Instant.EPOCH, () -> ++ids, () -> new UUID(0, ++ids), Map.of());
        var patient =
                known.computeIfAbsent(
                        update.patient().key(), _ -> new Known(first(update, recording)));
        var rows = new RegistrationFacts();
        var fold =
                new ListFold(
                        patient.patient,
                        patient.ofVisits,
                        patient.patient.record().id(),
                        update,
                        recording,
                        rows,
                        new ArrayList<>());
        var visit = update.visit();
        long visitId = visit == null ? 0 : visits.computeIfAbsent(visit.key(), _ -> ++ids);
        for (var list : update.lists()) fold.apply(list, list.ofVisit() ? visitId : 0);
        patient.patient = fold.patient();
        patient.ofVisits = fold.ofVisit();
        for (var row : rows.items)
            if (row.statement() != null)
                said.computeIfAbsent(row.item().id(), _ -> new ArrayList<>())
                        .add(
                                new Said(
                                        entry,
                                        update.partner(),
                                        row.item().listed(),
                                        row.statement()));
    }

    private static KnownPatient first(Registration update, Recording recording) {
        var claim = update.patient();
        var record =
                new KnownRecord(
                        recording.ids().getAsLong(),
                        recording.personIds().get(),
                        claim,
                        Claimed.of(claim, update.times().message()));
        return KnownPatient.onClaim(record, claim, update.partner(), recording.entryId());
    }

    // ------------------------------------------------------------ as it is read

    private ChartInRehearsal.Care care(Known patient, long entry, Instant at) {
        var person = patient.patient.record().personId();
        var number = patient.patient.record().key().value();
        var allergies = new ArrayList<AllergyView>();
        var medication = new ArrayList<MedicationOrderView>();
        var orders = new ArrayList<PlacedOrderView>();
        for (var list : patient.lists())
            for (var item : list.items().values()) {
                var its = said.get(item.id());
                if (its == null) continue;
                var one = new Reading(person, item, list.holds(item), its.getLast());
                switch (list.scope().kind()) {
                    case ALLERGY -> allergies.add(one.allergy(number));
                    case MEDICATION_ORDER -> medication.add(one.medication());
                    case PLACED_ORDER -> orders.add(one.order());
                    case CONDITION,
                            COVERAGE,
                            GUARANTOR,
                            IMMUNIZATION,
                            APPOINTMENT,
                            REFERRAL,
                            CLINICAL_DOCUMENT,
                            DOCUMENT_BODY -> {}
                }
            }
        return new ChartInRehearsal.Care(
                person, entry, at, allergies, medication, asTheyStand(orders));
    }

    private static List<PlacedOrderView> asTheyStand(List<PlacedOrderView> orders) {
        var states = new LinkedHashMap<Long, String>();
        for (var loop : OrderLoops.of(orders, List.of())) {
            states.put(loop.order().id(), loop.state());
            for (var other : loop.others()) states.putIfAbsent(other.id(), loop.state());
        }
        return orders.stream()
                .map(one -> one.in(states.getOrDefault(one.id(), one.state())))
                .toList();
    }

    /** Reads an item as {@link ItemTable} keeps it. */
    private record Reading(UUID person, KnownItem item, boolean active, Said said) {

        AllergyView allergy(String number) {
            return new AllergyView(
                    item.id(),
                    person,
                    active,
                    said.test(),
                    supporting().alternates(),
                    code(ItemField.TYPE),
                    code(ItemField.SEVERITY),
                    text(ItemField.REACTION),
                    null,
                    text(ItemField.BEGAN),
                    code(ItemField.CLINICAL_STATUS),
                    number,
                    source());
        }

        MedicationOrderView medication() {
            return new MedicationOrderView(
                    item.id(),
                    person,
                    active,
                    said.test(),
                    text(ItemField.PLACER_NUMBER),
                    text(ItemField.NUMBER),
                    text(ItemField.STATE),
                    text(ItemField.CONTROL),
                    code(ItemField.CLINICAL_STATUS),
                    text(ItemField.DOSE),
                    text(ItemField.FORM),
                    text(ItemField.ROUTE),
                    text(ItemField.SITE),
                    text(ItemField.FREQUENCY),
                    text(ItemField.INSTRUCTIONS),
                    text(ItemField.QUANTITY),
                    text(ItemField.REFILLS),
                    time(ItemField.BEGAN),
                    text(ItemField.BEGAN),
                    time(ItemField.ENDED),
                    text(ItemField.ENDED),
                    time(ItemField.ORDERED),
                    text(ItemField.ORDERED),
                    text(ItemField.CLINICIAN),
                    text(ItemField.REASON),
                    text(ItemField.DETAILS),
                    supporting(),
                    source());
        }

        PlacedOrderView order() {
            return new PlacedOrderView(
                    item.id(),
                    person,
                    active,
                    said.test(),
                    text(ItemField.PLACER_NUMBER),
                    text(ItemField.NUMBER),
                    text(ItemField.GROUP),
                    text(ItemField.STATE),
                    text(ItemField.CONTROL),
                    text(ItemField.CLINICAL_STATUS),
                    text(ItemField.PRIORITY),
                    time(ItemField.BEGAN),
                    text(ItemField.BEGAN),
                    time(ItemField.COLLECTED),
                    text(ItemField.COLLECTED),
                    time(ItemField.DUE),
                    text(ItemField.DUE),
                    text(ItemField.CLINICIAN),
                    text(ItemField.REASON),
                    text(ItemField.SPECIMEN),
                    text(ItemField.DETAILS),
                    supporting(),
                    source(),
                    text(ItemField.SPECIMEN_NUMBER));
        }

        private Supporting supporting() {
            var value = said.item().fields().get(ItemField.SUPPORTING);
            return value == null ? Supporting.NONE : Supporting.of(value.code());
        }

        private Source source() {
            var listed = said.listed();
            return new Source(
                    said.partner(),
                    listed.entryId(),
                    said.item().path(),
                    listed.recorded() != null ? listed.recorded() : listed.message(),
                    Instant.EPOCH);
        }

        private String text(ItemField field) {
            var value = said.item().fields().get(field);
            return value == null ? "" : value.text();
        }

        private String code(ItemField field) {
            var value = said.item().fields().get(field);
            if (value == null) return "";
            return value.code().isEmpty() ? value.text() : value.code();
        }

        private @Nullable Instant time(ItemField field) {
            var value = said.item().fields().get(field);
            return value == null || value.code().isEmpty() ? null : Instant.parse(value.code());
        }

        /** The id only: the rest is about a patient. */
        @Override
        public String toString() {
            return "Reading[" + item.id() + "]";
        }
    }
}
