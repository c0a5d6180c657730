package org.chartbridge.ordering;

import org.chartbridge.chart.AllergyView;
import org.chartbridge.chart.CareStatements;
import org.chartbridge.chart.ClinicalDocumentView;
import org.chartbridge.chart.ConditionView;
import org.chartbridge.chart.MedicationOrderView;
import org.chartbridge.chart.ObservationView;
import org.chartbridge.chart.OpenCare;
import org.chartbridge.chart.Page;
import org.chartbridge.chart.QueryReads;
import org.chartbridge.chart.Registrations;
import org.chartbridge.chart.Reports;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.ordering.ChartTaken.Letter;
import org.chartbridge.ordering.ChartTaken.Results;
import org.chartbridge.partner.Partner;
import org.chartbridge.partner.Referrals.Part;
import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.partner.RoutesOverview.PartnerState;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;

import java.nio.charset.Charset;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Puts into a new referral what its receiver is to get of the patient's chart.
 *
 * <p>⚠ Whose chart is not found out again: it is the patient whom the referral was charted for, as
 * that stands now. Where it was charted for nobody, nothing is added. Read when the message is made
 * for its first attempt, which is after its commit; what was made is frozen (decision 0037).
 */
@Service
public class EnclosedChart {
    /** Of each list, the newest first. */
    static final int MAX_ITEMS = 100;

    /** Values of results. */
    static final int MAX_VALUES = 300;

    static final int MAX_LETTERS = 3;

    /** Of all letters together: many receivers take no more than some megabytes. */
    static final int MAX_LETTER_BYTES = 4_000_000;

    private static final Set<String> OVER = Set.of("cancelled", "completed", "refused");

    /** TXA-17 of what is not finished, table 0271. */
    private static final Set<String> UNFINISHED = Set.of("DI", "IN", "IP", "PA");

    /** TXA-18 of what not everybody may see, table 0272. */
    private static final Set<String> RESTRICTED = Set.of("R", "V");

    private final ObjectProvider<RoutesOverview> overview;
    private final OpenCare whose;
    private final QueryReads pictures;
    private final Registrations registrations;
    private final CareStatements care;
    private final Reports reports;
    private final Clock clock;

    EnclosedChart(
            ObjectProvider<RoutesOverview> overview,
            OpenCare whose,
            QueryReads pictures,
            Registrations registrations,
            CareStatements care,
            Reports reports,
            Clock clock) {
        this.overview = overview;
        this.whose = whose;
        this.pictures = pictures;
        this.registrations = registrations;
        this.care = care;
        this.reports = reports;
        this.clock = clock;
    }

    /**
     * A body as it is to be sent: with the chart, when it is a new referral in the queue of one who
     * gets it; else the same.
     *
     * @param entryId of the message that caused the delivery
     * @param charset in which a body without MSH-18 is read
     */
    public byte[] with(String destination, long entryId, byte[] body, Charset charset) {
        var to = receiver(destination);
        if (to.isEmpty()) return body;
        if (!(Message.read(body, charset) instanceof Reading.Readable(var message))
                || !isNew(message, to.get())) return body;
        return pictures.fromOnePicture(
                () -> {
                    var patients = whose.patientsReferredBy(entryId);
                    if (patients.size() != 1) return body;
                    return ReferralChart.added(message, taken(patients.getFirst(), to.get()));
                });
    }

    /** Whether it is a new referral: its own message, or the order that it leaves as. */
    private static boolean isNew(Message message, Partner to) {
        var header = message.header();
        return switch (to.referrals().form()) {
            case REF_I12 ->
                    header.messageCode().equals("REF") && header.triggerEvent().equals("I12");
            case OMG_O19 ->
                    header.messageCode().equals("OMG")
                            && message.line("ORC", 1)
                                    .map(orc -> message.value(orc, 1).equals("NW"))
                                    .orElse(false);
        };
    }

    private Optional<Partner> receiver(String destination) {
        var known = overview.getIfAvailable();
        if (known == null) return Optional.empty();
        return known.partners().stream()
                .map(PartnerState::partner)
                .filter(one -> one.referrals().takesAny() && !one.referrals().chart().isEmpty())
                .filter(one -> destination.equals(one.folder() + "/" + one.referrals().queue()))
                .findFirst();
    }

