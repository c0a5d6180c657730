package org.chartbridge.console;

import org.chartbridge.chart.ChangedBirthDates;
import org.chartbridge.chart.Likeness;
import org.chartbridge.chart.PatientClaim;
import org.chartbridge.chart.PersonName;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.chart.RecordView;
import org.chartbridge.console.Settling.On;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.journal.JournalSearch;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Results whose own PID has another birth date than their patient has by now, because registration
 * changed it: on the page Unmatched until the dates agree again or a person says that they are this
 * patient's (decision 48). They stay charted meanwhile.
 */
@Controller
@RequestMapping("/unmatched/again")
class MatchAgainPage {
    private final ChangedBirthDates changed;
    private final JournalSearch journal;
    private final ObjectProvider<RoutesOverview> routes;
    private final Settling settling;

    MatchAgainPage(
            ChangedBirthDates changed,
            JournalSearch journal,
            ObjectProvider<RoutesOverview> routes,
            Settling settling) {
        this.changed = changed;
        this.journal = journal;
        this.routes = routes;
        this.settling = settling;
    }

    /** A message that disagrees, and how its PID compares with the patient, field by field. */
    record Doubted(ChangedBirthDates.Earlier earlier, List<Likeness.Evidence> evidence) {}

    /** A patient with results that disagree. */
    record Item(
            ChangedBirthDates.Row row,
            List<Doubted> doubted,
            String key,
            @Nullable Overridden settled)
            implements Settling.Item {}

    /** Open ones first. */
    List<Item> items() {
        var found = new ArrayList<Item>();
        for (var row : changed.since(settling.since())) {
            var doubted =
                    row.earlier().stream()
                            .flatMap(one -> doubted(one, row.record()).stream())
                            .toList();
            if (!doubted.isEmpty()) found.add(new Item(row, doubted, key(row.record()), null));
        }
        var known = settling.said(found.stream().map(Item::key).toList());
        return Settling.openFirst(
                found.stream()
                        .map(
                                one ->
                                        new Item(
                                                one.row(),
                                                one.doubted(),
                                                one.key(),
                                                known.get(one.key()))));
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
        return settling.settle(On.PATIENTS, me, reason, said, () -> open(key));
    }

    private Settling.Subject open(String key) {
        var item =
                items().stream()
                        .filter(one -> one.isOpen() && one.key().equals(key))
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "it is not open any more: somebody said, or they"
                                                        + " agree"));
        return new Settling.Subject(
                key, item.row().changedBy(), Map.of("match", "birth date changed"));
    }

    /** Takes back what somebody said: it is open again. */
    @PostMapping("/undo/{id}")
    String undo(
            @PathVariable long id,
            @RequestParam String reason,
            Principal me,
            RedirectAttributes said) {
        return settling.undo(On.PATIENTS, id, me, reason, said, () -> items().stream());
    }
}
