package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.ChartedEntries;
import org.chartbridge.chart.Persons;
import org.chartbridge.chart.Registrations;
import org.chartbridge.chart.WhoIsWho;
import org.chartbridge.delivery.DeliverySearch;
import org.chartbridge.delivery.NotedAnswers;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.NamedTree;
import org.chartbridge.hl7.Reading;
import org.chartbridge.journal.EntryView;
import org.chartbridge.journal.JournalSearch;
import org.chartbridge.journal.MessageParts;
import org.chartbridge.partner.RoutesOverview;
import org.springframework.beans.factory.ObjectProvider;
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

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One message: what became of it and why, its tree, its bytes, its answer, its facts. Opening it
 * reveals the patient, so it is written to the audit trail first.
 */
@Controller
class MessagePage {
    private final JournalSearch journal;
    private final ChartedEntries charted;
    private final Registrations registrations;
    private final WhoIsWho whoIsWho;
    private final Persons persons;
    private final AuditTrail audit;
    private final DeliverySearch deliveries;
    private final ObjectProvider<RoutesOverview> routes;
    private final ShownAlerts alerts;
    private final MessageParts parts;
    private final NotedAnswers answered;

    MessagePage(
            JournalSearch journal,
            ChartedEntries charted,
            Registrations registrations,
            WhoIsWho whoIsWho,
            Persons persons,
            AuditTrail audit,
            DeliverySearch deliveries,
            ObjectProvider<RoutesOverview> routes,
            ShownAlerts alerts,
            MessageParts parts,
            NotedAnswers answered) {
        this.journal = journal;
        this.charted = charted;
        this.registrations = registrations;
        this.whoIsWho = whoIsWho;
        this.persons = persons;
        this.audit = audit;
        this.deliveries = deliveries;
        this.routes = routes;
        this.alerts = alerts;
        this.parts = parts;
        this.answered = answered;
    }

    /** The parts of the page, each with an address of its own. */
    enum View {
        TREE("Message"),
        RAW("Raw"),
        ANSWER("Answer"),
        FACTS("Chart facts");

        private final String title;

        View(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }

        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        static View of(String word) {
            for (var view : values()) if (view.word().equals(word)) return view;
            return TREE;
        }
    }

    /**
     * How the bytes were read.
     *
     * @param declared MSH-18 as sent, empty when not sent
     * @param used the character set the text was read in
     * @param fault why they could not be read; empty when they could
     */
    record ReadAs(String declared, String used, String fault, List<TreeRow.Segment> tree) {}

    @GetMapping("/messages/{id}")
    String show(
            @PathVariable long id, @RequestParam(defaultValue = "tree") String view, Model model) {
        var entry = entry(id);
        audit.seesMessage(id);
        var chosen = View.of(view);
        var charset = partnerCharset(entry.partner());
        model.addAttribute("entry", entry);
        model.addAttribute("view", chosen);
        model.addAttribute("views", View.values());
        model.addAttribute("person", person(entry).orElse(null));
        model.addAttribute("alerts", person(entry).map(of -> alerts.of(of, id)).orElse(List.of()));
        model.addAttribute("deliveries", deliveries.ofEntry(id));
        model.addAttribute("chosen", deliveries.chosenOf(id));
        model.addAttribute("parts", parts.of(id));
        model.addAttribute("joinedInto", parts.joinedInto(id).orElse(null));
        model.addAttribute("answered", answered.of(id).orElse(null));
        model.addAttribute("patient", "");
        var raw = entry.raw();
        if (raw != null) {
            var reading = Message.read(raw, charset);
            if (reading instanceof Reading.Readable(var message))
                model.addAttribute("patient", new PatientInMessage(message).inWords());
            model.addAttribute("read", readAs(reading, chosen));
            if (chosen == View.RAW)
                model.addAttribute("raw", RawText.of(raw, charsetOf(reading, charset)));
        }
        if (chosen == View.ANSWER) answer(entry, charset, model);
        if (chosen == View.FACTS) {
            model.addAttribute("facts", charted.facts(id));
            model.addAttribute("said", registrations.said(id));
            var said = new ArrayList<>(whoIsWho.of(id));
            said.addAll(whoIsWho.filedOf(id));
            model.addAttribute("whoIsWho", said);
        }
        return "message";
    }

    /** The bytes as they came, as a file that no browser opens. */
    @GetMapping("/messages/{id}/raw")
    ResponseEntity<byte[]> raw(@PathVariable long id) {
        var bytes =
                journal.raw(id)
                        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        audit.seesMessage(id);
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("message-" + id + ".hl7")
                                .build()
                                .toString())
                .body(bytes);
    }

    private EntryView entry(long id) {
        return journal.entry(id)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    private Optional<java.util.UUID> person(EntryView entry) {
        var record = entry.recordId();
        return record == null ? Optional.empty() : persons.personOfRecord(record);
    }

    private static void answer(EntryView entry, Charset charset, Model model) {
        var answer = entry.answer();
        if (answer == null) return;
        var reading = Message.read(answer, charset);
        model.addAttribute("answerRead", readAs(reading, View.TREE));
        model.addAttribute("answerRaw", RawText.of(answer, charsetOf(reading, charset)));
    }

    private static ReadAs readAs(Reading reading, View view) {
        return switch (reading) {
            case Reading.Readable(var message) ->
                    new ReadAs(
                            String.join(", ", message.header().charsets()),
                            message.charset().name(),
                            "",
                            view == View.TREE ? TreeRow.of(NamedTree.of(message)) : List.of());
            case Reading.Unreadable(var fault) -> new ReadAs("", "", fault.text(), List.of());
        };
    }

    private static Charset charsetOf(Reading reading, Charset fallback) {
        return reading instanceof Reading.Readable(var message) ? message.charset() : fallback;
    }

    /** The partner's setting, as it is now; a partner who is gone is read as UTF-8. */
    private Charset partnerCharset(String folder) {
        var overview = routes.getIfAvailable();
        if (overview == null) return StandardCharsets.UTF_8;
        for (var state : overview.partners())
            if (state.partner().folder().equals(folder)) return state.partner().charset();
        return StandardCharsets.UTF_8;
    }
}