    private ChartTaken taken(UUID person, Partner to) {
        var wanted = to.referrals().chart();
        var now = clock.instant();
        var all = Registrations.Search.of(person);
        var leftOut = new ArrayList<String>();
        var problems = new ArrayList<ConditionView>();
        if (wanted.contains(Part.PROBLEMS)) {
            var page = registrations.conditions(all, 0, MAX_ITEMS);
            page.items().stream().filter(EnclosedChart::isProblem).forEach(problems::add);
            beyond(page, "problem or diagnosis", "problems and diagnoses", leftOut);
        }
        var allergies = new ArrayList<AllergyView>();
        if (wanted.contains(Part.ALLERGIES)) {
            var page = registrations.allergies(all, 0, MAX_ITEMS);
            page.items().stream().filter(AllergyView::counts).forEach(allergies::add);
            beyond(page, "allergy", "allergies", leftOut);
        }
        var medications = new ArrayList<MedicationOrderView>();
        if (wanted.contains(Part.MEDICATIONS)) {
            var page = care.medication(all, 0, MAX_ITEMS);
            page.items().stream().filter(one -> isTaken(one, now)).forEach(medications::add);
            beyond(page, "order of medication", "orders of medication", leftOut);
        }
        return new ChartTaken(
                now,
                problems,
                allergies,
                medications,
                wanted.contains(Part.RESULTS)
                        ? results(person, now.minus(to.referrals().results()), leftOut)
                        : List.of(),
                wanted.contains(Part.DOCUMENTS) ? letters(all, leftOut) : List.of(),
                leftOut);
    }

    private static void beyond(Page<?> page, String one, String many, List<String> leftOut) {
        long more = page.total() - page.items().size();
        if (more > 0) leftOut.add(more(more, one, many));
    }

    private static String more(long number, String one, String many) {
        return number + " more " + (number == 1 ? one : many);
    }

    /**
     * Of the patient's life, and not over; a diagnosis of a visit is none, nor is what an order
     * gives as its reason ⚠: to rule something out is not to have it.
     */
    private static boolean isProblem(ConditionView one) {
        return one.active()
                && one.listed()
                && one.visitId() == 0
                && one.standing().equals("active");
    }

    private static boolean isTaken(MedicationOrderView one, Instant now) {
        var ends = one.ends();
        return one.active() && !OVER.contains(one.state()) && (ends == null || !ends.isBefore(now));
    }

    /** Reports collected since then, with their final values, the newest first. */
    private List<Results> results(UUID person, Instant since, List<String> leftOut) {
        var page = reports.reports(person, 0, Reports.MAX_REPORTS);
        var taken = new ArrayList<Results>();
        int values = 0;
        int recent = 0;
        long dropped = 0;
        for (var report : page.items()) {
            var at = report.collectedAt() == null ? report.issuedAt() : report.collectedAt();
            if (at == null || at.isBefore(since)) continue;
            recent++;
            var finals = report.observations().stream().filter(EnclosedChart::isFinal).toList();
            dropped += report.leftOut();
            if (finals.isEmpty()) continue;
            if (values + finals.size() > MAX_VALUES) {
                dropped += finals.size();
                continue;
            }
            values += finals.size();
            taken.add(new Results(report, finals));
        }
        if (dropped > 0) leftOut.add(more(dropped, "value of results", "values of results"));
        // Beyond the newest there are older ones, which may be as recent as was asked for.
        if (page.hasNext() && recent == page.items().size())
            leftOut.add("reports before the newest " + Reports.MAX_REPORTS);
        return taken;
    }

    private static boolean isFinal(ObservationView value) {
        var status = value.status();
        return !status.isPreliminary()
                && !status.isNoResult()
                && !status.isWithdrawal()
                && !value.isNotPerformed()
                && !value.valueText().isEmpty();
    }

    private List<Letter> letters(Registrations.Search all, List<String> leftOut) {
        var letters = new ArrayList<Letter>();
        int bytes = 0;
        int dropped = 0;
        var page = care.documents(all, 0, MAX_ITEMS);
        for (var document : page.items()) {
            if (!isLetter(document)) continue;
            for (int i = 0; i < document.parts().size(); i++) {
                var part = document.parts().get(i);
                if (!part.mediaType().equals("application/pdf")) continue;
                if (letters.size() == MAX_LETTERS || bytes + part.sizeBytes() > MAX_LETTER_BYTES) {
                    dropped++;
                    continue;
                }
                var content = care.content(document.id(), i + 1);
                if (content.isEmpty()) continue;
                bytes += part.sizeBytes();
                letters.add(new Letter(document, content.get()));
            }
        }
        if (dropped > 0) leftOut.add(more(dropped, "document", "documents"));
        // Not looked at: only those before them are known to be letters.
        if (page.hasNext() && letters.size() < MAX_LETTERS)
            leftOut.add("documents before the newest " + MAX_ITEMS);
        return letters;
    }

    private static boolean isLetter(ClinicalDocumentView one) {
        return one.active()
                && one.replacedBy().isEmpty()
                && !UNFINISHED.contains(one.completion())
                && !RESTRICTED.contains(one.confidentiality())
                && (one.availability().isEmpty() || one.availability().equals("AV"));
    }
}
