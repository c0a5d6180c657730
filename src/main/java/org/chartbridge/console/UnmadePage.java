package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.delivery.DeliverySearch;
import org.chartbridge.delivery.Desk;
import org.chartbridge.delivery.Desk.By;
import org.chartbridge.delivery.SetAside;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.nio.charset.StandardCharsets;
import java.security.Principal;

/**
 * Deliveries that no route can make of their message: whose they are, file, line and remedy, and
 * what a person may do. A decision needs a reason and stands in the audit trail.
 */
@Controller
@RequestMapping("/worklist/unmade")
class UnmadePage {
    /** The longest waiting; each is made once to say why. */
    static final int ROWS = 100;

    private final SetAside aside;
    private final DeliverySearch deliveries;
    private final AuditTrail audit;

    UnmadePage(SetAside aside, DeliverySearch deliveries, AuditTrail audit) {
        this.aside = aside;
        this.deliveries = deliveries;
        this.audit = audit;
    }

    /**
     * One that waits.
     *
     * @param about its patient as the message names them; empty where it names nobody
     * @param orders its orders, referral or results; empty where there are none
     */
    record Row(SetAside.Item item, String about, String orders) {

        /** The parts of its destination, as its page is found by. */
        public String partner() {
            return item.destination().replaceFirst("/.*", "");
        }

        public String queue() {
            return item.destination().replaceFirst("^[^/]*/", "");
        }

        /** The delivery only. */
        @Override
        public String toString() {
            return "Row[" + item.id() + "]";
        }
    }

    @GetMapping
    String list(Model model) {
        var waiting = aside.waiting(ROWS);
        // Each says whom it is about.
        waiting.stream().map(SetAside.Item::entryId).distinct().forEach(audit::seesMessage);
        model.addAttribute("items", waiting.stream().map(this::row).toList());
        model.addAttribute("all", waiting.size() < ROWS ? waiting.size() : aside.count());
        return "unmade";
    }

    private Row row(SetAside.Item item) {
        return deliveries
                .body(item.id())
                .map(body -> row(item, body))
                .orElse(new Row(item, "", ""));
    }

    static Row row(SetAside.Item item, byte[] body) {
        return Message.read(body, StandardCharsets.UTF_8) instanceof Reading.Readable(var message)
                ? new Row(
                        item,
                        new PatientInMessage(message).inWords(),
                        OrdersInMessage.inWords(message))
                : new Row(item, "", "");
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

    @PostMapping("/{id}/has-it")
    String hasIt(
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return decide(said, "confirmed", () -> aside.confirm(id, new By(me.getName(), reason)));
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
