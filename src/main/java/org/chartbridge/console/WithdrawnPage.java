package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.WrongPatients;
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
 * Withdrawals that somebody has to look after: of results that the chart never had (D, W); results
 * that were posted for the wrong patient (OBX-11 W), on the page Unmatched until they come for
 * another one, and final ones that can't be obtained by a later word (X), until there is another;
 * or until a person says what became of them, with a reason that stands in the journal and can be
 * taken back.
 */
@Controller
@RequestMapping("/unmatched/withdrawn")
class WithdrawnPage {
    /** Withdrawals before that are listed no more. */
    private static final Duration LISTED_FOR = Duration.ofDays(90);

    private final WrongPatients withdrawn;
    private final Overrides settled;
    private final AlertDecisions decisions;
    private final AuditTrail audit;
    private final Clock clock;

    WithdrawnPage(
            WrongPatients withdrawn,
            Overrides settled,
            AlertDecisions decisions,
            AuditTrail audit,
            Clock clock) {
        this.withdrawn = withdrawn;
        this.settled = settled;
        this.decisions = decisions;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * What was withdrawn.
     *
     * @param settled who said what became of it; null while it is open
     */
    record Item(WrongPatients.Row row, @Nullable Overridden settled) {
        public boolean isOpen() {
            return settled == null;
        }

        private boolean isSettledBy(long decision) {
            return settled != null && settled.entryId() == decision;
        }
    }

    /** Open ones first. */
    List<Item> items() {
        return items(withdrawn.since(clock.instant().minus(LISTED_FOR)));
    }

    /** What was taken back without having been there. */
    List<Item> unmet() {
        return items(withdrawn.unmet(clock.instant().minus(LISTED_FOR)));
    }

    private List<Item> items(List<WrongPatients.Row> rows) {
        var known = settled.of(rows.stream().map(WithdrawnPage::key).toList());
        return rows.stream()
                .map(row -> new Item(row, known.get(key(row))))
                .sorted(Comparator.comparing((Item item) -> !item.isOpen()))
                .toList();
    }

    /** What a person says of it is kept by the message that withdrew: entries keep their number. */
    private static String key(WrongPatients.Row row) {
        return switch (row.status()) {
                    case "X" -> "not-obtained-";
                    case "unmet" -> "unmet-withdrawal-";
                    default -> "wrong-patient-";
                }
                + row.entryId();
    }

    @PostMapping("/{entry}")
    String settle(
            @PathVariable long entry,
            @RequestParam String reason,
            @RequestParam(defaultValue = "W") String status,
            Principal me,
            RedirectAttributes said) {
        return Posted.to(
                "/unmatched",
                "settled",
                said,
                () -> {
                    var by = new By(me.getName(), reason);
                    var item =
                            (status.equals("unmet") ? unmet() : items())
                                    .stream()
                                            .filter(
                                                    one ->
                                                            one.isOpen()
                                                                    && one.row().entryId() == entry
                                                                    && one.row()
                                                                            .status()
                                                                            .equals(status))
                                            .findFirst()
                                            .orElseThrow(
                                                    () ->
                                                            new IllegalArgumentException(
                                                                    "it is not open any more:"
                                                                        + " somebody said, or the"
                                                                        + " laboratory did"));
                    audit.decidesOnPatient(entry);
                    var _ =
                            decisions.override(
                                    key(item.row()),
                                    entry,
                                    Map.of(
                                            "withdrawal",
                                            switch (status) {
                                                case "X" -> "not obtained";
                                                case "unmet" -> "nothing withdrawn";
                                                default -> "wrong patient";
                                            }),
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
                    if (items().stream().noneMatch(one -> one.isSettledBy(id))
                            && unmet().stream().noneMatch(one -> one.isSettledBy(id)))
                        throw new IllegalArgumentException("nothing of the kind holds any more");
                    audit.decidesOnPatient(id);
                    var _ = decisions.undo(id, by);
                });
    }
}
