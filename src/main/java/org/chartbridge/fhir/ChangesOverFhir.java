package org.chartbridge.fhir;

import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.annotation.Update;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.server.RequestDetails;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.CodingView;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.Registrations.Search;
import org.chartbridge.chart.Source;
import org.chartbridge.fhir.NotPlaced.Fault;
import org.chartbridge.placing.Placing;
import org.chartbridge.placing.Placing.Change;
import org.chartbridge.placing.Placing.Ending;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Ends orders over FHIR, holds them and lets them go on: PUT of the resource with another status,
 * which becomes a message with ORC-1 CA, DC, HD or RL. Priority, time, notes and answers of a test
 * without results are changed (XO). Whatever else is refused ⚠: the receiver may have acted on what
 * it got, so another order is another order.
 */
@Component
class ChangesOverFhir {
    /** Of these, nothing is to come any more; what a person closed may still be ended. */
    private static final Set<String> ANSWERED = Set.of("completed", "resulted");

    /** Of these, a laboratory may still be told something else than the end. */
    private static final Set<String> GOES_ON = Set.of("active", "on-hold");

    /** Over, perhaps only by a person here. */
    private static final Set<String> CLOSED = Set.of("cancelled", "completed", "mistake");

    private final CareStatements care;
    private final OrdersStanding loops;
    private final Placing placing;
    private final OrdersOverFhir orders;
    private final AuditTrail audit;
    private final Clock clock;

    ChangesOverFhir(
            CareStatements care,
            OrdersStanding loops,
            Placing placing,
            OrdersOverFhir orders,
            AuditTrail audit,
            Clock clock) {
        this.care = care;
        this.loops = loops;
        this.placing = placing;
        this.orders = orders;
        this.audit = audit;
        this.clock = clock;
    }

    /** An order as the chart has it, of either kind. */
    private record Standing(
            DomainResource resource,
            UUID person,
            CodingView code,
            String number,
            String state,
            Source source,
            boolean medication) {

        /**
         * @param shown the same as its loop stands: what a person here closed may still be ended
         * @param answered the order that it is only the filler's word about; null for none
         */
        static Standing of(PlacedOrderView view, PlacedOrderView shown, @Nullable Long answered) {
            return new Standing(
                    ServiceRequestMapper.of(shown, answered),
                    view.personId(),
                    view.service(),
                    view.placerNumber(),
                    CLOSED.contains(shown.state()) ? view.state() : shown.state(),
                    view.source(),
                    false);
        }

        @Override
        public String toString() {
            return "Standing";
        }
    }

    /** A test is not wanted any more. */
    @Update
    public MethodOutcome update(
            @IdParam IdType id, @ResourceParam ServiceRequest wanted, RequestDetails details) {
        if (FillerOrderMapper.series(id.getIdPart()).isPresent()
                || ReferralMapper.referral(id.getIdPart()).isPresent()) throw notOurs("");
        var view =
                care
                        .ordersAsTheyStand(Search.of(Wanted.series(id.getIdPart())), 0, 1)
                        .items()
                        .stream()
                        .findFirst()
                        .orElseThrow(ChangesOverFhir::unknown);
        var faults = new ArrayList<Fault>();
        var status = wanted.hasStatus() ? wanted.getStatus().toCode() : "";
        var standing =
                Standing.of(
                        view,
                        loops.of(List.of(view)).getFirst(),
                        loops.answered(care, List.of(view.personId())).get(view.id()));
        same(standing, wanted.getIdentifier(), wanted.getCode(), "ServiceRequest.code", faults);
        if (status.equals("revoked")) {
            if (!TestChange.of(wanted, view, new ArrayList<>()).isNothing())
                faults.add(
                        new Fault(
                                IssueType.BUSINESSRULE,
                                "ServiceRequest.status",
                                "An order is ended by itself; send it as it was read, with the"
                                        + " status alone changed."));
            return end(standing, id, faults, "CA", "", Change.NONE, details);
        }
        if (!status.equals("active") && !status.equals("on-hold"))
            faults.add(
                    new Fault(
                            IssueType.NOTSUPPORTED,
                            "ServiceRequest.status",
                            "By PUT an order is ended (revoked), held (on-hold), or goes on"
                                    + " (active). For anything else end it and order anew."));
        var change = faults.isEmpty() ? TestChange.of(wanted, view, faults) : Change.NONE;
        // What the laboratory holds is on hold too, and it waits for the change.
        boolean held = view.control().equals("HD");
        boolean holds = status.equals("on-hold") && !held && !standing.state().equals("on-hold");
        boolean releases = status.equals("active") && held;
        if (!change.isNothing() && (holds || releases || held))
            faults.add(
                    new Fault(
                            IssueType.BUSINESSRULE,
                            "ServiceRequest.status",
                            "An order is held or let go on by itself; change it before or"
                                    + " afterwards."));
        // ⚠ Who is told "200, active" of an ended order believes that it goes on.
        boolean revives = status.equals("active") && !GOES_ON.contains(standing.state());
        boolean changes = revives || !change.isNothing();
        var control = holds ? "HD" : releases ? "RL" : changes ? "XO" : "";
        return end(standing, id, faults, control, "", change, details);
    }

