package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.delivery.Desk;
import org.chartbridge.delivery.Desk.By;
import org.chartbridge.delivery.SetAside;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.security.Principal;

/**
 * Deliveries that no route can make of their message: file, line and remedy, and what a person may
 * do. A decision needs a reason and stands in the audit trail.
 */
@Controller
@RequestMapping("/worklist/unmade")
class UnmadePage {
    /** The longest waiting; each is made once to say why. */
    static final int ROWS = 100;

    private final SetAside aside;
    private final AuditTrail audit;

    UnmadePage(SetAside aside, AuditTrail audit) {
        this.aside = aside;
        this.audit = audit;
    }

    @GetMapping
    String list(Model model) {
        var waiting = aside.waiting(ROWS);
        model.addAttribute("items", waiting);
        model.addAttribute("all", waiting.size() < ROWS ? waiting.size() : aside.count());
        return "unmade";
    }

    @PostMapping("/{id}/again")
    String again(
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return decide(said, "again", () -> aside.release(id, new By(me.getName(), reason)));
    }

    @PostMapping("/{id}/drop")
    String drop(
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return decide(said, "dropped", () -> aside.drop(id, new By(me.getName(), reason)));
    }

    private String decide(RedirectAttributes said, String done, Runnable decision) {
        try {
            audit.decidesOnDelivery(null);
            decision.run();
            said.addFlashAttribute("done", done);
        } catch (Desk.NotPossible | IllegalArgumentException | IllegalStateException e) {
            said.addFlashAttribute("problem", e.getMessage());
        }
        return "redirect:/worklist/unmade";
    }
}
