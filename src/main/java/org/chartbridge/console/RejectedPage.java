package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.delivery.ApplicationAnswers;
import org.chartbridge.intake.AlertDecisions;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.journal.Overrides;
import org.chartbridge.journal.Overrides.Overridden;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What partners took and their applications rejected afterwards, until the application takes it or
 * a person says what became of it, with a reason that stands in the journal and can be taken back.
 */
@Controller
@RequestMapping("/worklist/rejected")
class RejectedPage {
    /** Rejections before that are listed no more. */
    private static final Duration LISTED_FOR = Duration.ofDays(90);

    private static final String PAGE = "/worklist/rejected";

    private final ApplicationAnswers answers;
    private final Overrides settled;
    private final AlertDecisions decisions;
    private final AuditTrail audit;
    private final Clock clock;

    RejectedPage(
            ApplicationAnswers answers,
            Overrides settled,
            AlertDecisions decisions,
            AuditTrail audit,
            Clock clock) {
        this.answers = answers;
        this.settled = settled;
        this.decisions = decisions;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * What was rejected.
     *
     * @param settled who said what became of it; null while it is open
     */
    record Item(ApplicationAnswers.Row row, @Nullable Overridden settled) {
        public boolean isOpen() {
            return settled == null;
        }

        private boolean isSettledBy(long decision) {
            return settled != null && settled.entryId() == decision;
        }
    }

    @GetMapping
    String list(Model model) {
        var items = items();
        model.addAttribute("items", items);
        model.addAttribute("cut", items.size() >= ApplicationAnswers.MAX_ROWS);
        return "rejected";
    }

    /** Open ones first. */
    private List<Item> items() {
        var rows = answers.rejections(clock.instant().minus(LISTED_FOR));
        var known = settled.of(rows.stream().map(row -> key(row.its().entryId())).toList());
        return rows.stream()
                .map(row -> new Item(row, known.get(key(row.its().entryId()))))
                .sorted(Comparator.comparing((Item item) -> !item.isOpen()))
                .toList();
    }

    private static String key(long entryId) {
        return "rejected-after-delivery-" + entryId;
    }

    @PostMapping("/{entry}")
    String settle(
            @PathVariable long entry,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return Posted.to(
                PAGE,
                "settled",
                said,
                () -> {
                    var by = new By(me.getName(), reason);
                    if (items().stream()
                            .noneMatch(one -> one.isOpen() && one.row().its().entryId() == entry))
                        throw new IllegalArgumentException(
                                "it is not open any more: somebody said, or the application took"
                                        + " it since");
                    audit.decidesOnDelivery(entry);
                    var _ =
                            decisions.override(
                                    key(entry), entry, Map.of("delivery", "rejected later"), by);
                });
    }

    /** Takes back what somebody said of it: it is open again. */
    @PostMapping("/undo/{id}")
    String undo(
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return Posted.to(
                PAGE,
                "reopened",
                said,
                () -> {
                    var by = new By(me.getName(), reason);
                    if (items().stream().noneMatch(one -> one.isSettledBy(id)))
                        throw new IllegalArgumentException("nothing of the kind holds any more");
                    audit.decidesOnDelivery(id);
                    var _ = decisions.undo(id, by);
                });
    }
}
