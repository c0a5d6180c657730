package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.delivery.Desk.By;
import org.chartbridge.ordering.OrdersToPlace;
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
 * Orders and referrals that no recipient was found for: why, what would help, and what a person may
 * do. A decision needs a reason and stands in the audit trail.
 */
@Controller
@RequestMapping("/worklist/orders")
class OrdersToPlacePage {
    /** The longest waiting; more would make the page slow, and it says so. */
    static final int ROWS = 200;

    private final OrdersToPlace orders;
    private final AuditTrail audit;

    OrdersToPlacePage(OrdersToPlace orders, AuditTrail audit) {
        this.orders = orders;
        this.audit = audit;
    }

    @GetMapping
    String list(Model model) {
        var waiting = orders.waiting(ROWS);
        // Each says whom it is about.
        waiting.stream().map(OrdersToPlace.Item::entryId).distinct().forEach(audit::seesMessage);
        model.addAttribute("items", waiting);
        model.addAttribute("all", waiting.size() < ROWS ? waiting.size() : orders.count());
        return "orders-to-place";
    }

    @PostMapping("/{id}/place")
    String place(
            @PathVariable long id,
            @RequestParam String to,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return decide(said, "placed", () -> orders.place(id, to, new By(me.getName(), reason)));
    }

    @PostMapping("/{id}/drop")
    String drop(
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return decide(said, "dropped", () -> orders.drop(id, new By(me.getName(), reason)));
    }

    private String decide(RedirectAttributes said, String done, Runnable decision) {
        try {
            audit.decidesOnDelivery(null);
            decision.run();
            said.addFlashAttribute("done", done);
        } catch (OrdersToPlace.NotPossible | IllegalArgumentException | IllegalStateException e) {
            said.addFlashAttribute("problem", e.getMessage());
        }
        return "redirect:/worklist/orders";
    }
}
