package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.delivery.ApplicationAnswers;
import org.chartbridge.delivery.Couriers;
import org.chartbridge.delivery.DeliverySearch;
import org.chartbridge.delivery.DeliverySearch.AttemptView;
import org.chartbridge.delivery.DeliverySearch.DeliveryRow;
import org.chartbridge.delivery.DeliverySearch.DestinationView;
import org.chartbridge.delivery.Desk;
import org.chartbridge.delivery.EditedText;
import org.chartbridge.delivery.NotedAnswers;
import org.chartbridge.delivery.Outboxes;
import org.chartbridge.hl7.Header;
import org.chartbridge.partner.RoutesOverview;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
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

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.function.Consumer;

/**
 * Messages on their way to partners: all destinations, one of them, one delivery with its attempts.
 * What a person decides needs a reason and stands in the audit trail.
 */
@Controller
@RequestMapping("/deliveries")
class DeliveriesPage {
    private static final int WAITING_ROWS = 50;
    private static final int SETTLED_ROWS = 50;
    private static final int DECISIONS = 20;

    private final DeliverySearch deliveries;
    private final ObjectProvider<Desk> desk;
    private final ObjectProvider<Couriers> couriers;
    private final ObjectProvider<Outboxes> outboxes;
    private final ObjectProvider<RoutesOverview> routes;
    private final ApplicationAnswers answers;
    private final NotedAnswers noted;
    private final AuditTrail audit;

    DeliveriesPage(
            DeliverySearch deliveries,
            ObjectProvider<Desk> desk,
            ObjectProvider<Couriers> couriers,
            ObjectProvider<Outboxes> outboxes,
            ObjectProvider<RoutesOverview> routes,
            ApplicationAnswers answers,
            NotedAnswers noted,
            AuditTrail audit) {
        this.deliveries = deliveries;
        this.desk = desk;
        this.couriers = couriers;
        this.outboxes = outboxes;
        this.routes = routes;
        this.answers = answers;
        this.noted = noted;
        this.audit = audit;
    }

    /** An attempt with what was sent and answered, to be looked at. */
    record Attempt(AttemptView view, @Nullable RawText content, @Nullable RawText answer) {}

    @GetMapping
    String all(Model model) {
        model.addAttribute("destinations", shown(deliveries, outboxes));
        return "deliveries";
    }

    static List<ShownDestination> shown(
            DeliverySearch deliveries, ObjectProvider<Outboxes> outboxes) {
        var routed = outboxes.getIfAvailable();
        var unmade = deliveries.unmade();
        return deliveries.destinations().stream()
                .map(
                        d ->
                                new ShownDestination(
                                        d,
                                        routed != null && routed.find(d.name()).isPresent(),
                                        unmade.getOrDefault(d.name(), 0L)))
                .toList();
    }

    @GetMapping("/{partner}/{queue}")
    String one(
            @PathVariable String partner,
            @PathVariable String queue,
            @RequestParam(required = false) @Nullable Long below,
            Model model) {
        var destination = destination(partner, queue);
        var settled =
                deliveries.settled(
                        destination.name(),
                        below == null ? Long.MAX_VALUE : below,
                        SETTLED_ROWS + 1);
        var routed = outboxes.getIfAvailable();
        model.addAttribute(
                "shown",
                new ShownDestination(
                        destination,
                        routed != null && routed.find(destination.name()).isPresent(),
                        deliveries.unmade().getOrDefault(destination.name(), 0L)));
        var waiting = deliveries.waiting(destination.name(), WAITING_ROWS);
        model.addAttribute("waiting", waiting);
        model.addAttribute("since", waiting.isEmpty() ? List.of() : since(waiting.getFirst()));
        model.addAttribute("older", settled.size() > SETTLED_ROWS);
        model.addAttribute("settled", settled.stream().limit(SETTLED_ROWS).toList());
        model.addAttribute("decisions", deliveries.decisions(destination.name(), DECISIONS));
        return "destination";
    }

    @GetMapping("/{partner}/{queue}/{id}")
    String delivery(
            @PathVariable String partner,
            @PathVariable String queue,
            @PathVariable long id,
            Model model) {
        var destination = destination(partner, queue);
        var row = row(destination, id);
        audit.seesMessage(row.entryId());
        var charset = charset(partner);
        var attempts = deliveries.attempts(id);
        var body = deliveries.body(id).orElse(null);
        model.addAttribute("destination", destination);
        model.addAttribute("row", row);
        model.addAttribute("body", body == null ? null : RawText.of(body, charset));
        model.addAttribute(
                "attempts",
                attempts.stream()
                        .map(
                                a ->
                                        new Attempt(
                                                a,
                                                raw(a.content(), charset),
                                                raw(a.answer(), charset)))
                        .toList());
        model.addAttribute("later", answers.of(id));
        model.addAttribute("decided", deliveries.decided(id));
        model.addAttribute("onward", noted.onward(id).orElse(null));
        model.addAttribute(
                "mayHave", attempts.stream().anyMatch(one -> !"unsent".equals(one.outcome())));
        model.addAttribute("since", since(row));
        model.addAttribute("editable", editable(destination, row, charset));
        return "delivery";
    }

