package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.Candidates;
import org.chartbridge.chart.UnidentifiedPatients;
import org.chartbridge.intake.Decisions;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.intake.Decisions.NotPossible;
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

/**
 * A patient whom messages named without a number, beside whom in the chart it could be; a person
 * says who it is, with a reason, and can take it back on {@link UnmatchedPage}.
 */
@Controller
@RequestMapping("/unmatched/without-identifier/{id}")
class UnidentifiedPage {
    private final UnidentifiedPatients patients;
    private final Candidates candidates;
    private final Decisions decisions;
    private final AuditTrail audit;

    UnidentifiedPage(
            UnidentifiedPatients patients,
            Candidates candidates,
            Decisions decisions,
            AuditTrail audit) {
        this.patients = patients;
        this.candidates = candidates;
        this.decisions = decisions;
        this.audit = audit;
    }

    @GetMapping
    String one(@PathVariable long id, Model model) {
        var found =
                patients.find(id)
                        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        audit.seesIdentity(found.person());
        model.addAttribute("person", found.person());
        model.addAttribute("record", found.record());
        model.addAttribute("candidates", seen(found));
        return "unmatched-unidentified";
    }

    /** Whoever is shown was seen. */
    private List<Candidates.Candidate> seen(UnidentifiedPatients.Found found) {
        var others =
                candidates.of(found.claim()).stream()
                        .filter(one -> !one.person().equals(found.person()))
                        .toList();
        others.forEach(candidate -> audit.seesIdentity(candidate.person()));
        return others;
    }

    @PostMapping
    String decide(
            @PathVariable long id,
            @RequestParam long into,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        if (patients.find(id).isEmpty()) throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        try {
            said.addFlashAttribute("done", decisions.merge(id, into, new By(me.getName(), reason)));
        } catch (NotPossible | IllegalArgumentException e) {
            said.addFlashAttribute("problem", e.getMessage());
            return "redirect:/unmatched/without-identifier/" + id;
        }
        return "redirect:/unmatched";
    }
}
