package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.Persons;
import org.chartbridge.chart.RecordView;
import org.chartbridge.journal.EntryState;
import org.chartbridge.journal.JournalSearch;
import org.chartbridge.journal.KnownReason;
import org.chartbridge.journal.Place;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** All messages, newest first, with filters that stand in the address. */
@Controller
class MessageList {
    static final int ROWS = 50;

    private final JournalSearch journal;
    private final Persons persons;
    private final AuditTrail audit;
    private final ShownTimes times;

    MessageList(JournalSearch journal, Persons persons, AuditTrail audit, ShownTimes times) {
        this.journal = journal;
        this.persons = persons;
        this.audit = audit;
        this.times = times;
    }

    @GetMapping("/messages")
    String list(
            MessageSearch search,
            @RequestParam(required = false) @Nullable Long below,
            @RequestParam(required = false) @Nullable Long above,
            Model model) {
        var filter = search.filter(times.zone(), records(search));
        var place =
                below != null
                        ? new Place.Below(below)
                        : above != null ? new Place.Above(above) : new Place.Newest();
        var page = journal.page(filter, place, ROWS);
        // Coming up from below, an unfilled page is the newest: show it in full.
        if (above != null && page.rows().size() < ROWS)
            page = journal.page(filter, new Place.Newest(), ROWS);
        model.addAttribute("search", search);
        model.addAttribute("page", page);
        model.addAttribute("counts", journal.counts(filter));
        model.addAttribute("states", EntryState.values());
        model.addAttribute("partners", journal.partners());
        model.addAttribute("types", journal.types());
        model.addAttribute(
                "reasons", Arrays.stream(KnownReason.values()).map(KnownReason::id).toList());
        return "messages";
    }

    @GetMapping("/messages.csv")
    ResponseEntity<byte[]> csv(MessageSearch search) {
        audit.exportsMessages();
        var file = new CsvFile();
        file.row(
                "entry",
                "received",
                "state",
                "partner",
                "route",
                "sender",
                "type",
                "control id",
                "patient (masked)",
                "answer",
                "bytes",
                "repeats",
                "settled",
                "reason");
        for (var row : journal.export(search.filter(times.zone(), records(search)))) {
            var settled = row.settledAt();
            file.row(
                    row.id(),
                    times.iso(row.receivedAt()),
                    row.state().word(),
                    row.partner(),
                    row.route(),
                    row.sender(),
                    row.type(),
                    row.controlId(),
                    row.patient(),
                    row.answerCode(),
                    row.sizeBytes(),
                    row.repeats(),
                    settled == null ? "" : times.iso(settled),
                    row.reason());
        }
        return ResponseEntity.ok()
                .contentType(new MediaType("text", "csv", StandardCharsets.UTF_8))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename("messages.csv").build().toString())
                .body(file.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Those of the patient asked for: null for any patient, empty for one who does not exist. */
    private @Nullable List<Long> records(MessageSearch search) {
        if (search.patient().isEmpty()) return null;
        var person = search.patientOrNull();
        if (person == null) return List.of();
        return persons.person(person)
                .map(found -> found.records().stream().map(RecordView::id).toList())
                .orElse(List.of());
    }
}
