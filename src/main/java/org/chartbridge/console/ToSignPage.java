package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.FinalReports;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.chartbridge.console.Signing.Signed;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriComponentsBuilder;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/**
 * Final reports that nobody has signed as they stand, the worst first: critical ones, what changed
 * since it was signed, then those that wait longest. Shows no value: one signs what one sees, on
 * the chart page. Computed when read.
 */
@Controller
class ToSignPage {
    /** Reports charted before that are listed no more. */
    static final Duration LISTED_FOR = Duration.ofDays(90);

    /** Rows on a page. */
    static final int ROWS = 50;

    private final FinalReports reports;
    private final Signing signing;
    private final Persons persons;
    private final AuditTrail audit;
    private final Clock clock;

    ToSignPage(
            FinalReports reports, Signing signing, Persons persons, AuditTrail audit, Clock clock) {
        this.reports = reports;
        this.signing = signing;
        this.persons = persons;
        this.audit = audit;
        this.clock = clock;
    }

    /** A report and how it stands. */
    record Item(FinalReports.Row row, Signed signed) {
        private int rank() {
            return row.isCritical() ? 0 : signed.isOutdated() ? 1 : 2;
        }
    }

    /** The same, with whose it is. */
    record Shown(Item item, PersonView person) {}

    /** Somebody who orders, and how many of theirs are open; the name is empty for nobody. */
    record Orderer(String name, int count) {
        public String address() {
            return to(name, 0);
        }
    }

    @GetMapping("/to-sign")
    String list(
            @RequestParam(required = false) @Nullable String orderer,
            @RequestParam(defaultValue = "0") int from,
            Model model) {
        var rows = reports.since(clock.instant().minus(LISTED_FOR));
        var open = open(rows);
        var counts = new TreeMap<String, Integer>(String.CASE_INSENSITIVE_ORDER);
        for (var item : open) counts.merge(item.row().orderer(), 1, Integer::sum);
        var wanted =
                open.stream()
                        .filter(
                                item ->
                                        orderer == null
                                                || item.row().orderer().equalsIgnoreCase(orderer))
                        .toList();
        int first = Math.clamp(from, 0, Math.max(0, wanted.size() - 1)) / ROWS * ROWS;
        model.addAttribute("all", open.size());
        model.addAttribute("orderer", orderer);
        model.addAttribute(
                "orderers",
                counts.entrySet().stream()
                        .map(one -> new Orderer(one.getKey(), one.getValue()))
                        .toList());
        model.addAttribute(
                "items", shown(wanted.subList(first, Math.min(first + ROWS, wanted.size()))));
        model.addAttribute("wanted", wanted.size());
        model.addAttribute("first", first);
        model.addAttribute("before", first > 0 ? to(orderer, first - ROWS) : null);
        model.addAttribute(
                "after", first + ROWS < wanted.size() ? to(orderer, first + ROWS) : null);
        model.addAttribute("days", LISTED_FOR.toDays());
        model.addAttribute("full", rows.size() == FinalReports.MAX_ROWS);
        return "to-sign";
    }

    private static String to(@Nullable String orderer, int from) {
        var address = UriComponentsBuilder.fromPath("/to-sign");
        if (orderer != null) address.queryParam("orderer", "{orderer}");
        if (from > 0) address.queryParam("from", from);
        return (orderer == null ? address.build() : address.encode().buildAndExpand(orderer))
                .toUriString();
    }

    private List<Item> open(List<FinalReports.Row> rows) {
        var signed = signing.of(rows);
        var open = new ArrayList<Item>();
        for (var row : rows) {
            var its = signed.get(row.series());
            if (its != null && its.open()) open.add(new Item(row, its));
        }
        open.sort(
                Comparator.comparingInt(Item::rank)
                        .thenComparing(item -> item.row().changedAt())
                        .thenComparingLong(item -> item.row().series()));
        return open;
    }

    private List<Shown> shown(List<Item> items) {
        var shown = new ArrayList<Shown>();
        for (var item : items) {
            var person = persons.person(item.row().person());
            if (person.isEmpty()) continue;
            audit.seesIdentity(item.row().person());
            shown.add(new Shown(item, person.get()));
        }
        return shown;
    }
}
