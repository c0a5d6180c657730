package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.ObservationView;
import org.chartbridge.chart.Page;
import org.chartbridge.chart.PersonView;
import org.chartbridge.chart.Persons;
import org.chartbridge.chart.Registrations;
import org.chartbridge.chart.ReportView;
import org.chartbridge.chart.Reports;
import org.chartbridge.chart.TestKey;
import org.chartbridge.chart.ValuesOverTime;
import org.chartbridge.chart.WhoIsWho;
import org.chartbridge.loops.OpenLoops;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A patient's chart: who it is, alerts, allergies, visits; results by report, each value with what
 * it was before, one test over time.
 */
@Controller
class ChartPage {
    static final int REPORTS = 10;

    private final Persons persons;
    private final Reports reports;
    private final ValuesOverTime overTime;
    private final Registrations registrations;
    private final CareStatements care;
    private final OpenLoops loops;
    private final WhoIsWho whoIsWho;
    private final AuditTrail audit;
    private final ShownValues values;
    private final ShownAlerts alerts;
    private final Signing signing;
    private final ToSign toSign;

    ChartPage(
            Persons persons,
            Reports reports,
            ValuesOverTime overTime,
            Registrations registrations,
            CareStatements care,
            OpenLoops loops,
            WhoIsWho whoIsWho,
            AuditTrail audit,
            ShownValues values,
            ShownAlerts alerts,
            Signing signing,
            ToSign toSign) {
        this.persons = persons;
        this.reports = reports;
        this.overTime = overTime;
        this.registrations = registrations;
        this.care = care;
        this.loops = loops;
        this.whoIsWho = whoIsWho;
        this.audit = audit;
        this.values = values;
        this.alerts = alerts;
        this.signing = signing;
        this.toSign = toSign;
    }

    /**
     * One report as it is shown.
     *
     * @param critical how many of its values a clinician must not miss
     * @param signed who signed it, and whether it is what they signed
     * @param filed who it was reported for, when a person filed it with this patient
     * @param again reports of other feeds that say the same and are not shown themselves
     */
    record Shown(
            ReportView report,
            List<ShownValue> values,
            long critical,
            long corrected,
            @Nullable ReportView parent,
            List<ReportView> again,
            Signing.Signed signed,
            WhoIsWho.@Nullable Row filed) {

        /** Who examined, where that is one laboratory and another than sent it. */
        public String performer() {
            var all =
                    report.observations().stream()
                            .map(ObservationView::performer)
                            .distinct()
                            .toList();
            return all.size() != 1 || all.getFirst().equalsIgnoreCase(report.partner())
                    ? ""
                    : all.getFirst();
        }

        /** Why it stands where it stands; empty of a report that stands by itself. */
        public String belongs() {
            var said = report.parent();
            var kind = said.isReflex() ? "Reflex test" : said.isAddOn() ? "Added test" : "";
            var to = "";
            if (parent != null)
                to =
                        nameOf(parent)
                                + ", no. "
                                + parent.number()
                                + isolate()
                                        .map(its -> ", isolate " + its.number() + ": " + its.name())
                                        .orElse("");
            else if (!said.number().isEmpty()) to = "no. " + said.number();
            var words =
                    to.isEmpty() ? kind : kind.isEmpty() ? "Belongs to " + to : kind + " to " + to;
            return words.isEmpty() || said.test().isEmpty()
                    ? words
                    : words + " (" + said.test() + ")";
        }

        private Optional<ReportView.Isolate> isolate() {
            return parent == null ? Optional.empty() : report.isolateOf(parent);
        }

        private static String nameOf(ReportView report) {
            return report.codeText().isEmpty() ? report.code() : report.codeText();
        }
    }

    @GetMapping("/patients/{id}")
    String show(@PathVariable UUID id, @RequestParam(defaultValue = "0") int from, Model model) {
        var stays = persons.goneTo(id);
        if (stays.isPresent()) return "redirect:/patients/" + stays.get();
        var person = person(id);
        audit.seesPatient(id);
        var page = reports.reports(id, Math.clamp(from, 0, Page.MAX_OFFSET), REPORTS);
        model.addAttribute("person", person);
        model.addAttribute(
                "registration",
                ShownRegistration.of(
                        id,
                        registrations,
                        care,
                        loops.charted(id),
                        loops.reportsAsSent(List.of(id)),
                        loops.answersAsSent(List.of(id)),
                        whoIsWho));
        model.addAttribute("page", page);
        model.addAttribute("alerts", alerts.of(id));
        model.addAttribute("screening", alerts.screening(id));
        model.addAttribute("reports", shown(id, page.items()));
        return "patient";
    }

