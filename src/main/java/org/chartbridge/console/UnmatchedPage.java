package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.access.Sightings;
import org.chartbridge.chart.Candidates;
import org.chartbridge.chart.HoldReason;
import org.chartbridge.chart.PatientClaim;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.chartbridge.chart.UnidentifiedPatients;
import org.chartbridge.chart.WhoIsWho;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.intake.Decisions;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.intake.Decisions.NotPossible;
import org.chartbridge.journal.DecisionStore;
import org.chartbridge.journal.DecisionStore.Meanwhile;
import org.chartbridge.journal.EntryState;
import org.chartbridge.journal.EntryView;
import org.chartbridge.journal.JournalSearch;
import org.chartbridge.journal.Unmatched;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Patients whom messages wait for: who is named, beside whom it could be. What a person decides
 * needs a reason, stands in the journal and the audit trail, and can be taken back.
 */
@Controller
@RequestMapping("/unmatched")
class UnmatchedPage {
    private static final int DECISIONS = 20;

    private final Unmatched unmatched;
    private final JournalSearch journal;
    private final Candidates candidates;
    private final Decisions decisions;
    private final DecisionStore decided;
    private final AuditTrail audit;
    private final UnidentifiedPatients unidentified;
    private final WithdrawnPage withdrawn;
    private final CorrectedIsolatesPage isolates;
    private final WhoIsWho whoIsWho;
    private final MatchAgainPage again;
    private final Sightings sightings;
    private final Persons persons;
    private final TwoPatientsPage ofTwo;
    private final SameNumberPage sameNumber;

    UnmatchedPage(
            Unmatched unmatched,
            JournalSearch journal,
            Candidates candidates,
            Decisions decisions,
            DecisionStore decided,
            AuditTrail audit,
            UnidentifiedPatients unidentified,
            WithdrawnPage withdrawn,
            CorrectedIsolatesPage isolates,
            WhoIsWho whoIsWho,
            MatchAgainPage again,
            Sightings sightings,
            Persons persons,
            TwoPatientsPage ofTwo,
            SameNumberPage sameNumber) {
        this.unmatched = unmatched;
        this.journal = journal;
        this.candidates = candidates;
        this.decisions = decisions;
        this.decided = decided;
        this.audit = audit;
        this.unidentified = unidentified;
        this.withdrawn = withdrawn;
        this.isolates = isolates;
        this.whoIsWho = whoIsWho;
        this.again = again;
        this.sightings = sightings;
        this.persons = persons;
        this.ofTwo = ofTwo;
        this.sameNumber = sameNumber;
    }

    /** A claim that waits, its patient masked. */
    record Item(Unmatched.Row row, EntryView entry, String patient) {}

    /**
     * A move that waits for a visit.
     *
     * @param number of the visit or account
     * @param had the number of whom it says had it
     */
    record Move(String number, String had, List<WhoIsWho.VisitNow> visits) {}

    /**
     * Results under another patient's order.
     *
     * @param named the record of whom the message names; null for somebody who is not in the chart
     * @param ordered for whom the orders are
     */
    record Ordered(@Nullable Long named, List<String> numbers, List<PersonView> ordered) {
        Ordered {
            numbers = List.copyOf(numbers);
            ordered = List.copyOf(ordered);
        }
    }

    @GetMapping
    String list(Model model) {
        model.addAttribute(
                "items",
                unmatched.rows().stream()
                        .flatMap(
                                row ->
                                        journal
                                                .entry(row.firstEntry())
                                                .map(e -> new Item(row, e, masked(e)))
                                                .stream())
                        .toList());
        model.addAttribute("withdrawn", withdrawn.items());
        model.addAttribute("isolates", isolates.items());
        model.addAttribute("ofTwo", ofTwo.items());
        model.addAttribute("sameNumber", sameNumber.items());
        model.addAttribute("unmet", withdrawn.unmet());
        var doubted = again.items();
        doubted.forEach(one -> audit.seesIdentity(one.row().person()));
        model.addAttribute("again", doubted);
        model.addAttribute("unidentified", unidentified.rows());
        model.addAttribute("decisions", decided.newest(DECISIONS));
        model.addAttribute("meanwhile", meanwhile(model));
        return "unmatched";
    }

    /** After an undo: what people did while what is taken back held, for a person to place. */
    private Meanwhile meanwhile(Model model) {
        return model.getAttribute("undone") instanceof Long undo
                ? decided.meanwhile(undo)
                : Meanwhile.NOTHING;
    }

    /** What an undo or a split found that was done meanwhile, to be placed by a person. */
    @GetMapping("/undo/{id}")
    String undone(@PathVariable long id, Model model) {
        var view =
                decided.find(id)
                        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        var meanwhile = decided.meanwhile(id);
        model.addAttribute("view", view);
        model.addAttribute("here", id);
        model.addAttribute("whoIsWho", whoIsWho.of(id));
        model.addAttribute("meanwhile", meanwhile);
        model.addAttribute("deeds", deeds(meanwhile, view.decision().at()));
        model.addAttribute(
                "made",
                meanwhile.decisions().stream().flatMap(one -> decided.find(one).stream()).toList());
        model.addAttribute(
                "left",
                meanwhile.left().stream().flatMap(one -> journal.entry(one).stream()).toList());
        return "unmatched-undone";
    }

