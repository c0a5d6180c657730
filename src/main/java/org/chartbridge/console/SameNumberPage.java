package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.chartbridge.chart.SameNumbers;
import org.chartbridge.intake.Decisions;
import org.chartbridge.intake.Decisions.By;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;

/**
 * One number of two patients, once with its type and once without, or with its authority in other
 * letters: a person says on the page Unmatched that they are one, by a merge that can be taken back
 * (decision 60).
 */
@Controller
@RequestMapping("/unmatched/same-number")
class SameNumberPage {
    private final SameNumbers numbers;
    private final Persons persons;
    private final Decisions decisions;
    private final AuditTrail audit;

    SameNumberPage(SameNumbers numbers, Persons persons, Decisions decisions, AuditTrail audit) {
        this.numbers = numbers;
        this.persons = persons;
        this.decisions = decisions;
        this.audit = audit;
    }

    /** Two patients. */
    record Item(SameNumbers.Row row, PersonView stays, PersonView goes) {}

    /** Whoever is shown was seen. */
    List<Item> items() {
        var found = new ArrayList<Item>();
        for (var row : numbers.rows()) {
            var stays = persons.person(row.stays().person());
            var goes = persons.person(row.goes().person());
            if (stays.isEmpty() || goes.isEmpty()) continue;
            audit.seesIdentity(row.stays().person());
            audit.seesIdentity(row.goes().person());
            found.add(new Item(row, stays.get(), goes.get()));
        }
        return found;
    }

    @PostMapping("/{goes}/{stays}")
    String merge(
            @PathVariable long goes,
            @PathVariable long stays,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return Posted.to(
                "/unmatched",
                "settled",
                said,
                () -> {
                    var by = new By(me.getName(), reason);
                    if (numbers.rows().stream()
                            .noneMatch(
                                    row ->
                                            row.goes().record() == goes
                                                    && row.stays().record() == stays))
                        throw new IllegalArgumentException("it is not open any more");
                    audit.decidesOnPatient(decisions.merge(goes, stays, by));
                });
    }
}
