package org.chartbridge.console;

import org.chartbridge.chart.ChangedResults;
import org.chartbridge.chart.PersonView;
import org.chartbridge.console.Notices.Notice;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Results that whoever is logged in saw and that were withdrawn or corrected since. Shows no value:
 * what holds stands in the chart.
 */
@Controller
@RequestMapping("/notices")
class NoticesPage {
    /** Notices that are shown at once; the page says when there are more. */
    static final int ROWS = 100;

    private static final int NOTED_ROWS = 20;

    private final Notices notices;
    private final ListedPersons persons;

    NoticesPage(Notices notices, ListedPersons persons) {
        this.notices = notices;
        this.persons = persons;
    }

    /** A notice and whose result it was. */
    record Item(Notice notice, PersonView person) {}

    @GetMapping
    String list(Model model, Principal me) {
        var all = notices.of(me.getName());
        var _ = notices.count(me.getName(), all);
        var open = all.stream().filter(notice -> !notice.noted()).toList();
        var noted = all.stream().filter(Notice::noted).limit(NOTED_ROWS).toList();
        model.addAttribute("open", items(open.subList(0, Math.min(open.size(), ROWS))));
        model.addAttribute("more", Math.max(0, open.size() - ROWS));
        model.addAttribute("noted", items(noted));
        model.addAttribute("days", Notices.TOLD_FOR.toDays());
        model.addAttribute("most", ChangedResults.MAX_CHANGES);
        return "notices";
    }

    private List<Item> items(List<Notice> shown) {
        var known = persons.of(shown.stream().map(Notice::person).toList());
        var items = new ArrayList<Item>();
        for (var notice : shown) {
            var person = known.get(notice.person());
            if (person != null) items.add(new Item(notice, person));
        }
        return items;
    }

    /** Takes note of what one message changed of a patient. */
    @PostMapping("/{person}/{entry}")
    String note(
            @PathVariable UUID person,
            @PathVariable long entry,
            Principal me,
            RedirectAttributes said) {
        notices.note(me.getName(), person, entry);
        said.addFlashAttribute("done", true);
        return "redirect:/notices";
    }
}
