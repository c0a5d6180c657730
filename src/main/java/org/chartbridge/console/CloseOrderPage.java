package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.PlacedOrderView;
import org.chartbridge.chart.Registrations;
import org.chartbridge.intake.AlertDecisions;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.loops.ByHand;
import org.chartbridge.loops.ByHand.Why;
import org.chartbridge.loops.Loop;
import org.chartbridge.loops.OpenLoops;
import org.chartbridge.placing.Placing;
import org.chartbridge.placing.Placing.Change;
import org.chartbridge.placing.Placing.Ending;
import org.chartbridge.placing.Placing.Result;
import org.chartbridge.placing.Placing.Source;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Clock;
import java.util.Map;

/**
 * Ends what is followed on the page of an order or a referral: closed here, where nothing will
 * answer it, which tells nobody and can be taken back; or cancelled, which tells whoever was asked
 * to do it, where the order was placed here (decision 0063).
 */
@Controller
@RequestMapping("/open-orders")
class CloseOrderPage {
    private final OpenLoops loops;
    private final AlertDecisions decisions;
    private final CareStatements care;
    private final Placing placing;
    private final AuditTrail audit;
    private final Clock clock;

    CloseOrderPage(
            OpenLoops loops,
            AlertDecisions decisions,
            CareStatements care,
            Placing placing,
            AuditTrail audit,
            Clock clock) {
        this.loops = loops;
        this.decisions = decisions;
        this.care = care;
        this.placing = placing;
        this.audit = audit;
        this.clock = clock;
    }

    /** Closes it as it was shown. */
    @PostMapping("/{kind:order|referral}/{id}/close")
    String close(
            @PathVariable String kind,
            @PathVariable long id,
            @RequestParam int seen,
            @RequestParam String why,
            @RequestParam String text,
            Principal me,
            RedirectAttributes said) {
        return Posted.to(
                page(kind, id),
                "closedNow",
                said,
                () -> {
                    var as =
                            Why.of(why)
                                    .orElseThrow(
                                            () -> new IllegalArgumentException("choose a reason"));
                    if (as == Why.OTHER && text.isBlank())
                        throw new IllegalArgumentException("say in words which other reason it is");
                    var by = new By(me.getName(), reason(as, text.strip()));
                    var loop = loop(kind, id);
                    if (loop.state().isClosed())
                        throw new IllegalArgumentException("it is not open any more");
                    var known = ByHand.known(loop);
                    if (known.hashCode() != seen)
                        throw new IllegalArgumentException(
                                "something was said of it meanwhile: look again");
                    audit.decidesOnAlert(loop.person(), known.last());
                    var _ =
                            decisions.close(
                                    ByHand.key(known, loop), as.id(), known, details(loop), by);
                });
    }

    private static String reason(Why as, String text) {
        if (as == Why.OTHER) return text;
        return text.isEmpty() ? as.word() : as.word() + ": " + text;
    }

    private static Map<String, Object> details(Loop loop) {
        return Map.of(
                "of", loop.referral() ? "referral" : "order",
                "partner", loop.asker(),
                "number", loop.number(),
                "code", loop.service().code(),
                "state", loop.state().word());
    }

    /** Takes it back: it is followed as if nobody had closed it. */
    @PostMapping("/{kind:order|referral}/{id}/reopen")
    String reopen(
            @PathVariable String kind,
            @PathVariable long id,
            @RequestParam long decision,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return Posted.to(
                page(kind, id),
                "reopened",
                said,
                () -> {
                    var by = new By(me.getName(), reason);
                    var loop = loop(kind, id);
                    var closed = loop.closed();
                    if (closed == null || closed.decision() != decision)
                        throw new IllegalArgumentException("nothing of the kind holds any more");
                    audit.decidesOnAlert(loop.person(), decision);
                    var _ = decisions.undo(decision, by);
                });
    }

    /** Cancels an order that was placed here: its own message once more, with ORC-1 CA. */
    @PostMapping("/order/{id}/cancel")
    String cancel(
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return Posted.to(
                page("order", id),
                "cancelled",
                said,
                () -> {
                    var by = new By(me.getName(), reason);
                    var order =
                            care
                                    .ordersAsTheyStand(Registrations.Search.of(id), 0, 1)
                                    .items()
                                    .stream()
                                    .findFirst()
                                    .orElseThrow(CloseOrderPage::unknown);
                    audit.ordersFor(order.personId());
                    refused(end(order, by));
                });
    }

    private Result end(PlacedOrderView order, By by) {
        if (order.state().equals("cancelled") || order.state().equals("resulted"))
            throw new IllegalArgumentException("it is " + order.state() + " already");
        return placing.end(
                new Ending(
                        order.source().partner(),
                        order.placerNumber(),
                        false,
                        order.source().entryId(),
                        "CA",
                        by.reason(),
                        Change.NONE,
                        by.account(),
                        clock.instant()),
                new Source("form", by.reason().getBytes(StandardCharsets.UTF_8)),
                "Console, " + by.account());
    }

    private static void refused(Result result) {
        switch (result) {
            case Result.Ordered _ -> {}
            case Result.Waits(var why) ->
                    throw new IllegalArgumentException("the cancel is kept and waits: " + why);
            case Result.Refused(var why) ->
                    throw new IllegalArgumentException("nothing was cancelled: " + why);
            case Result.NoRoute _, Result.Taken _ ->
                    throw new IllegalArgumentException(
                            "this order was not placed here; whoever placed it has to cancel it");
            case Result.Unknown _ ->
                    throw new IllegalArgumentException(
                            "nothing can be promised now; look at the order, and cancel it again");
        }
    }

    private Loop loop(String kind, long id) {
        return (kind.equals("referral") ? loops.referral(id) : loops.order(id))
                .orElseThrow(CloseOrderPage::unknown);
    }

    private static ResponseStatusException unknown() {
        return new ResponseStatusException(
                HttpStatus.NOT_FOUND, "no order or referral has this id");
    }

    private static String page(String kind, long id) {
        return "/open-orders/" + kind + "/" + id;
    }
}
