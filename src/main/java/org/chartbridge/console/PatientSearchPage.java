package org.chartbridge.console;

import jakarta.servlet.http.HttpSession;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.Page;
import org.chartbridge.chart.PersonSearch;
import org.chartbridge.chart.Persons;
import org.chartbridge.journal.JournalFilter;
import org.chartbridge.journal.JournalSearch;
import org.chartbridge.journal.Place;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/**
 * Finding a patient. What is searched for is posted and kept in the session: names and identifiers
 * never stand in an address.
 */
@Controller
class PatientSearchPage {
    static final int ROWS = 50;
    static final int MAX_LENGTH = 200;
    private static final String KEPT = "patient-search";

    private final Persons persons;
    private final JournalSearch journal;
    private final AuditTrail audit;

    PatientSearchPage(Persons persons, JournalSearch journal, AuditTrail audit) {
        this.persons = persons;
        this.journal = journal;
        this.audit = audit;
    }

    /**
     * What was typed.
     *
     * @param born {@code yyyy}, {@code yyyy-MM} or {@code yyyy-MM-dd}
     */
    record Typed(String identifier, String family, String given, String born) {
        static final Typed NOTHING = new Typed("", "", "", "");

        Typed {
            identifier = clean(identifier);
            family = clean(family);
            given = clean(given);
            born = clean(born);
        }

        private static String clean(@Nullable String text) {
            if (text == null) return "";
            if (text.length() > MAX_LENGTH)
                throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "too long");
            return text.strip().replace("\0", "");
        }

        public boolean isEmpty() {
            return (identifier + family + given + born).isEmpty();
        }

        /** Whether the date of birth can be searched for. */
        public boolean bornIsReadable() {
            return born.isEmpty() || born.matches("\\d{4}(-\\d{2}(-\\d{2})?)?");
        }

        PersonSearch search() {
            var search =
                    identifier.isEmpty()
                            ? PersonSearch.all()
                            : PersonSearch.byIdentifier(identifier);
            search =
                    search.withName(
                            family.isEmpty() ? null : family, given.isEmpty() ? null : given);
            return born.isEmpty() ? search : search.withBirthDate(born);
        }

        @Override
        public String toString() {
            return "Typed[…]";
        }
    }

    @GetMapping("/patients")
    String show(@RequestParam(defaultValue = "0") int from, HttpSession session, Model model) {
        var typed = session.getAttribute(KEPT) instanceof Typed kept ? kept : Typed.NOTHING;
        model.addAttribute("typed", typed);
        if (!typed.isEmpty() && typed.bornIsReadable()) {
            var offset = Math.clamp(from, 0, Page.MAX_OFFSET);
            model.addAttribute("found", persons.find(typed.search(), offset, ROWS));
        }
        return "patients";
    }

    @PostMapping("/patients")
    String search(Typed typed, HttpSession session) {
        session.setAttribute(KEPT, typed);
        if (!typed.isEmpty()) audit.searchesPatients();
        return "redirect:/patients";
    }

    /** The field beside every page: a control id leads to its message, all else to patients. */
    @PostMapping("/search")
    String everywhere(@RequestParam(defaultValue = "") String q, HttpSession session, Shell.Me me) {
        var text = q.strip().replace("\0", "");
        if (text.isEmpty() || text.length() > MAX_LENGTH) return "redirect:/patients";
        if (me.interfaces()) {
            var byControlId = new JournalFilter(null, null, "", "", null, text, null);
            var rows = journal.page(byControlId, new Place.Newest(), 2).rows();
            if (rows.size() == 1) return "redirect:/messages/" + rows.getFirst().id();
            if (!rows.isEmpty())
                return "redirect:"
                        + new MessageSearch("", "", "", "", "", "", text, "", "").newest();
        }
        return search(typed(text), session);
    }

    /**
     * A number or what holds one is an identifier; else {@code Family, Given} or {@code Family
     * Given}.
     */
    private static Typed typed(String text) {
        if (text.matches("\\d{4}-\\d{2}-\\d{2}")) return new Typed("", "", "", text);
        if (text.chars().anyMatch(Character::isDigit)) return new Typed(text, "", "", "");
        var names = text.split("\\s*,\\s*|\\s+", 2);
        return new Typed("", names[0], names.length > 1 ? names[1] : "", "");
    }
}
