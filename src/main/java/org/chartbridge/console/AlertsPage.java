package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.chartbridge.delivery.Desk;
import org.chartbridge.delivery.HeldBack;
import org.chartbridge.intake.AlertDecisions;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.intake.Decisions.NotPossible;
import org.chartbridge.intake.HeldOrders;
import org.chartbridge.intake.LateAlerts;
import org.chartbridge.journal.EntryView;
import org.chartbridge.journal.JournalSearch;
import org.chartbridge.ordering.OrdersToPlace;
import org.chartbridge.screening.Alert;
import org.chartbridge.screening.PatientsWithOrders;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.security.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Orders that conflict with an allergy or with each other, or that nobody could check: the open
 * ones, worst first, with who must act. An override needs a reason, stands in the journal and the
 * audit trail, and can be taken back.
 */
@Controller
@RequestMapping("/alerts")
class AlertsPage {
    /** Patients whose orders were stated last; more would make the page slow, and it says so. */
    static final int PATIENTS = 300;

    private final ShownAlerts alerts;
    private final PatientsWithOrders patients;
    private final Persons persons;
    private final ListedPersons listed;

    /** Messages that are held back; more would make the page slow, and it says so. */
    static final int HELD = 100;

    private final AlertDecisions decisions;
    private final HeldBack held;
    private final HeldOrders orders;
    private final JournalSearch journal;
    private final AuditTrail audit;
    private final OpenAlerts counts;
    private final OrdersToPlace toPlace;
    private final LateAlerts late;

    AlertsPage(
            ShownAlerts alerts,
            PatientsWithOrders patients,
            Persons persons,
            ListedPersons listed,
            AlertDecisions decisions,
            HeldBack held,
            HeldOrders orders,
            JournalSearch journal,
            AuditTrail audit,
            OpenAlerts counts,
            OrdersToPlace toPlace,
            LateAlerts late) {
        this.alerts = alerts;
        this.patients = patients;
        this.persons = persons;
        this.listed = listed;
        this.decisions = decisions;
        this.held = held;
        this.orders = orders;
        this.journal = journal;
        this.audit = audit;
        this.counts = counts;
        this.toPlace = toPlace;
        this.late = late;
    }

    /** An alert and whose order it is about. */
    record Item(PersonView person, ShownAlerts.Shown shown) {}

    /**
     * A message whose orders are charted and not sent on.
     *
     * @param destinations where they are to go
     * @param alerts what the message is behind, open or overridden
     * @param meanwhile what became of its orders since
     * @param tried whether some of it may have arrived
     * @param sent the message by which the order that it changes has arrived; 0 for none
     */
    record Waiting(
            long entryId,
            Instant since,
            List<String> destinations,
            PersonView person,
            List<ShownAlerts.Shown> alerts,
            HeldOrders.Meanwhile meanwhile,
            boolean tried,
            long sent) {
        public boolean isClear() {
            return alerts.stream().noneMatch(ShownAlerts.Shown::isOpen);
        }
    }

    @GetMapping
    String list(Model model) {
        model.addAttribute("held", held());
        model.addAttribute("heldInAll", held.count());
        var found = patients.newest(PATIENTS + 1);
        var open = new ArrayList<Item>();
        var decided = new ArrayList<Item>();
        var all = alerts.of(found.subList(0, Math.min(found.size(), PATIENTS)));
        var known = listed.of(all.stream().map(one -> one.alert().person()).toList());
        for (var one : all) {
            var person = known.get(one.alert().person());
            if (person != null) (one.isOpen() ? open : decided).add(new Item(person, one));
        }
        open.sort(
                Comparator.comparing((Item item) -> item.shown().alert().severity())
                        .thenComparing(item -> item.shown().alert().kind()));
        counts.read(all);
        model.addAttribute("open", open);
        model.addAttribute("decided", decided);
        model.addAttribute("more", found.size() > PATIENTS ? PATIENTS : 0);
        model.addAttribute("state", alerts.state());
        return "alerts";
    }

    private List<Waiting> held() {
        var byEntry = new LinkedHashMap<Long, List<HeldBack.Item>>();
        for (var item : held.waiting(HELD))
            byEntry.computeIfAbsent(item.entryId(), _ -> new ArrayList<>()).add(item);
        var shown = new ArrayList<Waiting>();
        byEntry.forEach(
                (entry, items) ->
                        person(entry)
                                .ifPresent(
                                        person -> {
                                            audit.seesIdentity(person.id());
                                            shown.add(
                                                    new Waiting(
                                                            entry,
                                                            items.getFirst().since(),
                                                            items.stream()
                                                                    .map(HeldBack.Item::destination)
                                                                    .toList(),
                                                            person,
                                                            alerts.of(person.id(), entry),
                                                            orders.meanwhile(entry),
                                                            items.stream()
                                                                    .anyMatch(HeldBack.Item::tried),
                                                            orders.sent(entry)));
                                        }));
        return shown;
    }

