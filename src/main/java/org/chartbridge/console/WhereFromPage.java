package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.ChartedEntries;
import org.chartbridge.intake.Explain;
import org.chartbridge.intake.Explain.Explanation;
import org.chartbridge.journal.EntryView;
import org.chartbridge.journal.JournalSearch;
import org.chartbridge.journal.MessageParts;
import org.chartbridge.mapping.Explained;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

import java.util.List;
import java.util.UUID;

/**
 * Where each value of a message comes from: for analysts all facts of the message, for clinicians
 * the one they follow from a chart.
 */
@Controller
class WhereFromPage {
    /** Facts that are listed beside the chosen one. */
    static final int MAX_FACTS = 300;

    private final JournalSearch journal;
    private final Explain explain;
    private final ChartedEntries charted;
    private final AuditTrail audit;
    private final MessageParts parts;

    WhereFromPage(
            JournalSearch journal,
            Explain explain,
            ChartedEntries charted,
            AuditTrail audit,
            MessageParts parts) {
        this.journal = journal;
        this.explain = explain;
        this.charted = charted;
        this.audit = audit;
        this.parts = parts;
    }

    @GetMapping("/messages/{id}/from")
    String ofMessage(
            @PathVariable long id, @RequestParam(defaultValue = "") String fact, Model model) {
        var entry = entry(id);
        audit.seesMessage(id);
        var explanation = explain.of(entry).orElse(null);
        var facts = explanation == null ? List.<Explained>of() : explanation.facts();
        model.addAttribute("facts", facts.subList(0, Math.min(MAX_FACTS, facts.size())));
        model.addAttribute("leftOut", Math.max(0, facts.size() - MAX_FACTS));
        model.addAttribute("person", null);
        model.addAttribute("parts", parts.of(id));
        return page(entry, explanation, fact, model);
    }

    /** Of one value in the person's chart, and of nothing else in its message. */
    @GetMapping("/patients/{person}/from/{id}")
    String ofPatient(
            @PathVariable UUID person,
            @PathVariable long id,
            @RequestParam String fact,
            Model model) {
        var entry = entry(id);
        if (!isOf(person, id, fact)) throw new ResponseStatusException(HttpStatus.NOT_FOUND);
        audit.seesPatient(person);
        model.addAttribute("facts", List.of());
        model.addAttribute("leftOut", 0);
        model.addAttribute("person", person);
        model.addAttribute("parts", List.of());
        return page(entry, explain.of(entry).orElse(null), fact, model);
    }

    /** Whether it is a value in this person's chart; a message may be about others, too. */
    private boolean isOf(UUID person, long entryId, String path) {
        for (var report : charted.facts(entryId).reports())
            if (report.personId().equals(person))
                for (var value : report.observations())
                    // The text of what was withdrawn is empty.
                    if (value.path().equals(path) && !value.valueText().isEmpty()) return true;
        return false;
    }

    private static String page(
            EntryView entry, @Nullable Explanation explanation, String path, Model model) {
        model.addAttribute("entry", entry);
        model.addAttribute("explanation", explanation);
        var shown =
                explanation == null
                        ? List.<ShownFact>of()
                        : chosen(explanation.facts(), path).stream()
                                .map(fact -> ShownFact.of(fact, explanation))
                                .toList();
        model.addAttribute("chosen", path);
        model.addAttribute("shown", shown);
        return "where-from";
    }

    /** All facts at a path; the first that is about a value where none is asked for. */
    private static List<Explained> chosen(List<Explained> facts, String path) {
        if (!path.isEmpty())
            return facts.stream().filter(fact -> fact.path().equals(path)).toList();
        for (var fact : facts) if (fact.kind().equals("Observation")) return List.of(fact);
        return facts.isEmpty() ? List.of() : List.of(facts.getFirst());
    }

    private EntryView entry(long id) {
        return journal.entry(id)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
