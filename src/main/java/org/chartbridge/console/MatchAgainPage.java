package org.chartbridge.console;

import org.chartbridge.access.AuditTrail;
import org.chartbridge.chart.ChangedBirthDates;
import org.chartbridge.chart.Likeness;
import org.chartbridge.chart.PatientClaim;
import org.chartbridge.chart.PersonName;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.chart.RecordView;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.intake.AlertDecisions;
import org.chartbridge.intake.Decisions.By;
import org.chartbridge.journal.JournalSearch;
import org.chartbridge.journal.Overrides;
import org.chartbridge.journal.Overrides.Overridden;
import org.chartbridge.partner.RoutesOverview;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Results whose own PID has another birth date than their patient has by now, because registration
 * changed it: on the page Unmatched until the dates agree again or a person says that they are this
 * patient's, with a reason that stands in the journal and can be taken back (decision 48). They
 * stay charted meanwhile.
 */
@Controller
@RequestMapping("/unmatched/again")
class MatchAgainPage {
    /** Changes before that are listed no more. */
    private static final Duration LISTED_FOR = Duration.ofDays(90);

    private final ChangedBirthDates changed;
    private final JournalSearch journal;
    private final ObjectProvider<RoutesOverview> routes;
    private final Overrides settled;
    private final AlertDecisions decisions;
    private final AuditTrail audit;
    private final Clock clock;

    MatchAgainPage(
            ChangedBirthDates changed,
            JournalSearch journal,
            ObjectProvider<RoutesOverview> routes,
            Overrides settled,
            AlertDecisions decisions,
            AuditTrail audit,
            Clock clock) {
        this.changed = changed;
        this.journal = journal;
        this.routes = routes;
        this.settled = settled;
        this.decisions = decisions;
        this.audit = audit;
        this.clock = clock;
    }

    /** A message that disagrees, and how its PID compares with the patient, field by field. */
    record Doubted(ChangedBirthDates.Earlier earlier, List<Likeness.Evidence> evidence) {}

    /**
     * A patient with results that disagree.
     *
     * @param settled who said that they are this patient's; null while it is open
     */
    record Item(
            ChangedBirthDates.Row row,
            List<Doubted> doubted,
            String key,
            @Nullable Overridden settled) {
        public boolean isOpen() {
            return settled == null;
        }
    }

    /** Open ones first. */
    List<Item> items() {
        var found = new ArrayList<Item>();
        for (var row : changed.since(clock.instant().minus(LISTED_FOR))) {
            var doubted =
                    row.earlier().stream()
                            .flatMap(one -> doubted(one, row.record()).stream())
                            .toList();
            if (!doubted.isEmpty()) found.add(new Item(row, doubted, key(row.record()), null));
        }
        var known = settled.of(found.stream().map(Item::key).toList());
        return found.stream()
                .map(one -> new Item(one.row(), one.doubted(), one.key(), known.get(one.key())))
                .sorted(Comparator.comparing((Item item) -> !item.isOpen()))
                .toList();
    }

    /** What a person says is of the number and of the birth date as it was then. */
    private static String key(RecordView record) {
        var said =
                String.join(
                        "|",
                        record.authority(),
                        record.idType(),
                        record.idValue(),
                        record.birthDate());
        return "match-again-" + UUID.nameUUIDFromBytes(said.getBytes(StandardCharsets.UTF_8));
    }

    private Optional<Doubted> doubted(ChangedBirthDates.Earlier earlier, RecordView record) {
        var raw = journal.raw(earlier.entryId());
        if (raw.isEmpty()
                || !(Message.read(raw.get(), charset(earlier.partner()))
                        instanceof Reading.Readable(var message))) return Optional.empty();
        return claim(message, record)
                .map(claim -> Likeness.of(claim, record).evidence())
                .filter(MatchAgainPage::disagrees)
                .map(evidence -> new Doubted(earlier, evidence));
    }

    /** ⚠ A birth date that is like the other one is another one; a less precise one is not. */
    private static boolean disagrees(List<Likeness.Evidence> evidence) {
        return evidence.stream()
                .filter(one -> one.field() == Likeness.Field.BIRTH_DATE)
                .anyMatch(
                        one ->
                                switch (one.agreement()) {
                                    case OTHER -> true;
                                    case CLOSE ->
                                            !one.claimed().startsWith(one.known())
                                                    && !one.known().startsWith(one.claimed());
                                    case SAME, SILENT -> false;
                                });
    }

    /** Whom the PID with this number names; empty when no PID has it. */
    static Optional<PatientClaim> claim(Message message, RecordView record) {
        var key = new RecordKey(record.authority(), record.idType(), record.idValue());
        for (var pid : message.lines("PID"))
            if (has(message, pid, record.idValue()))
                return Optional.of(
                        new PatientClaim(
                                key,
                                pid.location().toString(),
                                List.of(key),
                                new PersonName(
                                        message.value(pid, 5, 1, 1, 1),
                                        message.value(pid, 5, 2),
                                        message.value(pid, 5, 3),
                                        message.value(pid, 5, 4)),
                                day(message.value(pid, 7, 1)),
                                message.value(pid, 8, 1),
                                "",
                                "",
                                false));
        return Optional.empty();
    }

    private static boolean has(Message message, Line pid, String number) {
        for (int field = 2; field <= 4; field++)
            for (int i = 1; i <= message.repetitions(pid, field); i++)
                if (message.value(pid, field, i, 1, 1).equals(number)) return true;
        return false;
    }

    /** As precise as it was sent; empty when it is no date. */
    static String day(String sent) {
        if (!sent.matches("\\d{4}(\\d{2}(\\d{2}.*)?)?")) return "";
        if (sent.length() == 4) return sent;
        if (sent.length() == 6) return sent.substring(0, 4) + "-" + sent.substring(4);
        return sent.substring(0, 4) + "-" + sent.substring(4, 6) + "-" + sent.substring(6, 8);
    }

    private Charset charset(String partner) {
        var overview = routes.getIfAvailable();
        if (overview != null)
            for (var state : overview.partners())
                if (state.partner().folder().equals(partner)) return state.partner().charset();
        return StandardCharsets.UTF_8;
    }

    /** They are this patient's. */
    @PostMapping("/{key}")
    String settle(
            @PathVariable String key,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return Posted.to(
                "/unmatched",
                "settled",
                said,
                () -> {
                    var by = new By(me.getName(), reason);
                    var item =
                            items().stream()
                                    .filter(one -> one.isOpen() && one.key().equals(key))
                                    .findFirst()
                                    .orElseThrow(
                                            () ->
                                                    new IllegalArgumentException(
                                                            "it is not open any more: somebody"
                                                                    + " said, or they agree"));
                    audit.decidesOnPatient(item.row().changedBy());
                    var _ =
                            decisions.override(
                                    key,
                                    item.row().changedBy(),
                                    Map.of("match", "birth date changed"),
                                    by);
                });
    }

    /** Takes back what somebody said: it is open again. */
    @PostMapping("/undo/{id}")
    String undo(
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return Posted.to(
                "/unmatched",
                "reopened",
                said,
                () -> {
                    var by = new By(me.getName(), reason);
                    if (items().stream()
                            .map(Item::settled)
                            .noneMatch(one -> one != null && one.entryId() == id))
                        throw new IllegalArgumentException("nothing of the kind holds any more");
                    audit.decidesOnPatient(id);
                    var _ = decisions.undo(id, by);
                });
    }
}
