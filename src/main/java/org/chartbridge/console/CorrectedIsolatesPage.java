package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.CorrectedIsolates;
import org.chartbridge.intake.AlertDecisions;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.journal.Overrides;
import org.chartbridge.journal.Overrides.Overridden;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
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
 * Susceptibilities of isolates whose culture was corrected since ({@link CorrectedIsolates}), on
 * the page Unmatched until the laboratory reports them again or a person says what became of them,
 * with a reason that stands in the journal and can be taken back.
 */
@Controller
@RequestMapping("/unmatched/isolates")
class CorrectedIsolatesPage {
    /** Reports from before that are listed no more. */
    private static final Duration LISTED_FOR = Duration.ofDays(90);

    private final CorrectedIsolates isolates;
    private final Overrides settled;
    private final AlertDecisions decisions;
    private final AuditTrail audit;
    private final Clock clock;

    CorrectedIsolatesPage(
            CorrectedIsolates isolates,
            Overrides settled,
            AlertDecisions decisions,
            AuditTrail audit,
            Clock clock) {
        this.isolates = isolates;
        this.settled = settled;
        this.decisions = decisions;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * What is to be asked for.
     *
     * @param settled who said what became of it; null while it is open
     */
    record Item(CorrectedIsolates.Row row, @Nullable Overridden settled) {
        public boolean isOpen() {
            return settled == null;
        }

        private boolean isSettledBy(long decision) {
            return settled != null && settled.entryId() == decision;
        }
    }

    /** Open ones first. */
    List<Item> items() {
        var rows = isolates.since(clock.instant().minus(LISTED_FOR));
        var known = settled.of(rows.stream().map(CorrectedIsolatesPage::key).toList());
        return rows.stream()
                .map(row -> new Item(row, known.get(key(row))))
                .sorted(Comparator.comparing((Item item) -> !item.isOpen()))
                .toList();
    }

    /** By the messages that corrected and reported: entries keep their number. */
    private static String key(CorrectedIsolates.Row row) {
        return "isolate-" + row.doubt().entryId() + "-" + row.entryId();
    }

    @PostMapping("/{corrected}/{entry}")
    String settle(
            @PathVariable long corrected,
            @PathVariable long entry,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return Posted.to(
                "/unmatched",
                "settled",
                said,
                () -> {
                    var by = new By(me.getName(), reason);
                    var item =
                            items().stream()
                                    .filter(
                                            one ->
                                                    one.isOpen()
                                                            && one.row().entryId() == entry
                                                            && one.row().doubt().entryId()
                                                                    == corrected)
                                    .findFirst()
                                    .orElseThrow(
                                            () ->
                                                    new IllegalArgumentException(
                                                            "it is not open any more: somebody"
                                                                    + " said, or it was reported"
                                                                    + " again"));
                    audit.decidesOnPatient(entry);
                    var _ =
                            decisions.override(
                                    key(item.row()),
                                    entry,
                                    Map.of("isolate", "culture corrected"),
                                    by);
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
                "/unmatched",
                "reopened",
                said,
                () -> {
                    var by = new By(me.getName(), reason);
                    if (items().stream().noneMatch(one -> one.isSettledBy(id)))
                        throw new IllegalArgumentException("nothing of the kind holds any more");
                    audit.decidesOnPatient(id);
                    var _ = decisions.undo(id, by);
                });
    }
}
