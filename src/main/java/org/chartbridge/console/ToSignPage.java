package org.chartbridge.console;

import org.chartbridge.chart.PersonView;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.util.UriComponentsBuilder;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Final reports that nobody has signed as they stand, the worst first: critical ones, what changed
 * since it was signed, then those that wait longest. Shows no value: one signs what one sees, on
 * the chart page.
 */
@Controller
class ToSignPage {
    /** Rows on a page. */
    static final int ROWS = 50;

    private final ToSign reports;
    private final ListedPersons persons;

    ToSignPage(ToSign reports, ListedPersons persons) {
        this.reports = reports;
        this.persons = persons;
    }

    /** The same, with whose it is. */
    record Shown(ToSign.Item item, PersonView person) {}

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
        var found = reports.find();
        var open = found.open();
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
        model.addAttribute("days", ToSign.LISTED_FOR.toDays());
        model.addAttribute("full", found.full());
        return "to-sign";
    }

    private static String to(@Nullable String orderer, int from) {
        var address = UriComponentsBuilder.fromPath("/to-sign");
        if (orderer != null) address.queryParam("orderer", "{orderer}");
        if (from > 0) address.queryParam("from", from);
        return (orderer == null ? address.build() : address.encode().buildAndExpand(orderer))
                .toUriString();
    }

    private List<Shown> shown(List<ToSign.Item> items) {
        var known = persons.of(items.stream().map(item -> item.row().person()).toList());
        var shown = new ArrayList<Shown>();
        for (var item : items) {
            var person = known.get(item.row().person());
            if (person != null) shown.add(new Shown(item, person));
        }
        return shown;
    }
}
