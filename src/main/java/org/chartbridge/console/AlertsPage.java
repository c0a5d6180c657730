package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.chartbridge.intake.AlertDecisions;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.intake.Decisions.NotPossible;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
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
    private final AlertDecisions decisions;
    private final AuditTrail audit;

    AlertsPage(
            ShownAlerts alerts,
            PatientsWithOrders patients,
            Persons persons,
            AlertDecisions decisions,
            AuditTrail audit) {
        this.alerts = alerts;
        this.patients = patients;
        this.persons = persons;
        this.decisions = decisions;
        this.audit = audit;
    }

    /** An alert and whose order it is about. */
    record Item(PersonView person, ShownAlerts.Shown shown) {}

    @GetMapping
    String list(Model model) {
        var found = patients.newest(PATIENTS + 1);
        var open = new ArrayList<Item>();
        var decided = new ArrayList<Item>();
        for (var id : found.subList(0, Math.min(found.size(), PATIENTS))) {
            var shown = alerts.of(id);
            if (shown.isEmpty()) continue;
            var person = persons.person(id);
            if (person.isEmpty()) continue;
            audit.seesIdentity(id);
            for (var one : shown) (one.isOpen() ? open : decided).add(new Item(person.get(), one));
        }
        open.sort(
                Comparator.comparing((Item item) -> item.shown().alert().severity())
                        .thenComparing(item -> item.shown().alert().kind()));
        model.addAttribute("open", open);
        model.addAttribute("decided", decided);
        model.addAttribute("more", found.size() > PATIENTS ? PATIENTS : 0);
        model.addAttribute("state", alerts.state());
        return "alerts";
    }

    /** Overrides one alert of a patient, as it stands now. */
    @PostMapping("/{person}/{key}")
    String override(
            @PathVariable UUID person,
            @PathVariable String key,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        try {
            var by = new By(me.getName(), reason);
            var alert = open(person, key);
            audit.decidesOnAlert(person, alert.order().entryId());
            decisions.override(key, alert.order().entryId(), details(alert), by);
            said.addFlashAttribute("done", true);
        } catch (NotPossible | IllegalArgumentException | IllegalStateException e) {
            said.addFlashAttribute("problem", e.getMessage());
        }
        return "redirect:/alerts";
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
        try {
            var by = new By(me.getName(), reason);
            audit.decidesOnPatient(id);
            decisions.undo(id, by);
            said.addFlashAttribute("undone", true);
        } catch (NotPossible | IllegalArgumentException | IllegalStateException e) {
            said.addFlashAttribute("problem", e.getMessage());
        }
        return "redirect:/alerts";
    }
}
