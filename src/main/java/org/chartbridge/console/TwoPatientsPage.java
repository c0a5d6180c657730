package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.OrdersOfOthers;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.chartbridge.console.Settling.On;
import org.chartbridge.journal.Overrides.Overridden;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Orders of one patient with results of another, on the page Unmatched until the results are where
 * they belong or a person says that it is right so (decision 58).
 */
@Controller
@RequestMapping("/unmatched/of-two")
class TwoPatientsPage {
    private final OrdersOfOthers orders;
    private final Persons persons;
    private final Settling settling;
    private final AuditTrail audit;

    TwoPatientsPage(OrdersOfOthers orders, Persons persons, Settling settling, AuditTrail audit) {
        this.orders = orders;
        this.persons = persons;
        this.settling = settling;
        this.audit = audit;
    }

    /** An order and a report. */
    record Item(
            OrdersOfOthers.Row row,
            PersonView ordered,
            PersonView reported,
            @Nullable Overridden settled)
            implements Settling.Item {}

    /** Open ones first. Whoever is shown was seen. */
    List<Item> items() {
        var found = new ArrayList<Item>();
        var rows = orders.since(settling.since());
        var known = settling.said(rows.stream().map(TwoPatientsPage::key).distinct().toList());
        for (var row : rows) {
            var ordered = persons.person(row.ordered());
            var reported = persons.person(row.reported());
            if (ordered.isEmpty() || reported.isEmpty()) continue;
            audit.seesIdentity(row.ordered());
            audit.seesIdentity(row.reported());
            found.add(new Item(row, ordered.get(), reported.get(), known.get(key(row))));
        }
        return Settling.openFirst(found.stream());
    }

    /** By the messages. */
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
        return settling.settle(On.PATIENTS, me, reason, said, () -> open(order, result));
    }

    private Settling.Subject open(long order, long result) {
        var one =
                items().stream()
                        .filter(Item::isOpen)
                        .map(Item::row)
                        .filter(row -> row.entryId() == order && row.resultEntry() == result)
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("it is not open any more"));
        return new Settling.Subject(key(one), order, Map.of("result", result));
    }

    /** Takes back what somebody said of it: it is open again. */
    @PostMapping("/undo/{id}")
    String undo(
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return settling.undo(On.PATIENTS, id, me, reason, said, () -> items().stream());
    }
}