    /** What its partner said of it meanwhile, where it may have arrived and waits all the same. */
    private List<Long> since(DeliveryRow row) {
        return row.state().equals("waiting") && row.attempts() > 0
                ? answers.since(row.id())
                : List.of();
    }

    private static @Nullable RawText raw(byte @Nullable [] bytes, Charset charset) {
        return bytes == null ? null : RawText.of(bytes, charset);
    }

    /** What is to be edited, with an MSH-10 of its own if the old one may have arrived. */
    private @Nullable String editable(
            DestinationView destination, DeliveryRow row, Charset charset) {
        var at = desk.getIfAvailable();
        if (at == null || !destination.paused() || !row.state().equals("waiting")) return null;
        try {
            var content = at.current(destination.name(), row.id()).content();
            var text = EditedText.of(content, charset);
            var id = Header.read(content).map(Header::controlId).orElse("");
            return row.attempts() == 0 || id.isEmpty()
                    ? text
                    : text.replaceFirst(
                            "\\Q" + id + "\\E", "CB" + row.id() + "-" + (row.attempts() + 1));
        } catch (Desk.NotPossible e) {
            return null;
        }
    }

    @PostMapping("/{partner}/{queue}/pause")
    String pause(
            @PathVariable String partner,
            @PathVariable String queue,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        var name = destination(partner, queue).name();
        return decide(name, null, reason, me, said, by -> at().pause(name, by));
    }

    @PostMapping("/{partner}/{queue}/resume")
    String resume(
            @PathVariable String partner,
            @PathVariable String queue,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        var name = destination(partner, queue).name();
        return decide(
                name,
                null,
                reason,
                me,
                said,
                by -> {
                    at().resume(name, by);
                    couriers.ifAvailable(all -> all.resume(name));
                });
    }

    @PostMapping("/{partner}/{queue}/{id}/skip")
    String skip(
            @PathVariable String partner,
            @PathVariable String queue,
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        var name = destination(partner, queue).name();
        return decide(name, id, reason, me, said, by -> at().skip(name, id, by));
    }

    /** The partner has it, as it said: what stood still because of it goes on. */
    @PostMapping("/{partner}/{queue}/{id}/has-it")
    String hasIt(
            @PathVariable String partner,
            @PathVariable String queue,
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        var name = destination(partner, queue).name();
        return decide(
                name,
                id,
                reason,
                me,
                said,
                by -> {
                    at().confirm(name, id, by);
                    couriers.ifAvailable(all -> all.resume(name));
                });
    }

    @PostMapping("/{partner}/{queue}/{id}/anew")
    String anew(
            @PathVariable String partner,
            @PathVariable String queue,
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        var name = destination(partner, queue).name();
        return decide(name, id, reason, me, said, by -> at().makeAnew(name, id, by));
    }

    @PostMapping("/{partner}/{queue}/{id}/edit")
    String edit(
            @PathVariable String partner,
            @PathVariable String queue,
            @PathVariable long id,
            @RequestParam String text,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        var name = destination(partner, queue).name();
        var edited = new long[] {id};
        decide(
                name,
                id,
                reason,
                me,
                said,
                by -> edited[0] = at().edit(name, id, text, charset(partner), by));
        if (edited[0] == id) said.addFlashAttribute("text", text);
        return "redirect:/deliveries/" + name + "/" + edited[0];
    }

    private String decide(
            String name,
            @Nullable Long id,
            String reason,
            Principal me,
            RedirectAttributes said,
            Consumer<Desk.By> act) {
        var back = "redirect:/deliveries/" + name + (id == null ? "" : "/" + id);
        try {
            var by = new Desk.By(me.getName(), reason);
            audit.decidesOnDelivery(id == null ? null : row(destination(name), id).entryId());
            act.accept(by);
        } catch (Desk.NotPossible | IllegalArgumentException e) {
            said.addFlashAttribute("problem", e.getMessage());
        }
        return back;
    }

    private Desk at() {
        return desk.getObject();
    }

    private DestinationView destination(String partner, String queue) {
        return destination(partner + "/" + queue);
    }

    private DestinationView destination(String name) {
        return deliveries
                .destination(name)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private DeliveryRow row(DestinationView destination, long id) {
        return deliveries
                .delivery(id)
                .filter(row -> row.destination().equals(destination.name()))
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private Charset charset(String partner) {
        var overview = routes.getIfAvailable();
        if (overview == null) return StandardCharsets.UTF_8;
        return overview.partners().stream()
                .filter(p -> p.partner().folder().equals(partner))
                .map(p -> p.partner().charset())
                .findFirst()
                .orElse(StandardCharsets.UTF_8);
    }
}
