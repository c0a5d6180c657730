package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.CoverageView;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.Registrations;
import org.chartbridge.chart.WhoIsWho;
import org.chartbridge.intake.OwnDoor;
import org.chartbridge.loops.OpenLoops.Charted;
import org.chartbridge.ordering.Choice;
import org.chartbridge.ordering.Compendia;
import org.chartbridge.ordering.Compendia.Offer;
import org.chartbridge.ordering.OrdersToPlace;
import org.chartbridge.partner.Orders;
import org.chartbridge.placing.KnownPatient;
import org.chartbridge.placing.Placed;
import org.chartbridge.placing.Placing;
import org.chartbridge.placing.Placing.Result;
import org.chartbridge.placing.Placing.Source;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.security.Principal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Places orders of tests for a patient of the chart. Each button sends the whole form, and the page
 * shows it again with what it led to; where a test goes is shown before anything is placed, and
 * what is placed is what was shown. Long because each outcome of placing has its words here.
 */
@Controller
class PlaceOrderPage {
    /** Tests that a search shows; the page says when there are more. */
    static final int FOUND = 20;

    private final Persons persons;
    private final Registrations registrations;
    private final CareStatements care;
    private final WhoIsWho whoIsWho;
    private final OrdersToPlace orders;
    private final Placing placing;
    private final AuditTrail audit;
    private final ShownTimes times;
    private final Clock clock;

    PlaceOrderPage(
            Persons persons,
            Registrations registrations,
            CareStatements care,
            WhoIsWho whoIsWho,
            OrdersToPlace orders,
            Placing placing,
            AuditTrail audit,
            ShownTimes times,
            Clock clock) {
        this.persons = persons;
        this.registrations = registrations;
        this.care = care;
        this.whoIsWho = whoIsWho;
        this.orders = orders;
        this.placing = placing;
        this.audit = audit;
        this.times = times;
        this.clock = clock;
    }

    /**
     * A test that was chosen, and where it would go.
     *
     * @param offer null when no compendium has it any more
     * @param to null when no laboratory is found for it
     */
    record Row(
            OrderForm.Line line,
            @Nullable Offer offer,
            Choice.@Nullable To to,
            Choice.@Nullable Nobody nobody) {

        public String name() {
            return offer == null ? line.code() : offer.name();
        }

        /** The questions of the laboratory it goes to; of all who do it while none is found. */
        public List<String> asks() {
            if (offer == null) return List.of();
            var goesTo = to;
            return goesTo == null
                    ? offer.asks()
                    : offer.at().stream()
                            .filter(doer -> doer.folder().equals(goesTo.lab().folder()))
                            .flatMap(doer -> doer.test().asks().stream())
                            .toList();
        }

        /** In words; its code where there are none. */
        public Orders.Question question(String ask) {
            return offer == null ? new Orders.Question("", List.of()) : offer.question(ask);
        }

        /** Whether a question is open, which alone may be why no laboratory is found. */
        public boolean isUnanswered() {
            return to == null && asks().stream().anyMatch(ask -> line.answer(ask).isEmpty());
        }

        String shown() {
            if (to != null) return line.key() + ">" + to.lab().folder();
            return line.key() + "?" + (nobody == null ? "" : nobody.cause());
        }
    }

    /** An order that was placed, for its page. */
    record Done(long id, String name) {}

    @GetMapping("/patients/{id}/order")
    String open(@PathVariable UUID id, Model model) {
        var stays = persons.goneTo(id);
        if (stays.isPresent()) return "redirect:/patients/" + stays.get() + "/order";
        var person = person(id);
        var form = OrderForm.empty(coverages(id).stream().map(CoverageView::id).toList());
        return show(person, form, false, Map.of(), "", model);
    }

