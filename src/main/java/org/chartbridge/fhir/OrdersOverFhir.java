package org.chartbridge.fhir;

import ca.uhn.fhir.rest.annotation.ConditionalUrlParam;
import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.annotation.Transaction;
import ca.uhn.fhir.rest.annotation.TransactionParam;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.server.RequestDetails;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.PersonView;
import org.chartbridge.fhir.NotPlaced.Fault;
import org.chartbridge.fhir.OrderBundle.One;
import org.chartbridge.placing.KnownPatient;
import org.chartbridge.placing.Placed;
import org.chartbridge.placing.Placing;
import org.chartbridge.placing.Placing.Result;
import org.chartbridge.placing.Placing.Source;
import org.chartbridge.screening.Screener;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.MedicationRequest;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.OperationOutcome.IssueType;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Orders over FHIR: a ServiceRequest, a MedicationRequest, or a transaction bundle with some of
 * them and what they refer to; long because each answer has its words. They become one message that
 * comes in like any other (decision 0039); what can't be ordered is answered with all of its
 * faults, and nothing of it is ordered.
 */
@Component
public class OrdersOverFhir {
    /** Of a body; what goes along is codes and words. */
    static final int MAX_BYTES = 1024 * 1024;

    /** As an answer begins a warning about a segment: which one, of those of its name. */
    private static final Pattern SEGMENT = Pattern.compile("(?:RXO|OBR)\\[(\\d{1,4})\\] +");

    private final Placing placing;
    private final OrderedFor orderedFor;
    private final AuditTrail audit;
    private final Screener screener;
    private final Clock clock;

    OrdersOverFhir(
            Placing placing,
            OrderedFor orderedFor,
            AuditTrail audit,
            Screener screener,
            Clock clock) {
        this.placing = placing;
        this.orderedFor = orderedFor;
        this.audit = audit;
        this.screener = screener;
        this.clock = clock;
    }

    /** One order of a test. */
    @Create(type = ServiceRequest.class)
    public MethodOutcome create(
            @ResourceParam ServiceRequest request,
            @ConditionalUrlParam @Nullable String ifNoneExist,
            RequestDetails details) {
        return one(request, "ServiceRequest", ifNoneExist, details);
    }

    /** One order of medication. */
    @Create(type = MedicationRequest.class)
    public MethodOutcome create(
            @ResourceParam MedicationRequest request,
            @ConditionalUrlParam @Nullable String ifNoneExist,
            RequestDetails details) {
        return one(request, "MedicationRequest", ifNoneExist, details);
    }

    private MethodOutcome one(
            DomainResource request,
            String at,
            @Nullable String ifNoneExist,
            RequestDetails details) {
        var asked = List.of(new One(request, at, ifNoneExist == null ? "" : ifNoneExist));
        var ordered = place(asked, List.of(), details);
        var resource = OrderBundle.resources(ordered).getFirst();
        var outcome = new MethodOutcome(resource.getIdElement(), !ordered.before());
        var warnings = warnings(ordered, asked);
        outcome.setOperationOutcome(warnings);
        // ⚠ Who doesn't say what is to be returned is told what speaks against the order.
        boolean toldFirst = warnings != null && details.getHeader("Prefer") == null;
        outcome.setResource(toldFirst ? warnings : resource);
        return outcome;
    }

    /** Several for one patient, all or none. */
    @Transaction
    public Bundle transaction(@TransactionParam Bundle bundle, RequestDetails details) {
        var faults = new ArrayList<Fault>();
        var orders = OrderBundle.orders(bundle, faults);
        if (!faults.isEmpty()) throw NotPlaced.faulty(faults);
        var ordered = place(orders, AccountReader.of(bundle), details);
        return OrderBundle.answer(bundle, ordered, warnings(ordered, orders));
    }