    /** What people did with the charts of what was joined, while it was. */
    private List<Sightings.Deed> deeds(Meanwhile meanwhile, Instant until) {
        var since = meanwhile.since();
        return since == null ? List.of() : sightings.deeds(meanwhile.persons(), since, until);
    }

    private static String masked(EntryView entry) {
        var raw = entry.raw();
        if (raw == null) return "";
        return Message.read(raw, StandardCharsets.UTF_8) instanceof Reading.Readable(var message)
                ? new PatientInMessage(message).masked()
                : "";
    }

    @GetMapping("/{id}")
    String one(@PathVariable long id, Model model) {
        var entry =
                journal.entry(id)
                        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        audit.seesMessage(id);
        model.addAttribute("entry", entry);
        model.addAttribute("decisions", decided.about(id));
        model.addAttribute("waits", entry.state() == EntryState.HELD);
        if (entry.state() != EntryState.HELD) return "unmatched-one";
        try {
            var claim = decisions.named(id);
            model.addAttribute("claim", claim);
            var had = unmatched.hadVisit(id);
            var ordered = isOfAnothersOrder(entry) ? ordered(id) : null;
            model.addAttribute("ordered", ordered);
            if (ordered != null && ordered.named() != null) return "unmatched-one";
            if (had.isPresent()) model.addAttribute("move", move(entry, had.get()));
            else model.addAttribute("candidates", seen(claim));
        } catch (NotPossible e) {
            model.addAttribute("problem", e.getMessage());
        }
        return "unmatched-one";
    }

    private static boolean isOfAnothersOrder(EntryView entry) {
        return entry.reasons().stream()
                .anyMatch(one -> one.reason().equals(HoldReason.ORDER_OF_ANOTHER_PATIENT.id()));
    }

    /** Whoever is shown was seen. */
    private Ordered ordered(long id) {
        var held = decisions.underAnothersOrder(id);
        var whose = new ArrayList<PersonView>();
        held.reports().stream()
                .flatMap(one -> one.ordered().stream())
                .distinct()
                .forEach(person -> persons.person(person).ifPresent(whose::add));
        whose.forEach(one -> audit.seesIdentity(one.id()));
        return new Ordered(
                held.named(),
                held.reports().stream().map(one -> one.report().placerNumber()).distinct().toList(),
                whose);
    }

    /** What a move that waits is about, and with whom that is now. */
    private Move move(EntryView entry, String had) {
        var raw = entry.raw();
        var number =
                raw != null
                                && Message.read(raw, StandardCharsets.UTF_8)
                                        instanceof Reading.Readable(var message)
                        ? message.value(entry.type().endsWith("A44") ? "MRG-3.1" : "MRG-5.1")
                        : "";
        return new Move(number, had, number.isEmpty() ? List.of() : whoIsWho.visits(number));
    }

    /** Whoever is shown was seen. */
    private List<Candidates.Candidate> seen(PatientClaim claim) {
        var all = candidates.of(claim);
        all.forEach(candidate -> audit.seesIdentity(candidate.person()));
        return all;
    }

    @PostMapping("/{id}")
    String decide(
            @PathVariable long id,
            @RequestParam String decision,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        try {
            var by = new By(me.getName(), reason);
            audit.decidesOnPatient(id);
            decide(id, decision, by);
        } catch (NotPossible | IllegalArgumentException e) {
            said.addFlashAttribute("problem", e.getMessage());
            return "redirect:/unmatched/" + id;
        }
        said.addFlashAttribute("done", id);
        return "redirect:/unmatched";
    }

    private void decide(long id, String decision, By by) {
        if (decision.matches("link:\\d{1,18}")) {
            decisions.link(id, Long.parseLong(decision.substring("link:".length())), by);
            return;
        }
        if (decision.matches("file:\\d{1,18}")) {
            decisions.fileHeld(id, Long.parseLong(decision.substring("file:".length())), by);
            return;
        }
        switch (decision) {
            case "create" -> decisions.create(id, by);
            case "not-ours" -> decisions.notOurs(id, by);
            case "again" -> decisions.again(id, by);
            default -> throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
        }
    }

    /**
     * Takes a decision back, or what a message said of identity.
     *
     * @param id the decision, or the message that merged or linked
     */
    @PostMapping("/undo/{id}")
    String undo(
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        try {
            var by = new By(me.getName(), reason);
            audit.decidesOnPatient(id);
            said.addFlashAttribute("undone", decisions.undo(id, by));
        } catch (NotPossible | IllegalArgumentException e) {
            said.addFlashAttribute("problem", e.getMessage());
        }
        return "redirect:/unmatched";
    }
}