    @PostMapping("/patients/{id}/order")
    String act(
            @PathVariable UUID id,
            @RequestParam MultiValueMap<String, String> sent,
            @RequestParam(name = "do", defaultValue = "search") String button,
            Principal me,
            Model model,
            RedirectAttributes said) {
        var form = OrderForm.of(sent);
        var stays = persons.goneTo(id);
        if (stays.isPresent())
            return show(
                    person(stays.get()),
                    form,
                    false,
                    Map.of(),
                    "nothing was ordered: the patient was joined with another meanwhile. Look who"
                            + " it is, and at the allergies",
                    model);
        var person = person(id);
        if (button.equals("place")) return place(person, form, me.getName(), model, said);
        if (button.startsWith("add:")) form = added(form, button.substring("add:".length()));
        if (button.matches("remove:\\d{1,3}"))
            form = form.without(Integer.parseInt(button.substring("remove:".length())));
        return show(person, form, button.equals("search"), Map.of(), "", model);
    }

    private OrderForm added(OrderForm form, String key) {
        int bar = key.lastIndexOf('|');
        if (bar < 0) return form;
        return orders.compendia()
                .offer(key.substring(0, bar), key.substring(bar + 1))
                .map(
                        offer ->
                                form.with(
                                        new OrderForm.Line(
                                                offer.code(),
                                                offer.system(),
                                                offer.specimen(),
                                                Map.of())))
                .orElse(form);
    }

    private String place(
            PersonView person,
            OrderForm form,
            String account,
            Model model,
            RedirectAttributes said) {
        var draft = draft(form, orders.compendia());
        var faults = new HashMap<>(draft.faults());
        var open = placing.open();
        if (person.isUnidentified() || open.isEmpty() || form.lines().isEmpty())
            return show(person, form, false, faults, "", model);
        var placed = placed(person, form, draft, account);
        // Sent once more it would find its own order in the way.
        if (!placing.wasSent(form.id())) faults.putAll(notForeseen(form, placed, open.get()));
        if (!faults.isEmpty()) return show(person, form, false, faults, "", model);
        audit.ordersFor(person.id());
        var source = new Source("form", form.content());
        var result =
                placing.placeForm(person.id(), form.id(), placed, source, "Console, " + account);
        return switch (result) {
            case Result.Ordered ordered -> {
                said.addFlashAttribute("placed", done(ordered.orders()));
                said.addFlashAttribute("before", ordered.before());
                said.addFlashAttribute("warnings", ordered.warnings());
                yield "redirect:/open-orders/order/" + ordered.orders().getFirst().id();
            }
            case Result.Waits(var why) -> {
                said.addFlashAttribute("waits", why);
                yield "redirect:/patients/" + person.id() + "/order";
            }
            case Result.Refused(var why) ->
                    show(
                            person,
                            form.anew(),
                            false,
                            Map.of(),
                            "nothing was ordered: " + why,
                            model);
            case Result.Taken _ ->
                    show(
                            person,
                            form.anew(),
                            false,
                            Map.of(),
                            "this form was sent before, with other content, and nothing was ordered"
                                    + " by it now. Look at the patient's orders; what you place now"
                                    + " is ordered beside them",
                            model);
            case Result.NoRoute _ -> show(person, form, false, Map.of(), "", model);
            case Result.Unknown _ ->
                    show(
                            person,
                            form,
                            false,
                            Map.of(),
                            "nothing can be promised now. Place it again as it is; it is not"
                                    + " ordered twice",
                            model);
        };
    }

    /** Nobody orders without having seen where each test goes. */
    private Map<String, String> notForeseen(OrderForm form, Placed placed, OwnDoor.Open open) {
        var rows = rows(form, placed, open, orders.compendia());
        if (!shown(rows).equals(form.shown()))
            return Map.of(
                    "where", "Where the tests go was not shown yet, or has changed: look again.");
        if (!form.anyway() && rows.stream().anyMatch(row -> row.to() == null))
            return Map.of(
                    "anyway", "No laboratory is found for all of them. Confirm this, or mend it.");
        return Map.of();
    }

    private static List<Done> done(List<PlacedOrderView> orders) {
        return orders.stream()
                .map(
                        one ->
                                new Done(
                                        one.id(),
                                        one.service().text().isEmpty()
                                                ? one.service().code()
                                                : one.service().text()))
                .toList();
    }

