package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.OrdersOfOthers;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Orders of one patient with results of another, on the page Unmatched until the results are where
 * they belong or a person says that it is right so, with a reason that stands in the journal and
 * can be taken back (decision 58).
 */
@Controller
@RequestMapping("/unmatched/of-two")
class TwoPatientsPage {
    /** Orders before that are listed no more. */
    private static final Duration LISTED_FOR = Duration.ofDays(90);

    private final OrdersOfOthers orders;
    private final Persons persons;
    private final Overrides settled;
    private final AlertDecisions decisions;
    private final AuditTrail audit;
    private final Clock clock;

    TwoPatientsPage(
            OrdersOfOthers orders,
            Persons persons,
            Overrides settled,
            AlertDecisions decisions,
            AuditTrail audit,
            Clock clock) {
        this.orders = orders;
        this.persons = persons;
        this.settled = settled;
        this.decisions = decisions;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * An order and a report.
     *
     * @param settled who said that it is right so; null while it is open
     */
    record Item(
            OrdersOfOthers.Row row,
            PersonView ordered,
            PersonView reported,
            @Nullable Overridden settled) {
        public boolean isOpen() {
            return settled == null;
        }

        private boolean isSettledBy(long decision) {
            return settled != null && settled.entryId() == decision;
        }
    }

    /** Open ones first. Whoever is shown was seen. */
    List<Item> items() {
        var found = new ArrayList<Item>();
        var rows = orders.since(clock.instant().minus(LISTED_FOR));
        var known = settled.of(rows.stream().map(TwoPatientsPage::key).distinct().toList());
        for (var row : rows) {
            var ordered = persons.person(row.ordered());
            var reported = persons.person(row.reported());
            if (ordered.isEmpty() || reported.isEmpty()) continue;
            audit.seesIdentity(row.ordered());
            audit.seesIdentity(row.reported());
            found.add(new Item(row, ordered.get(), reported.get(), known.get(key(row))));
        }
        found.sort(Comparator.comparing((Item item) -> !item.isOpen()));
        return found;
    }

    /** By the messages: entries keep their number when facts are written anew. */
    private static String key(OrdersOfOthers.Row row) {
        return "of-two-" + row.entryId() + "-" + row.resultEntry();
    }

    @PostMapping("/{order}/{result}")
    String settle(
            @PathVariable long order,
            @PathVariable long result,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return Posted.to(
                "/unmatched",
                "settled",
                said,
                () -> {
                    var by = new By(me.getName(), reason);
                    var one =
                            items().stream()
                                    .filter(Item::isOpen)
                                    .filter(item -> item.row().entryId() == order)
                                    .filter(item -> item.row().resultEntry() == result)
                                    .findFirst()
                                    .orElseThrow(
                                            () ->
                                                    new IllegalArgumentException(
                                                            "it is not open any more"));
                    audit.decidesOnPatient(order);
                    var _ = decisions.override(key(one.row()), order, Map.of("result", result), by);
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
