package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.PersonSearch;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.Reports;
import org.chartbridge.intake.Decisions;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.intake.Decisions.NotPossible;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.security.Principal;
import java.util.List;
import java.util.UUID;

/**
 * A report that is another patient's than it was reported for: a person looks whose it is, sees
 * what would stand where, and files it there with a reason. It can be taken back on {@link
 * UnmatchedPage}.
 */
@Controller
@RequestMapping("/unmatched/reports/{series}")
class RefilePage {
    /** Patients that a search shows. */
    private static final int FOUND = 10;

    private final Reports reports;
    private final Persons persons;
    private final Decisions decisions;
    private final AuditTrail audit;

    RefilePage(Reports reports, Persons persons, Decisions decisions, AuditTrail audit) {
        this.reports = reports;
        this.persons = persons;
        this.decisions = decisions;
        this.audit = audit;
    }

    /**
     * @param number a number of whose it is, in full; empty when nobody is looked for yet
     * @param to the patient's record that was chosen; then it shows what would stand where
     */
    @GetMapping
    String look(
            @PathVariable long series,
            @RequestParam(defaultValue = "") String number,
            @RequestParam(required = false) @Nullable Long to,
            Model model) {
        var report = report(series);
        var person = person(report);
        audit.seesIdentity(person.id());
        model.addAttribute("report", report);
        model.addAttribute("person", person);
        model.addAttribute("number", number.strip());
        model.addAttribute("found", found(number.strip(), person));
        if (to == null) return "unmatched-report";
        var home = persons.personOfRecord(to).flatMap(persons::person);
        try {
            model.addAttribute("preview", decisions.previewFile(series, person.id(), to));
            model.addAttribute("to", to);
            home.ifPresent(one -> model.addAttribute("home", one));
        } catch (NotPossible e) {
            model.addAttribute("problem", e.getMessage());
        }
        return "unmatched-report";
    }

    /** Whoever is shown was seen. */
    private List<PersonView> found(String number, PersonView but) {
        if (number.isEmpty()) return List.of();
        var found =
                persons.find(PersonSearch.byIdentifier(number), 0, FOUND).items().stream()
                        .filter(one -> !one.id().equals(but.id()))
                        .toList();
        found.forEach(one -> audit.seesIdentity(one.id()));
        return found;
    }

    @PostMapping
    String file(
            @PathVariable long series,
            @RequestParam UUID shown,
            @RequestParam long to,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        try {
            long decision = decisions.file(series, shown, to, new By(me.getName(), reason));
            audit.decidesOnPatient(decision);
            return "redirect:/unmatched/undo/" + decision;
        } catch (NotPossible | IllegalArgumentException e) {
            said.addFlashAttribute("problem", e.getMessage());
            return "redirect:/unmatched";
        }
    }

    private ReportView report(long series) {
        return reports.report(series)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private PersonView person(ReportView report) {
        return persons.person(report.personId())
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
