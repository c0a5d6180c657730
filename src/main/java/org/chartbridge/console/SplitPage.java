package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.chartbridge.chart.RecordView;
import org.chartbridge.chart.WhoIsWho;
import org.chartbridge.intake.Decisions;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.intake.Decisions.NotPossible;
import org.chartbridge.journal.DecisionStore;
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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Which numbers are one patient and what joined each; a person splits some off, after seeing what
 * would stand in which chart, with a reason. It can be taken back on {@link UnmatchedPage}.
 */
@Controller
@RequestMapping("/unmatched/patients/{person}")
class SplitPage {
    private final Persons persons;
    private final WhoIsWho whoIsWho;
    private final Decisions decisions;
    private final DecisionStore decided;
    private final AuditTrail audit;

    SplitPage(
            Persons persons,
            WhoIsWho whoIsWho,
            Decisions decisions,
            DecisionStore decided,
            AuditTrail audit) {
        this.persons = persons;
        this.whoIsWho = whoIsWho;
        this.decisions = decisions;
        this.decided = decided;
        this.audit = audit;
    }

    /**
     * What was said of a number.
     *
     * @param decision empty when a message said it
     */
    record Said(WhoIsWho.Row row, Optional<DecisionStore.View> decision) {}

    @GetMapping
    String one(@PathVariable UUID person, Model model) {
        var stays = persons.goneTo(person);
        if (stays.isPresent()) return "redirect:/unmatched/patients/" + stays.get();
        show(person, model);
        return "unmatched-patient";
    }

    private PersonView show(UUID person, Model model) {
        var found = find(person);
        audit.seesIdentity(person);
        model.addAttribute("person", found);
        model.addAttribute(
                "said",
                whoIsWho.around(person).stream()
                        .map(row -> new Said(row, decided.find(row.entryId())))
                        .toList());
        return found;
    }

    /** What would stand where; nothing is changed. */
    @GetMapping("/split")
    String look(
            @PathVariable UUID person,
            @RequestParam(defaultValue = "") Set<Long> off,
            Model model,
            RedirectAttributes said) {
        try {
            var shown = records(find(person));
            var preview = decisions.previewSplit(person, shown, off);
            var found = show(person, model);
            model.addAttribute("off", off);
            model.addAttribute("shown", shown);
            model.addAttribute("preview", preview);
            model.addAttribute(
                    "goes",
                    found.records().stream()
                            .filter(record -> off.contains(record.id()))
                            .map(RecordView::idValue)
                            .collect(Collectors.joining(", ")));
            return "unmatched-split";
        } catch (NotPossible e) {
            said.addFlashAttribute("problem", e.getMessage());
            return "redirect:/unmatched/patients/" + person;
        }
    }

    @PostMapping("/split")
    String split(
            @PathVariable UUID person,
            @RequestParam(defaultValue = "") Set<Long> off,
            @RequestParam(defaultValue = "") Set<Long> shown,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        try {
            long decision = decisions.split(person, shown, off, new By(me.getName(), reason));
            audit.decidesOnPatient(decision);
            return "redirect:/unmatched/undo/" + decision;
        } catch (NotPossible | IllegalArgumentException e) {
            said.addFlashAttribute("problem", e.getMessage());
            return "redirect:/unmatched/patients/" + person;
        }
    }

    private PersonView find(UUID person) {
        return persons.person(person)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private static Set<Long> records(PersonView person) {
        return person.records().stream().map(RecordView::id).collect(Collectors.toSet());
    }
}