    private Optional<PersonView> person(long entry) {
        return journal.entry(entry)
                .map(EntryView::recordId)
                .flatMap(persons::personOfRecord)
                .flatMap(persons::person);
    }

    /** Overrides what is open about a message, and sends on what it ordered. */
    @PostMapping("/held/{entry}/send")
    String send(
            @PathVariable long entry,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return decide(
                said,
                "sent",
                () -> {
                    var person =
                            person(entry)
                                    .orElseThrow(
                                            () ->
                                                    new IllegalArgumentException(
                                                            "nobody is known to be its patient"));
                    var by = new By(me.getName(), reason);
                    // What is not let go is not overridden either.
                    if (orders.meanwhile(entry).cancelled() == 0 && orders.earlier(entry) == 0)
                        override(person.id(), entry, by);
                    release(entry, new Desk.By(me.getName(), reason));
                });
    }

    private void release(long entry, Desk.By by) {
        held.release(entry, by, HeldOrders::refuse);
        toPlace.orderLeft();
        // What waited to be placed may have somebody who does it by now.
        toPlace.loaded();
    }

    private void override(UUID person, long entry, By by) {
        audit.decidesOnAlert(person, entry);
        for (var one : alerts.of(person, entry))
            if (one.isOpen())
                decisions.override(
                        one.alert().key(), one.alert().order().entryId(), details(one.alert()), by);
    }

    /** What may have arrived is there, as whoever was to get it said. */
    @PostMapping("/held/{entry}/has-it")
    String hasIt(
            @PathVariable long entry,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return decide(
                said,
                "confirmed",
                () -> {
                    audit.decidesOnDelivery(entry);
                    held.confirm(entry, new Desk.By(me.getName(), reason));
                });
    }

    /** What a message ordered is not sent on; the chart has it all the same. */
    @PostMapping("/held/{entry}/drop")
    String drop(
            @PathVariable long entry,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return decide(
                said,
                "dropped",
                () -> {
                    audit.decidesOnDelivery(null);
                    held.drop(entry, new Desk.By(me.getName(), reason));
                });
    }

    private static String decide(RedirectAttributes said, String done, Runnable decision) {
        try {
            decision.run();
            said.addFlashAttribute("done", done);
        } catch (NotPossible
                | Desk.NotPossible
                | IllegalArgumentException
                | IllegalStateException e) {
            said.addFlashAttribute("problem", e.getMessage());
        }
        return "redirect:/alerts";
    }

    /** Overrides one alert of a patient, as it stands now. */
    @PostMapping("/{person}/{key}")
    String override(
            @PathVariable UUID person,
            @PathVariable String key,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return decide(
                said,
                "overridden",
                () -> {
                    var by = new By(me.getName(), reason);
                    var alert = open(person, key);
                    var entry = alert.order().entryId();
                    audit.decidesOnAlert(person, entry);
                    decisions.override(key, entry, details(alert), by);
                    // The last one that kept the order here; not what is not wanted any more.
                    if (!held.of(entry).isEmpty()
                            && !orders.meanwhile(entry).isDoubtful()
                            && orders.earlier(entry) == 0
                            && alerts.of(person, entry).stream()
                                    .noneMatch(ShownAlerts.Shown::isOpen))
                        release(entry, new Desk.By(me.getName(), reason));
                });
    }

    private Alert open(UUID person, String key) {
        for (var one : alerts.of(person))
            if (one.isOpen() && one.alert().key().equals(key)) return one.alert();
        throw new IllegalArgumentException(
                "this alert is not open any more: somebody decided, or the chart has changed");
    }

    private Map<String, Object> details(Alert alert) {
        return Map.of(
                "conflict", alert.kind().word(),
                "severity", alert.severity().word(),
                "order", alert.number(),
                "drug", alert.drug(),
                "cause", alert.cause(),
                "rule", alert.rule(),
                "tables", alerts.state().tables().version());
    }

    /** Takes an override back. */
    @PostMapping("/undo/{id}")
    String undo(
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return decide(
                said,
                "undone",
                () -> {
                    audit.decidesOnPatient(id);
                    decisions.undo(id, new By(me.getName(), reason));
                    late.soon();
                });
    }
}
