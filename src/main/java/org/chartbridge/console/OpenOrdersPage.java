package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.chartbridge.delivery.DeliverySearch;
import org.chartbridge.delivery.DeliverySearch.ChosenView;
import org.chartbridge.loops.ByHand;
import org.chartbridge.loops.Loop;
import org.chartbridge.loops.OpenList;
import org.chartbridge.loops.OpenLoops;
import org.chartbridge.loops.Overdue;
import org.chartbridge.loops.State;
import org.chartbridge.placing.Placing;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Orders and referrals that are not answered, the worst first, and each of them with its steps and
 * the messages behind them.
 */
@Controller
class OpenOrdersPage {
    /** Rows on a page; the file has all. */
    static final int ROWS = 50;

    private final OpenList list;
    private final OpenLoops loops;
    private final Overdue overdue;
    private final Persons persons;
    private final AuditTrail audit;
    private final ShownTimes times;
    private final DeliverySearch deliveries;
    private final Placing placing;
    private final Clock clock = Clock.systemUTC();

    OpenOrdersPage(
            OpenList list,
            OpenLoops loops,
            Overdue overdue,
            Persons persons,
            AuditTrail audit,
            ShownTimes times,
            DeliverySearch deliveries,
            Placing placing) {
        this.list = list;
        this.loops = loops;
        this.overdue = overdue;
        this.persons = persons;
        this.audit = audit;
        this.times = times;
        this.deliveries = deliveries;
        this.placing = placing;
    }

    /** A row. */
    record Item(Loop loop, Optional<PersonView> person, boolean overdue) {}

    /** A state and how many are in it. */
    record Count(State state, int count) {}

    @GetMapping("/open-orders")
    String list(
            @RequestParam(defaultValue = "") String show,
            @RequestParam(defaultValue = "") String partner,
            @RequestParam(defaultValue = "") String period,
            @RequestParam(defaultValue = "0") int from,
            Model model) {
        audit.searchesPatients();
        var filter = OpenOrdersFilter.of(show, partner, period);
        var now = clock.instant();
        var found = open(filter, now);
        var all = found.loops();
        var counts = new TreeMap<State, Integer>();
        for (var loop : all) counts.merge(loop.state(), 1, Integer::sum);
        boolean closed = show.equals(State.CLOSED.id());
        var wanted =
                (closed ? loops.closedByHand(ROWS) : all)
                        .stream().filter(loop -> filter.takes(loop, now)).toList();
        int first = Math.clamp(from, 0, Math.max(0, wanted.size() - 1)) / ROWS * ROWS;
        model.addAttribute("filter", filter);
        model.addAttribute("periods", OpenOrdersFilter.Period.values());
        model.addAttribute("all", all.size());
        model.addAttribute("act", all.stream().filter(loop -> loop.state().mustAct()).count());
        model.addAttribute("late", all.stream().filter(loop -> loop.isOverdue(now)).count());
        model.addAttribute("referrals", all.stream().filter(Loop::referral).count());
        model.addAttribute(
                "counts",
                counts.entrySet().stream()
                        .map(one -> new Count(one.getKey(), one.getValue()))
                        .toList());
        model.addAttribute(
                "partners",
                all.stream()
                        .flatMap(loop -> java.util.stream.Stream.of(loop.performer(), loop.asker()))
                        .filter(one -> !one.isEmpty())
                        .distinct()
                        .sorted()
                        .toList());
        model.addAttribute(
                "items",
                current(
                        wanted.subList(first, Math.min(first + ROWS, wanted.size())),
                        closed ? now : found.asOf(),
                        now));
        model.addAttribute("closed", State.CLOSED);
        model.addAttribute("wanted", wanted.size());
        model.addAttribute("first", first);
        model.addAttribute("next", first + ROWS < wanted.size() ? first + ROWS : -1);
        model.addAttribute("cut", found.cut());
        model.addAttribute("asOf", found.asOf().isBefore(now) ? found.asOf() : null);
        model.addAttribute("back", OpenList.BACK.toDays());
        return "open-orders";
    }

    private OpenList.Found open(OpenOrdersFilter filter, Instant now) {
        var since = now.minus(Duration.ofDays(filter.period().days()));
        return list.open(since, now);
    }

