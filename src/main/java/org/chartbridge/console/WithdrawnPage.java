package org.chartbridge.console;

import org.chartbridge.chart.WrongPatients;
import org.chartbridge.console.Settling.Listed;
import org.chartbridge.console.Settling.On;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Withdrawals that somebody has to look after: of results that the chart never had (D, W); results
 * that were posted for the wrong patient (OBX-11 W), on the page Unmatched until they come for
 * another one, and final ones that can't be obtained by a later word (X), until there is another;
 * reports that were taken back as a whole while their values stand; corrections and results that
 * had no effect; or until a person says what became of them.
 */
@Controller
@RequestMapping("/unmatched/withdrawn")
class WithdrawnPage {
    private final WrongPatients withdrawn;
    private final Settling settling;

    WithdrawnPage(WrongPatients withdrawn, Settling settling) {
        this.withdrawn = withdrawn;
        this.settling = settling;
    }

    /** Open ones first. */
    List<Listed<WrongPatients.Row>> items() {
        var rows = new ArrayList<>(withdrawn.since(settling.since()));
        rows.addAll(withdrawn.whole(settling.since()));
        return items(rows);
    }

    /** What was taken back without having been there, and what else had no effect. */
    List<Listed<WrongPatients.Row>> unmet() {
        var rows = new ArrayList<>(withdrawn.withoutEffect(settling.since()));
        rows.addAll(withdrawn.unmet(settling.since()));
        return items(rows);
    }

    private List<Listed<WrongPatients.Row>> items(List<WrongPatients.Row> rows) {
        var known = settling.said(rows.stream().map(WithdrawnPage::key).toList());
        return Settling.openFirst(rows.stream().map(row -> new Listed<>(row, known.get(key(row)))));
    }

    private static String key(WrongPatients.Row row) {
        return switch (row.status()) {
                    case "X" -> "not-obtained-";
                    case "early" -> "not-obtained-before-";
                    case "unmet" -> "unmet-withdrawal-";
                    case "behind" -> "without-effect-";
                    case "whole" -> "report-taken-back-";
                    default -> "wrong-patient-";
                }
                + row.entryId();
    }

    @PostMapping("/{entry}")
    String settle(
            @PathVariable long entry,
            @RequestParam String reason,
            @RequestParam(defaultValue = "W") String status,
            Principal me,
            RedirectAttributes said) {
        return settling.settle(On.PATIENTS, me, reason, said, () -> open(entry, status));
    }

    private Settling.Subject open(long entry, String status) {
        var row =
                (status.equals("unmet") || status.equals("behind") ? unmet() : items())
                        .stream()
                                .filter(Settling.Item::isOpen)
                                .map(Listed::row)
                                .filter(one -> one.entryId() == entry)
                                .filter(one -> one.status().equals(status))
                                .findFirst()
                                .orElseThrow(
                                        () ->
                                                new IllegalArgumentException(
                                                        "it is not open any more: somebody said, or"
                                                                + " the laboratory did"));
        var what =
                switch (status) {
                    case "X", "early" -> "not obtained";
                    case "unmet" -> "nothing withdrawn";
                    case "behind" -> "no effect";
                    case "whole" -> "report taken back";
                    default -> "wrong patient";
                };
        return new Settling.Subject(key(row), entry, Map.of("withdrawal", what));
    }

    /** Takes back what somebody said of it: it is open again. */
    @PostMapping("/undo/{id}")
    String undo(
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return settling.undo(
                On.PATIENTS,
                id,
                me,
                reason,
                said,
                () -> Stream.concat(items().stream(), unmet().stream()));
    }
}