    /** Where one report stands in the chart. */
    @GetMapping("/patients/{id}/reports/{series}")
    String report(@PathVariable UUID id, @PathVariable long series) {
        for (int from = 0; from <= Page.MAX_OFFSET; from += Reports.MAX_REPORTS) {
            var page = reports.reports(id, from, Reports.MAX_REPORTS);
            for (int i = 0; i < page.items().size(); i++)
                if (page.items().get(i).series() == series) {
                    int first = (from + i) / REPORTS * REPORTS;
                    return "redirect:/patients/%s%s#report-%d"
                            .formatted(id, first == 0 ? "" : "?from=" + first, series);
                }
            if (!page.hasNext()) break;
        }
        return "redirect:/patients/" + id;
    }

    @GetMapping("/patients/{id}/over-time")
    String overTime(
            @PathVariable UUID id,
            @RequestParam(defaultValue = "") String partner,
            @RequestParam(defaultValue = "") String system,
            @RequestParam(defaultValue = "") String code,
            @RequestParam(defaultValue = "") String sub,
            Model model) {
        var person = person(id);
        var test =
                overTime.test(
                                id,
                                new TestKey(partner, system, code, sub),
                                ValuesOverTime.MAX_VALUES_PER_TEST)
                        .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        audit.seesPatient(id);
        model.addAttribute("person", person);
        model.addAttribute("test", test);
        model.addAttribute("values", test.values().stream().map(values::withHistory).toList());
        return "over-time";
    }

    private PersonView person(UUID id) {
        return persons.person(id)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    /** Signs a report as it was shown. */
    @PostMapping("/patients/{id}/reports/{series}/sign")
    String sign(
            @PathVariable UUID id,
            @PathVariable long series,
            @RequestParam String seen,
            @RequestParam(defaultValue = "") List<String> again,
            @RequestParam(defaultValue = "0") int from,
            RedirectAttributes said) {
        var page = "/patients/" + id + (from > 0 ? "?from=" + from : "");
        return Posted.to(
                page,
                "signed",
                said,
                () -> {
                    signing.sign(id, series, seen);
                    toSign.signed();
                    for (var one : again) signAgain(id, one);
                });
    }

    /**
     * What is shown in another's place is signed with it.
     *
     * @param seen series and time, joined by @
     */
    private void signAgain(UUID id, String seen) {
        var parts = seen.split("@", 2);
        if (parts.length != 2 || !parts[0].matches("\\d{1,18}")) return;
        signing.sign(id, Long.parseLong(parts[0]), parts[1]);
        toSign.signed();
    }

    private List<Shown> shown(UUID person, List<ReportView> reports) {
        var signed = signing.of(person, reports);
        var twice = Twice.shownBy(reports);
        var filed = reports.isEmpty() ? Map.<Long, WhoIsWho.Row>of() : whoIsWho.filedWith(person);
        return Families.inOrder(reports).stream()
                .filter(report -> !twice.containsKey(report.series()))
                .map(
                        report ->
                                shown(
                                        report,
                                        Families.parent(report, reports),
                                        reports.stream()
                                                .filter(
                                                        one ->
                                                                report.equals(
                                                                        twice.get(one.series())))
                                                .toList(),
                                        Objects.requireNonNull(signed.get(report.series())),
                                        filed.get(report.series())))
                .toList();
    }

    private Shown shown(
            ReportView report,
            @Nullable ReportView parent,
            List<ReportView> again,
            Signing.Signed signed,
            WhoIsWho.@Nullable Row filed) {
        var before = overTime.previousValues(report.series());
        var shown =
                report.observations().stream()
                        .map(value -> values.shown(value, before.get(value.series())))
                        .toList();
        return new Shown(
                report,
                shown,
                shown.stream().filter(ShownValue::isCritical).count(),
                report.observations().stream().filter(ObservationView::corrected).count(),
                parent,
                again,
                signed,
                filed);
    }
}