    /** Medication is not to be given, or not any longer. */
    @Update
    public MethodOutcome update(
            @IdParam IdType id, @ResourceParam MedicationRequest wanted, RequestDetails details) {
        var standing =
                care.medication(Search.of(Wanted.series(id.getIdPart())), 0, 1).items().stream()
                        .findFirst()
                        .map(
                                view ->
                                        new Standing(
                                                MedicationRequestMapper.of(view),
                                                view.personId(),
                                                view.drug(),
                                                view.placerNumber(),
                                                view.state(),
                                                view.source(),
                                                true))
                        .orElseThrow(ChangesOverFhir::unknown);
        var faults = new ArrayList<Fault>();
        var status = wanted.hasStatus() ? wanted.getStatus().toCode() : "";
        var control =
                switch (status) {
                    case "cancelled" -> "CA";
                    case "stopped" -> "DC";
                    default -> "";
                };
        if (control.isEmpty())
            faults.add(
                    new Fault(
                            IssueType.NOTSUPPORTED,
                            "MedicationRequest.status",
                            "By PUT an order is ended only: status cancelled (not begun) or"
                                    + " stopped. To change it, end it and order anew."));
        if (wanted.getMedication() instanceof CodeableConcept concept)
            same(standing, wanted.getIdentifier(), concept, "MedicationRequest.medication", faults);
        var reader = new ElementReader("MedicationRequest", faults);
        var reason = "";
        if (wanted.hasStatusReason()) {
            var codes = reader.codes(wanted.getStatusReason(), "statusReason");
            reason =
                    wanted.getStatusReason().hasText()
                            ? reader.line(
                                    wanted.getStatusReason().getText(),
                                    "statusReason.text",
                                    ElementReader.MAX_VALUE)
                            : codes.isEmpty() ? "" : codes.getFirst().text();
        }
        return end(standing, id, faults, control, reason, Change.NONE, details);
    }

    /** ⚠ An id that was mistyped ends what somebody else waits for. */
    private static void same(
            Standing standing,
            List<Identifier> numbers,
            CodeableConcept code,
            String at,
            List<Fault> faults) {
        var ours = Numbers.of("PLAC", standing.number()).getValue();
        boolean named =
                numbers.isEmpty()
                        || numbers.stream().anyMatch(number -> ours.equals(number.getValue()));
        var its = standing.code().code();
        boolean coded =
                its.isEmpty()
                        || !code.hasCoding()
                        || code.getCoding().stream().anyMatch(one -> its.equals(one.getCode()));
        if (!named || !coded)
            faults.add(
                    new Fault(
                            IssueType.CONFLICT,
                            named ? at : at.replaceFirst("[.].*", ".identifier"),
                            "The order of this id is another one; read it again."));
    }

    /**
     * @param control ORC-1; empty where nothing changes
     */
    private MethodOutcome end(
            Standing standing,
            IdType id,
            List<Fault> faults,
            String control,
            String reason,
            Change change,
            RequestDetails details) {
        audit.ordersFor(standing.person());
        if (!placing.isOurs(standing.source().partner(), standing.medication()))
            throw notOurs(standing.source().partner());
        if (id.hasVersionIdPart()
                && !id.getVersionIdPart().equals(Versions.of(standing.resource())))
            throw NotPlaced.because(
                    412,
                    IssueType.CONFLICT,
                    "",
                    "The order is not as it was when it was read (If-Match); read it again.");
        if (!faults.isEmpty()) throw NotPlaced.faulty(faults);
        if (ANSWERED.contains(standing.state()))
            throw NotPlaced.because(
                    409,
                    IssueType.CONFLICT,
                    "",
                    "This order has been answered and can't be ended or changed any more; it is "
                            + standing.state()
                            + ".");
        boolean ends = control.equals("CA") || control.equals("DC");
        if (control.isEmpty() || (ends && standing.state().equals("cancelled")))
            return outcome(standing.resource(), "", List.of(), details);
        if (!ends && !GOES_ON.contains(standing.state()))
            throw NotPlaced.because(
                    409,
                    IssueType.CONFLICT,
                    "",
                    "This order is "
                            + standing.state()
                            + " and can't be held or changed any more; order anew.");
        var body = OrdersOverFhir.body(details);
        var ending =
                new Ending(
                        standing.source().partner(),
                        standing.number(),
                        standing.medication(),
                        standing.source().entryId(),
                        control,
                        reason,
                        change,
                        OrdersOverFhir.account(),
                        clock.instant());
        var result =
                placing.end(
                        ending,
                        OrdersOverFhir.source(details, body),
                        "FHIR, " + OrdersOverFhir.account());
        var ended = orders.ordered(result, List.of());
        return outcome(
                OrderBundle.resources(ended).getFirst(),
                "The order went on its way once more with ORC-1 "
                        + control
                        + (change.isNothing() ? "" : ": " + change.words()),
                ended.warnings(),
                details);
    }

    /**
     * @param told what was sent, for who wants to know ({@code Prefer: return=OperationOutcome})
     * @param warnings what has to be known about it: told also who doesn't say what is returned
     */
    private static MethodOutcome outcome(
            DomainResource resource, String told, List<String> warnings, RequestDetails details) {
        Versions.put(resource);
        var outcome = new MethodOutcome(resource.getIdElement(), false);
        var issues =
                NotPlaced.told(
                        told.isEmpty() ? "Nothing was changed, and nothing sent." : told, warnings);
        outcome.setOperationOutcome(issues);
        boolean toldFirst = !warnings.isEmpty() && details.getHeader("Prefer") == null;
        outcome.setResource(toldFirst ? issues : resource);
        return outcome;
    }

    private static NotPlaced unknown() {
        return NotPlaced.because(
                404,
                IssueType.NOTFOUND,
                "",
                "There is no order of this id. An order is placed by POST; its id is given here.");
    }

    private static NotPlaced notOurs(String partner) {
        return NotPlaced.because(
                403,
                IssueType.FORBIDDEN,
                "",
                (partner.isEmpty()
                                ? "This was not placed here"
                                : "This order was placed by " + partner + ", not here")
                        + "; whoever placed it has to end it.");
    }
}