    /** What whoever ordered has to know, and what can be done; null when there is nothing. */
    private @Nullable OperationOutcome warnings(Result.Ordered ordered, List<One> asked) {
        var told = new ArrayList<Fault>();
        for (var warning : ordered.warnings()) told.add(warning(warning, asked));
        boolean medication = asked.getFirst().isMedication();
        if (medication && !ordered.before() && told.isEmpty() && screener.state().isOff())
            told.add(
                    new Fault(
                            IssueType.BUSINESSRULE,
                            "",
                            "not screened: this engine has no tables of screening, so nothing was"
                                    + " checked"));
        return told.isEmpty() ? null : NotPlaced.warnings(told);
    }

    /** A warning of the answer, at the element that its segment was made of. */
    private static Fault warning(String text, List<One> asked) {
        var segment = SEGMENT.matcher(text);
        int order = segment.lookingAt() ? Integer.parseInt(segment.group(1)) : 0;
        if (order < 1 || order > asked.size()) return new Fault(IssueType.BUSINESSRULE, "", text);
        var one = asked.get(order - 1);
        return new Fault(
                IssueType.BUSINESSRULE,
                one.at() + (one.isMedication() ? ".medication" : ".code"),
                text.substring(segment.end()));
    }

    private Result.Ordered place(
            List<One> asked, List<AccountReader.Found> accounts, RequestDetails details) {
        var body = body(details);
        var faults = new ArrayList<Fault>();
        var first = asked.getFirst();
        var person = orderedFor.patient(first.subject(), first.at() + ".subject", faults);
        var orders = new ArrayList<Placed.Order>();
        for (var one : asked) {
            var order = one.read(faults, clock.instant());
            orders.add(order);
            conditional(one, order, faults);
            if (one.equals(first) || person.isEmpty()) continue;
            var other = orderedFor.patient(one.subject(), one.at() + ".subject", faults);
            if (other.isPresent() && !other.get().id().equals(person.get().id()))
                faults.add(
                        new Fault(
                                IssueType.BUSINESSRULE,
                                one.at() + ".subject",
                                "The orders of a bundle are for one patient; send two."));
            if (!one.encounter().equalsDeep(first.encounter()))
                faults.add(
                        new Fault(
                                IssueType.BUSINESSRULE,
                                one.at() + ".encounter",
                                "The orders of a bundle belong to one visit; send two."));
            if (!paidBy(one).equals(paidBy(first)))
                faults.add(
                        new Fault(
                                IssueType.BUSINESSRULE,
                                one.at() + ".insurance",
                                "The orders of a bundle are paid alike; send two."));
        }
        onceEach(asked, orders, faults);
        if (person.isEmpty()) throw NotPlaced.faulty(faults);
        var insurances =
                orderedFor.insurances(
                        first.insurance(), person.get().id(), first.at() + ".insurance", faults);
        for (var one : accounts) accountOf(person.get(), one, faults);
        var told = AccountReader.guarantors(accounts, person.get(), faults);
        var visit =
                orderedFor.visit(
                        first.encounter(), person.get().id(), first.at() + ".encounter", faults);
        if (!faults.isEmpty()) throw NotPlaced.faulty(faults);
        audit.ordersFor(person.get().id());
        var placed =
                new Placed(
                        KnownPatient.of(person.get()),
                        account(),
                        clock.instant(),
                        insurances,
                        told.isEmpty()
                                ? placing.guarantors(
                                        person.get().id(), first.isMedication(), clock.instant())
                                : told,
                        visit,
                        orders);
        return ordered(
                placing.place(
                        person.get().id(),
                        placed,
                        source(details, body),
                        "FHIR, " + placed.account()),
                asked);
    }

    /** ⚠ The bill of somebody else. */
    private void accountOf(PersonView person, AccountReader.Found one, List<Fault> faults) {
        for (int i = 0; i < one.account().getSubject().size(); i++) {
            var path = one.at() + ".subject[" + i + "]";
            var its = orderedFor.patient(one.account().getSubject().get(i), path, faults);
            if (its.isPresent() && !its.get().id().equals(person.id()))
                faults.add(
                        new Fault(
                                IssueType.BUSINESSRULE,
                                path,
                                "The account is of another patient than the orders."));
        }
    }

