package org.chartbridge.console;

import org.chartbridge.console.Settling.Listed;
import org.chartbridge.console.Settling.On;
import org.chartbridge.delivery.ApplicationAnswers;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.security.Principal;
import java.util.List;
import java.util.Map;

/**
 * What partners took and their applications rejected afterwards, until the application takes it or
 * a person says what became of it.
 */
@Controller
@RequestMapping("/worklist/rejected")
class RejectedPage {
    private final ApplicationAnswers answers;
    private final Settling settling;

    RejectedPage(ApplicationAnswers answers, Settling settling) {
        this.answers = answers;
        this.settling = settling;
    }

    @GetMapping
    String list(Model model) {
        var items = items();
        model.addAttribute("items", items);
        model.addAttribute("cut", items.size() >= ApplicationAnswers.MAX_ROWS);
        return "rejected";
    }

    /** Open ones first. */
    private List<Listed<ApplicationAnswers.Row>> items() {
        var rows = answers.rejections(settling.since());
        var known = settling.said(rows.stream().map(row -> key(row.its().entryId())).toList());
        return Settling.openFirst(
                rows.stream().map(row -> new Listed<>(row, known.get(key(row.its().entryId())))));
    }

    private static String key(long entryId) {
        return "rejected-after-delivery-" + entryId;
    }

    @PostMapping("/{entry}")
    String settle(
            @PathVariable long entry,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return settling.settle(On.DELIVERIES, me, reason, said, () -> open(entry));
    }

    private Settling.Subject open(long entry) {
        if (items().stream().noneMatch(one -> one.isOpen() && one.row().its().entryId() == entry))
            throw new IllegalArgumentException(
                    "it is not open any more: somebody said, or the application took it since");
        return new Settling.Subject(key(entry), entry, Map.of("delivery", "rejected later"));
    }

    /** Takes back what somebody said of it: it is open again. */
    @PostMapping("/undo/{id}")
    String undo(
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return settling.undo(On.DELIVERIES, id, me, reason, said, () -> items().stream());
    }
}
