package org.chartbridge.console;

import org.chartbridge.delivery.DeliverySearch;
import org.chartbridge.delivery.Outboxes;
import org.chartbridge.journal.EntryState;
import org.chartbridge.journal.JournalFilter;
import org.chartbridge.journal.JournalRow;
import org.chartbridge.journal.JournalSearch;
import org.chartbridge.journal.Place;
import org.chartbridge.partner.RoutesOverview;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** The first page: what runs, what came today, what needs somebody. */
@Controller
class Overview {
    private static final int NEWEST = 8;
    private static final int TROUBLE_READ = 200;
    private static final int TROUBLE_SHOWN = 8;

    /** Refused messages and stray bytes older than this no longer ask for attention. */
    private static final Duration TROUBLE_AGE = Duration.ofDays(7);

    private final JournalSearch journal;
    private final ObjectProvider<RoutesOverview> routes;
    private final DeliverySearch deliveries;
    private final ObjectProvider<Outboxes> outboxes;
    private final ShownTimes times;

    Overview(
            JournalSearch journal,
            ObjectProvider<RoutesOverview> routes,
            DeliverySearch deliveries,
            ObjectProvider<Outboxes> outboxes,
            ShownTimes times) {
        this.journal = journal;
        this.routes = routes;
        this.deliveries = deliveries;
        this.outboxes = outboxes;
        this.times = times;
    }

    /**
     * Messages that stopped for the same reason.
     *
     * @param latest the newest of them
     */
    record Trouble(EntryState state, String reason, String partner, int count, JournalRow latest) {}

    @GetMapping("/")
    String show(Model model) {
        var midnight = LocalDate.now(times.zone()).atStartOfDay(times.zone()).toInstant();
        var newest = journal.page(JournalFilter.ALL, new Place.Newest(), NEWEST).rows();
        model.addAttribute("newest", newest);
        model.addAttribute("counts", journal.counts(JournalFilter.ALL.from(midnight)));
        model.addAttribute("states", EntryState.values());
        model.addAttribute("held", journal.count(EntryState.HELD));
        model.addAttribute("waiting", journal.count(EntryState.RECEIVED));
        model.addAttribute("troubles", troubles());
        model.addAttribute(
                "stray",
                journal.stray(new Place.Below(Long.MAX_VALUE), TROUBLE_SHOWN).stream()
                        .filter(bytes -> isRecent(bytes.receivedAt()))
                        .toList());
        var destinations = DeliveriesPage.shown(deliveries, outboxes);
        model.addAttribute("destinations", destinations);
        model.addAttribute(
                "hindered", destinations.stream().filter(ShownDestination::asksPerson).toList());
        var overview = routes.getIfAvailable();
        model.addAttribute("partners", overview == null ? List.of() : overview.partners());
        model.addAttribute("ports", overview == null ? List.of() : overview.ports());
        model.addAttribute("faults", overview == null ? List.of() : overview.faults());
        return "overview";
    }

    private List<Trouble> troubles() {
        var groups = new LinkedHashMap<String, Trouble>();
        for (var row : journal.needingAttention(new Place.Newest(), TROUBLE_READ).rows()) {
            if (row.state() == EntryState.REFUSED && !isRecent(row.receivedAt())) continue;
            groups.merge(
                    row.state() + "|" + row.partner() + "|" + row.reason(),
                    new Trouble(row.state(), row.reason(), row.partner(), 1, row),
                    (known, one) ->
                            new Trouble(
                                    known.state(),
                                    known.reason(),
                                    known.partner(),
                                    known.count() + 1,
                                    known.latest()));
        }
        var all = new ArrayList<>(groups.values());
        return all.size() > TROUBLE_SHOWN ? all.subList(0, TROUBLE_SHOWN) : all;
    }

    private static boolean isRecent(Instant time) {
        return time.isAfter(Instant.now().minus(TROUBLE_AGE));
    }
}
