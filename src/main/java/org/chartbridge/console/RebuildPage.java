package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.journal.RebuildReport;
import org.chartbridge.journal.Rebuilds;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

import java.util.Objects;

/** What the last rebuild found: how the chart from the journal differs from the live one. */
@Controller
class RebuildPage {
    private final Rebuilds rebuilds;
    private final AuditTrail audit;

    RebuildPage(Rebuilds rebuilds, AuditTrail audit) {
        this.rebuilds = rebuilds;
        this.audit = audit;
    }

    @GetMapping("/rebuild")
    String show(Model model) {
        var last = rebuilds.last().orElse(null);
        if (last != null) {
            seen(last);
            model.addAttribute("last", last);
        }
        return "rebuild";
    }

    /** Whoever's values are shown was seen. */
    private void seen(RebuildReport report) {
        report.differences().stream()
                .flatMap(difference -> difference.examples().stream())
                .map(RebuildReport.Example::person)
                .filter(Objects::nonNull)
                .distinct()
                .forEach(audit::seesPatient);
    }
}
