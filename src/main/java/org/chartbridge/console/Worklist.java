package org.chartbridge.console;

import org.chartbridge.delivery.DeliverySearch;
import org.chartbridge.delivery.Outboxes;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.journal.EntryView;
import org.chartbridge.journal.JournalSearch;
import org.chartbridge.journal.Place;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What waits for a person: destinations that nothing leaves for, held and refused messages with
 * their reasons, and stray bytes.
 */
@Controller
class Worklist {
    static final int ROWS = 20;

    private final JournalSearch journal;
    private final DeliverySearch deliveries;
    private final ObjectProvider<Outboxes> outboxes;

    Worklist(JournalSearch journal, DeliverySearch deliveries, ObjectProvider<Outboxes> outboxes) {
        this.journal = journal;
        this.deliveries = deliveries;
        this.outboxes = outboxes;
    }

    /**
     * A message that stopped.
     *
     * @param patient masked, from the message itself; empty when it names none
     */
    record Item(EntryView entry, String patient) {}

    @GetMapping("/worklist")
    String show(
            @RequestParam(required = false) @Nullable Long below,
            @RequestParam(required = false) @Nullable Long above,
            Model model) {
        var place =
                below != null
                        ? new Place.Below(below)
                        : above != null ? new Place.Above(above) : new Place.Newest();
        var page = journal.needingAttention(place, ROWS);
        if (above != null && page.rows().size() < ROWS)
            page = journal.needingAttention(new Place.Newest(), ROWS);
        model.addAttribute("page", page);
        model.addAttribute(
                "destinations",
                below == null && above == null
                        ? DeliveriesPage.shown(deliveries, outboxes).stream()
                                .filter(ShownDestination::asksPerson)
                                .toList()
                        : List.of());
        model.addAttribute(
                "items",
                page.rows().stream()
                        .flatMap(row -> journal.entry(row.id()).stream())
                        .map(entry -> new Item(entry, patient(entry)))
                        .toList());
        return "worklist";
    }

    @GetMapping("/stray")
    String stray(@RequestParam(required = false) @Nullable Long below, Model model) {
        var place = new Place.Below(below == null ? Long.MAX_VALUE : below);
        var bytes = journal.stray(place, ROWS + 1);
        model.addAttribute("older", bytes.size() > ROWS);
        model.addAttribute(
                "stray",
                bytes.stream()
                        .limit(ROWS)
                        .map(
                                one ->
                                        new Stray(
                                                one,
                                                RawText.of(
                                                        one.excerpt(),
                                                        StandardCharsets.ISO_8859_1)))
                        .toList());
        return "stray";
    }

    /** Bytes that were no message, with their first ones to be looked at. */
    record Stray(org.chartbridge.journal.StrayView bytes, RawText excerpt) {}

    private static String patient(EntryView entry) {
        var raw = entry.raw();
        if (raw == null) return "";
        return Message.read(raw, StandardCharsets.UTF_8) instanceof Reading.Readable(var message)
                ? new PatientInMessage(message).masked()
                : "";
    }
}
