package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.chartbridge.chart.WithoutOrderer;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Results of which nobody is known who ordered them, for whoever looks after such: until one says
 * what becomes of them. That stands in the journal and can be taken back.
 */
@Controller
@RequestMapping("/pool")
class PoolPage {
    /** Results charted before that are listed no more. */
    private static final Duration LISTED_FOR = Duration.ofDays(30);

    private static final int TAKEN_ROWS = 20;

    private final WithoutOrderer pool;
    private final ClinicProviders clinic;
    private final Overrides taken;
    private final AlertDecisions decisions;
    private final Persons persons;
    private final AuditTrail audit;
    private final Clock clock;

    PoolPage(
            WithoutOrderer pool,
            ClinicProviders clinic,
            Overrides taken,
            AlertDecisions decisions,
            Persons persons,
            AuditTrail audit,
            Clock clock) {
        this.pool = pool;
        this.clinic = clinic;
        this.taken = taken;
        this.decisions = decisions;
        this.persons = persons;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * A report and its patient.
     *
     * @param why it is here
     * @param perhaps who of the clinic's list has the name that is given; empty when nobody has
     * @param taken who said what becomes of it; null while it is open
     */
    record Item(
            WithoutOrderer.Row row,
            PersonView person,
            String why,
            String perhaps,
            @Nullable Overridden taken) {}

    @GetMapping
    String list(Model model) {
        var rows = rows();
        var known = taken(rows);
        model.addAttribute(
                "open", items(rows.stream().filter(row -> !known.containsKey(key(row))), known));
        model.addAttribute(
                "taken",
                items(
                        rows.stream().filter(row -> known.containsKey(key(row))).limit(TAKEN_ROWS),
                        known));
        model.addAttribute("days", LISTED_FOR.toDays());
        model.addAttribute("full", rows.size() == WithoutOrderer.MAX_ROWS);
        return "pool";
    }

    private List<WithoutOrderer.Row> rows() {
        var list = clinic.listed();
        return pool.since(clock.instant().minus(LISTED_FOR), list).stream()
                .filter(row -> !clinic.reaches(row, list))
                .limit(WithoutOrderer.MAX_ROWS)
                .toList();
    }

    private Map<String, Overridden> taken(List<WithoutOrderer.Row> rows) {
        return taken.of(rows.stream().map(PoolPage::key).toList());
    }

    private static String key(WithoutOrderer.Row row) {
        return "pool-" + row.key();
    }

    private List<Item> items(Stream<WithoutOrderer.Row> rows, Map<String, Overridden> known) {
        var items = new ArrayList<Item>();
        var list = clinic.listed();
        rows.forEach(
                row -> {
                    var person = persons.person(row.person());
                    if (person.isEmpty()) return;
                    audit.seesIdentity(row.person());
                    items.add(
                            new Item(
                                    row,
                                    person.get(),
                                    clinic.why(row.named(), row, list),
                                    clinic.perhaps(row.named()).orElse(""),
                                    known.get(key(row))));
                });
        return items;
    }

    /** Takes one out of the pool. */
    @PostMapping("/{key}")
    String take(
            @PathVariable String key,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return Posted.to(
                "/pool",
                "done",
                said,
                () -> {
                    var by = new By(me.getName(), reason);
                    var row =
                            rows().stream()
                                    .filter(one -> one.key().equals(key))
                                    .findFirst()
                                    .orElseThrow(
                                            () ->
                                                    new IllegalArgumentException(
                                                            "it is not in the pool any more:"
                                                                + " somebody is named now, or it"
                                                                + " was withdrawn"));
                    audit.decidesOnAlert(row.person(), row.entryId());
                    var _ =
                            decisions.override(
                                    key(row), row.entryId(), Map.of("pool", row.key()), by);
                });
    }

    /** Puts one back. */
    @PostMapping("/undo/{id}")
    String undo(
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return Posted.to(
                "/pool",
                "undone",
                said,
                () -> {
                    var by = new By(me.getName(), reason);
                    if (taken(rows()).values().stream().noneMatch(one -> one.entryId() == id))
                        throw new IllegalArgumentException("nothing of the kind holds any more");
                    audit.decidesOnPatient(id);
                    var _ = decisions.undo(id, by);
                });
    }
}
