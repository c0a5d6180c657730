package org.chartbridge.console;

import org.chartbridge.chart.CorrectedIsolates;
import org.chartbridge.console.Settling.Listed;
import org.chartbridge.console.Settling.On;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.security.Principal;
import java.util.List;
import java.util.Map;

/**
 * Susceptibilities of isolates whose culture was corrected since ({@link CorrectedIsolates}), on
 * the page Unmatched until the laboratory reports them again or a person says what became of them.
 */
@Controller
@RequestMapping("/unmatched/isolates")
class CorrectedIsolatesPage {
    private final CorrectedIsolates isolates;
    private final Settling settling;

    CorrectedIsolatesPage(CorrectedIsolates isolates, Settling settling) {
        this.isolates = isolates;
        this.settling = settling;
    }

    /** Open ones first. */
    List<Listed<CorrectedIsolates.Row>> items() {
        var rows = isolates.since(settling.since());
        var known = settling.said(rows.stream().map(CorrectedIsolatesPage::key).toList());
        return Settling.openFirst(rows.stream().map(row -> new Listed<>(row, known.get(key(row)))));
    }

    /** By the messages that corrected and reported. */
    private static String key(CorrectedIsolates.Row row) {
        return "isolate-" + row.doubt().entryId() + "-" + row.entryId();
    }

    @PostMapping("/{corrected}/{entry}")
    String settle(
            @PathVariable long corrected,
            @PathVariable long entry,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return settling.settle(On.PATIENTS, me, reason, said, () -> open(corrected, entry));
    }

    private Settling.Subject open(long corrected, long entry) {
        var row =
                items().stream()
                        .filter(Settling.Item::isOpen)
                        .map(Listed::row)
                        .filter(one -> one.entryId() == entry)
                        .filter(one -> one.doubt().entryId() == corrected)
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "it is not open any more: somebody said, or it was"
                                                        + " reported again"));
        return new Settling.Subject(key(row), entry, Map.of("isolate", "culture corrected"));
    }

    /** Takes back what somebody said of it: it is open again. */
    @PostMapping("/undo/{id}")
    String undo(
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return settling.undo(On.PATIENTS, id, me, reason, said, () -> items().stream());
    }
}