    /** Rows of an older list are read anew. */
    private List<Item> current(List<Loop> rows, Instant asOf, Instant now) {
        var shown = asOf.isBefore(now) ? list.now(rows) : rows;
        var known = new HashMap<UUID, PersonView>();
        for (var person : persons.persons(shown.stream().map(Loop::person).distinct().toList()))
            known.put(person.id(), person);
        return shown.stream()
                .map(
                        loop ->
                                new Item(
                                        loop,
                                        Optional.ofNullable(known.get(loop.person())),
                                        loop.isOverdue(now)))
                .toList();
    }

    @GetMapping("/open-orders.csv")
    ResponseEntity<byte[]> csv(
            @RequestParam(defaultValue = "") String show,
            @RequestParam(defaultValue = "") String partner,
            @RequestParam(defaultValue = "") String period) {
        audit.searchesPatients();
        var filter = OpenOrdersFilter.of(show, partner, period);
        var now = clock.instant();
        var file = new CsvFile();
        file.row(
                "kind",
                "number",
                "test or service",
                "state",
                "why",
                "since",
                "ordered",
                "expected",
                "overdue",
                "from",
                "to",
                "priority",
                "clinician",
                "patient id");
        for (var loop : open(filter, now).loops()) {
            if (!filter.takes(loop, now)) continue;
            var expected = loop.expected();
            file.row(
                    loop.referral() ? "referral" : "order",
                    loop.number(),
                    loop.service().text().isEmpty() ? loop.service().code() : loop.service().text(),
                    loop.state().word(),
                    loop.why(),
                    iso(loop.since()),
                    iso(loop.ordered()),
                    iso(expected == null ? null : expected.until()),
                    loop.isOverdue(now) ? "yes" : "no",
                    loop.asker(),
                    loop.performer(),
                    loop.priority(),
                    loop.clinician(),
                    loop.person());
        }
        return ResponseEntity.ok()
                .contentType(new MediaType("text", "csv", StandardCharsets.UTF_8))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("open-orders.csv")
                                .build()
                                .toString())
                .body(file.toString().getBytes(StandardCharsets.UTF_8));
    }

    private String iso(@Nullable Instant time) {
        return time == null ? "" : times.iso(time);
    }

    @GetMapping("/open-orders/order/{id}")
    String order(@PathVariable long id, Model model) {
        return show(loops.order(id), model);
    }

    @GetMapping("/open-orders/referral/{id}")
    String referral(@PathVariable long id, Model model) {
        return show(loops.referral(id), model);
    }

    /** Why its deliveries went where they went, by their id. */
    private Map<Long, ChosenView> chosen(Loop loop) {
        var all = new HashMap<Long, ChosenView>();
        var number = loop.number().replaceFirst("\\^.*", "");
        for (var step : loop.steps()) {
            if (step.deliveryId() == 0 || all.containsKey(step.deliveryId())) continue;
            for (var one : deliveries.chosen(step.deliveryId()))
                if (one.chosen().number().equals(number)) all.put(step.deliveryId(), one);
        }
        return all;
    }

    private String show(Optional<Loop> found, Model model) {
        var loop =
                found.orElseThrow(
                        () ->
                                new ResponseStatusException(
                                        HttpStatus.NOT_FOUND, "no order or referral has this id"));
        audit.seesIdentity(loop.person());
        model.addAttribute("loop", loop);
        model.addAttribute("person", persons.person(loop.person()));
        model.addAttribute("overdue", loop.isOverdue(clock.instant()));
        model.addAttribute("chosen", chosen(loop));
        model.addAttribute("raised", overdue.raised(loop));
        model.addAttribute(
                "opened", loop.steps().stream().anyMatch(step -> step.words().startsWith("Seen")));
        model.addAttribute("reasons", ByHand.Why.values());
        var known = ByHand.known(loop);
        model.addAttribute("seen", known.hashCode());
        model.addAttribute("known", !known.isEmpty());
        model.addAttribute("ours", !loop.referral() && placing.isOurs(loop.asker(), false));
        return "open-order";
    }
}