    private String show(
            PersonView person,
            OrderForm form,
            boolean searched,
            Map<String, String> faults,
            String problem,
            Model model) {
        audit.seesIdentity(person.id());
        var compendia = orders.compendia();
        var open = placing.open();
        model.addAttribute("person", person);
        model.addAttribute(
                "registration",
                ShownRegistration.of(
                        person.id(),
                        registrations,
                        care,
                        Charted.NONE,
                        Map.of(),
                        Map.of(),
                        whoIsWho));
        model.addAttribute("coverages", coverages(person.id()));
        model.addAttribute("guarantors", placing.guarantors(person.id(), false, clock.instant()));
        model.addAttribute("form", form);
        model.addAttribute("faults", faults);
        model.addAttribute("problem", problem);
        model.addAttribute("closed", open.isEmpty());
        model.addAttribute("most", OrderForm.MAX_LINES);
        model.addAttribute("tests", compendia.size());
        var found = searched ? compendia.found(form.words(), FOUND + 1) : List.<Offer>of();
        model.addAttribute("searched", searched);
        model.addAttribute("found", found.subList(0, Math.min(FOUND, found.size())));
        model.addAttribute("more", found.size() > FOUND);
        var rows = rows(person, form, open, compendia);
        model.addAttribute("rows", rows);
        model.addAttribute("where", shown(rows));
        model.addAttribute("nobody", rows.stream().anyMatch(row -> row.to() == null));
        return "place-order";
    }

    private OrderDraft draft(OrderForm form, Compendia compendia) {
        return OrderDraft.of(form, compendia, times.zone(), clock.instant());
    }

    private Placed placed(PersonView person, OrderForm form, OrderDraft draft, String account) {
        var insurances =
                coverages(person.id()).stream()
                        .filter(one -> form.coverages().contains(one.id()))
                        .map(KnownPatient::insurance)
                        .toList();
        var now = clock.instant();
        return new Placed(
                KnownPatient.of(person),
                account,
                now,
                insurances,
                placing.guarantors(person.id(), false, now),
                draft.tests());
    }

    private List<Row> rows(
            PersonView person, OrderForm form, Optional<OwnDoor.Open> open, Compendia compendia) {
        if (form.lines().isEmpty() || open.isEmpty() || person.isUnidentified())
            return form.lines().stream()
                    .map(line -> row(line, compendia, new Choice.Nobody("", "")))
                    .toList();
        return rows(form, placed(person, form, draft(form, compendia), ""), open.get(), compendia);
    }

    /** As the engine itself would choose. */
    private List<Row> rows(OrderForm form, Placed placed, OwnDoor.Open open, Compendia compendia) {
        var choices = orders.foreseen(placing.draft(form.id(), placed, open), open.partner());
        var rows = new ArrayList<Row>();
        for (int i = 0; i < form.lines().size(); i++)
            rows.add(
                    row(
                            form.lines().get(i),
                            compendia,
                            i < choices.size() ? choices.get(i) : new Choice.Nobody("", "")));
        return rows;
    }

    private static Row row(OrderForm.Line line, Compendia compendia, Choice choice) {
        var offer = compendia.offer(line.code(), line.system()).orElse(null);
        return switch (choice) {
            case Choice.To to -> new Row(line, offer, to, null);
            case Choice.Nobody nobody -> new Row(line, offer, null, nobody);
        };
    }

    private static String shown(List<Row> rows) {
        return Integer.toHexString(rows.stream().map(Row::shown).toList().hashCode());
    }

    /** What the chart has, but for what it has from orders that were placed here. */
    private List<CoverageView> coverages(UUID person) {
        var own = placing.open().map(open -> open.partner().folder()).orElse("");
        return registrations
                .coverages(Registrations.Search.of(person), 0, ShownRegistration.ITEMS)
                .items()
                .stream()
                .filter(one -> one.active() && !one.source().partner().equals(own))
                .toList();
    }

    private PersonView person(UUID id) {
        return persons.person(id)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
