package org.chartbridge.console;

import org.chartbridge.chart.AppointmentView;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.ClinicalDocumentView;
import org.chartbridge.chart.ConditionView;
import org.chartbridge.chart.CoverageView;
import org.chartbridge.chart.DemographicField;
import org.chartbridge.chart.DemographicView;
import org.chartbridge.chart.EncounterView;
import org.chartbridge.chart.GuarantorView;
import org.chartbridge.chart.ImmunizationView;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.MedicationOrderView;
import org.chartbridge.chart.OrderLoop;
import org.chartbridge.chart.ReferralLoop;
import org.chartbridge.chart.Registrations;
import org.chartbridge.chart.VisitEventView;
import org.chartbridge.chart.VisitField;
import org.chartbridge.chart.WhoIsWho;
import org.chartbridge.chart.WhoIsWho.MoveOfVisit;
import org.chartbridge.loops.OpenLoops.Charted;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What registration knows of a patient, as the chart's head shows it.
 *
 * @param noAllergies senders who say that no allergies are known
 * @param visitsInAll how many visits there are beyond those shown
 * @param ordersHeld those orders, by id, that whoever ordered holds, and not the receiver
 * @param referralsHeld the same of referrals
 */
public record ShownRegistration(
        List<DemographicView> fields,
        List<Visit> visits,
        long visitsInAll,
        List<ShownAllergy> allergies,
        List<Registrations.NoneKnown> noAllergies,
        List<ConditionView> conditions,
        List<CoverageView> coverages,
        List<GuarantorView> guarantors,
        List<ImmunizationView> immunizations,
        List<AppointmentView> appointments,
        List<OrderLoop> orders,
        List<MedicationOrderView> medication,
        List<ReferralLoop> referrals,
        List<Document> documents,
        Set<Long> ordersHeld,
        Set<Long> referralsHeld) {

    /** Visits shown on a chart. */
    static final int VISITS = 5;

    /** Allergies, problems and insurances shown on a chart; more would be a broken feed. */
    static final int ITEMS = 100;

    /** Appointments and orders shown on a chart, the latest. */
    static final int SOME = 10;

    /** What the line under the name already says, or says in one with another field. */
    private static final Set<DemographicField> SAID_ABOVE =
            EnumSet.of(
                    DemographicField.FAMILY,
                    DemographicField.GIVEN,
                    DemographicField.MIDDLE,
                    DemographicField.SUFFIX,
                    DemographicField.PREFIX,
                    DemographicField.BIRTH_DATE,
                    DemographicField.SEX,
                    DemographicField.STREET,
                    DemographicField.ADDRESS_LINE,
                    DemographicField.CITY,
                    DemographicField.STATE,
                    DemographicField.POSTAL_CODE,
                    DemographicField.COUNTRY);

    /** A visit with all that was said of it, and the moves that say whose it is. */
    public record Visit(EncounterView view, List<VisitEventView> events, List<MoveOfVisit> moves) {

        public String text(String field) {
            for (var one : VisitField.values()) if (one.id().equals(field)) return view.text(one);
            throw new IllegalArgumentException("no field of a visit: " + field);
        }

        public String patientClass() {
            return view.code(VisitField.CLASS);
        }
    }

    /**
     * A document that stands.
     *
     * @param text empty when it has none
     */
    public record Document(ClinicalDocumentView view, String text) {

        /** Numbers of its files that are no text, from 1. */
        public List<Integer> files() {
            return IntStream.rangeClosed(1, view.parts().size())
                    .filter(i -> !view.parts().get(i - 1).isText())
                    .boxed()
                    .toList();
        }
    }

    static ShownRegistration of(
            UUID person,
            Registrations registrations,
            CareStatements care,
            Charted charted,
            Map<Long, Long> asSent,
            Map<Long, Long> answers,
            WhoIsWho whoIsWho) {
        var search = Registrations.Search.of(person);
        var visits = registrations.encounters(search, 0, VISITS);
        var moves =
                whoIsWho.movesOf(visits.items().stream().map(EncounterView::id).toList()).stream()
                        .collect(Collectors.groupingBy(MoveOfVisit::encounter));
        return new ShownRegistration(
                registrations.demographics(person),
                visits.items().stream()
                        .map(
                                visit ->
                                        new Visit(
                                                visit,
                                                registrations.events(visit.id()),
                                                moves.getOrDefault(visit.id(), List.of())))
                        .toList(),
                visits.total(),
                ShownAllergy.oneList(registrations.allergies(search, 0, ITEMS).items()),
                registrations.noneKnown(person).stream()
                        .filter(none -> none.kind() == ListKind.ALLERGY)
                        .toList(),
                registrations.conditions(search, 0, ITEMS).items(),
                registrations.coverages(search, 0, ITEMS).items(),
                registrations.guarantors(search, 0, ITEMS).items(),
                registrations.immunizations(search, 0, ITEMS).items(),
                registrations.appointments(search, 0, SOME).items(),
                care.orders(person).stream()
                        .filter(loop -> !answers.containsKey(loop.order().id()))
                        .limit(SOME)
                        .map(
                                loop ->
                                        loop.with(asSent)
                                                .in(
                                                        charted.orders()
                                                                .getOrDefault(
                                                                        loop.order().id(),
                                                                        loop.state())))
                        .toList(),
                care.medication(search, 0, ITEMS).items(),
                care.referrals(person).stream()
                        .limit(SOME)
                        .map(
                                loop ->
                                        loop.in(
                                                charted.referrals()
                                                        .getOrDefault(
                                                                loop.referral().id(),
                                                                loop.state())))
                        .toList(),
                care.documents(search, 0, ITEMS).items().stream()
                        .filter(document -> !document.isReplaced())
                        .limit(SOME)
                        .map(document -> new Document(document, care.text(document)))
                        .toList(),
                charted.ordersHeld(),
                charted.referralsHeld());
    }

    /** Whether there is anything beside allergies. */
    public boolean hasMore() {
        return !(fields.isEmpty()
                && visits.isEmpty()
                && conditions.isEmpty()
                && coverages.isEmpty()
                && guarantors.isEmpty()
                && immunizations.isEmpty()
                && appointments.isEmpty()
                && orders.isEmpty()
                && medication.isEmpty()
                && referrals.isEmpty()
                && documents.isEmpty());
    }

    /** Fields that have a value and aren't in the line under the name. */
    public List<DemographicView> further() {
        return fields.stream()
                .filter(field -> !SAID_ABOVE.contains(field.field()))
                .filter(field -> !field.current().text().isEmpty())
                .toList();
    }

    /** How many fields ever said something else. */
    public long changed() {
        return fields.stream().filter(field -> !field.history().isEmpty()).count();
    }

    /** Whether somebody says that none are known although others, or the same, name some. */
    public boolean contradicted() {
        return !noAllergies.isEmpty() && !allergies.isEmpty();
    }

    /** The patient only through what is in it: nothing. */
    @Override
    public String toString() {
        return "ShownRegistration";
    }
}