    /** What was sent, byte for byte, within the limit. */
    static byte[] body(RequestDetails details) {
        var body = details.loadRequestContents();
        if (body.length > MAX_BYTES)
            throw NotPlaced.because(
                    413, IssueType.TOOLONG, "", "At most " + MAX_BYTES + " bytes are taken.");
        return body;
    }

    static Source source(RequestDetails details, byte[] body) {
        var type = details.getHeader("Content-Type");
        return new Source(type != null && type.contains("xml") ? "xml" : "json", body);
    }

    private static List<String> paidBy(One one) {
        return one.insurance().stream()
                .map(Reference::getReference)
                .map(reference -> Objects.requireNonNullElse(reference, ""))
                .toList();
    }

    /** {@code If-None-Exist}: an order is looked for by its own number, so it has to have one. */
    private static void conditional(One one, Placed.Order order, List<Fault> faults) {
        if (one.ifNoneExist().isEmpty()) return;
        var wanted = one.ifNoneExist().replaceFirst("^.*[?]", "");
        var number = order.number();
        var token =
                URLDecoder.decode(wanted.replaceFirst("^identifier=", ""), StandardCharsets.UTF_8);
        int bar = token.indexOf('|');
        boolean its =
                wanted.startsWith("identifier=")
                        && !wanted.contains("&")
                        && token.substring(bar + 1).equals(number.value())
                        && (bar < 0
                                || CodeSystems.authority(token.substring(0, bar))
                                        .equals(number.namespace()));
        if (!its)
            faults.add(
                    new Fault(
                            IssueType.NOTSUPPORTED,
                            one.at() + ".identifier",
                            "If-None-Exist is identifier= and the identifier of this order, with"
                                    + " its system."));
    }

    private static void onceEach(List<One> asked, List<Placed.Order> orders, List<Fault> faults) {
        for (int i = 0; i < orders.size(); i++)
            for (int j = 0; j < i; j++)
                if (!orders.get(i).number().value().isEmpty()
                        && orders.get(i).number().equals(orders.get(j).number()))
                    faults.add(
                            new Fault(
                                    IssueType.DUPLICATE,
                                    asked.get(i).at() + ".identifier",
                                    "Each order has a number of its own."));
    }

    /**
     * What stands in the chart; thrown as an answer when nothing does.
     *
     * @param asked in the order of the orders
     */
    Result.Ordered ordered(Result result, List<One> asked) {
        return switch (result) {
            case Result.Ordered ordered -> ordered;
            case Result.Waits(var why) ->
                    throw NotPlaced.because(
                            202,
                            IssueType.INFORMATIONAL,
                            "",
                            "The order is kept and not in the chart yet: "
                                    + why
                                    + ". Don't send it again.");
            case Result.Refused(var why) ->
                    throw NotPlaced.because(422, IssueType.PROCESSING, "", why);
            case Result.Taken(int index) ->
                    throw NotPlaced.because(
                            409,
                            IssueType.DUPLICATE,
                            asked.get(index).at() + ".identifier",
                            "There is another order of this number. Give this one a number of its"
                                    + " own.");
            case Result.NoRoute _ ->
                    throw NotPlaced.because(
                            403,
                            IssueType.NOTSUPPORTED,
                            "",
                            "No route of this engine takes orders over FHIR; one begins with  from:"
                                    + " { uri: fhir }.");
            case Result.Unknown _ ->
                    throw NotPlaced.because(
                            503,
                            IssueType.TRANSIENT,
                            "",
                            "Nothing can be promised now. Send it again with the same identifier;"
                                    + " it is not ordered twice.");
        };
    }

    static String account() {
        var login = SecurityContextHolder.getContext().getAuthentication();
        return login == null ? "" : login.getName();
    }
}
