package org.chartbridge.mapping;

import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.chart.IdentityChange;
import org.chartbridge.chart.IdentityStatement;
import org.chartbridge.chart.PatientClaim;
import org.chartbridge.chart.RecordKey;
import org.chartbridge.chart.Registration;
import org.chartbridge.chart.Several;
import org.chartbridge.chart.VisitKey;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Line;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which numbers are one patient (HL7 v2.5.1 §3.3.18 to §3.3.51); long because each event means
 * something of its own: merges (A40; older A18, A30, A34, A36, A39), changed numbers (A46, A47,
 * A48), links (A24), unlinks (A37), moved numbers (A43), and whose an account or a visit is (A44,
 * A45). Accounts and visits (A35, A41, A42) are no patients ⚠, {@link VisitNumbers}; A36 names
 * both, and its account goes on as theirs do.
 *
 * <p>MRG-1 is paired with PID-3 by position, MRG-4 with PID-2, MRG-2 with PID-4 (§3.6.2.1.6); a
 * partner may have it by type and authority instead ({@code merges: type}). Authority or type that
 * MRG-1 leaves out are those of the number in its place: a merge is of numbers of one kind
 * (§3.3.40). What can't be paired is told to the chart, which holds it.
 */
@Component
final class IdentityFamily implements MessageFamily {
    /** MRG-1 and PID-3: the number that went, and the list of the patient who stays. */
    private static final Set<String> BY_LIST = Set.of("A40", "A34", "A18", "A30", "A36", "A47");

    /** MRG-4 and PID-2, as they were called before version 2.3.1. */
    private static final Set<String> BY_OLD_ID = Set.of("A39", "A46");

    /** MRG-2 and PID-4, which later versions only keep for old senders (§3.3.48). */
    private static final String BY_ALTERNATE = "A48";

    @Override
    public boolean takes(Header header) {
        var trigger = header.triggerEvent();
        return header.messageCode().equals("ADT")
                && (BY_LIST.contains(trigger)
                        || trigger.equals(BY_ALTERNATE)
                        || BY_OLD_ID.contains(trigger)
                        || Set.of("A24", "A37", "A43", "A44", "A45").contains(trigger));
    }

    @Override
    public Mapped map(Message message, Partner partner) {
        var findings = new Findings();
        var reader = new Reader(message, partner, findings);
        var trigger = message.header().triggerEvent();
        var event = EventReader.read(message, reader);
        var patients = new ArrayList<Named>();
        for (var pid : message.lines("PID")) {
            var claim = new PatientReader(reader).read(List.of(pid));
            if (claim != null) patients.add(new Named(pid, claim));
        }
        if (message.lines("PID").isEmpty()) new PatientReader(reader).read(List.of());
        var statements = new ArrayList<IdentityStatement>();
        if (!findings.hasErrors())
            switch (trigger) {
                case "A24", "A37" -> pair(reader, trigger, patients, statements);
                case "A43" -> moves(reader, message, patients, statements);
                case "A44", "A45" -> visitMoves(reader, trigger, message, patients, statements);
                default -> merges(reader, trigger, message, patients, statements);
            }
        if (findings.hasErrors() || statements.isEmpty())
            return new Mapped.NotUnderstood(findings.errors());
        // The accounts first: a number that nobody knows yet is then known to the merge.
        var updates = new ArrayList<ChartUpdate>();
        if (trigger.equals("A36") && isMaster(partner))
            accounts(reader, event, message, patients, updates);
        updates.add(
                new IdentityChange(
                        partner.folder(),
                        patients.getFirst().claim(),
                        trigger,
                        isMaster(partner),
                        event.times(),
                        statements));
        return new Mapped.Update(Several.of(updates), findings.remarks());
    }

    private static boolean isMaster(Partner partner) {
        return partner.demographics() == Partner.Demographics.MASTER;
    }

    /**
     * A36: the account of MRG-3 goes on as that of PID-18 (HL7 v2.5.1 §3.3.36). It is said of the
     * number that had it, MRG-1, so it makes no difference whether the patients are joined by then;
     * and by the master only, whose mere number names a patient.
     */
    private static void accounts(
            Reader reader,
            EventReader.Event event,
            Message message,
            List<Named> patients,
            List<ChartUpdate> into) {
        for (var mrg : message.lines("MRG")) {
            var patient = before(mrg, patients);
            if (patient == null) continue;
            int mark = reader.mark();
            var had = former(reader, mrg, 1, 1, patient.pid(), 3);
            if (had == null) continue;
            var read = reader.since(mark);
            var account = VisitNumbers.formerAccount(mrg, patient.pid(), reader);
            if (account == null) continue;
            var claim = PatientClaim.ofNumber(had, mrg.location(1).toString());
            reader.told(claim, "key", Rule.PRIOR_NUMBER, read);
            into.add(
                    new Registration(
                            reader.partner.folder(),
                            claim,
                            event.trigger(),
                            isMaster(reader.partner),
                            event.times(),
                            Map.of(),
                            account,
                            List.of()));
        }
    }

    /** A PID and whom it names. */
    private record Named(Line pid, PatientClaim claim) {}

    // ------------------------------------------------------------ two patients

    private static void pair(
            Reader reader, String trigger, List<Named> patients, List<IdentityStatement> into) {
        if (patients.size() != 2) {
            reader.findings.error(
                    Location.of("PID", 1),
                    ErrorCode.SEGMENT_SEQUENCE,
                    "two-patients-wanted",
                    trigger + " names two patients, each in a PID of its own.");
            return;
        }
        var one = patients.get(0);
        var other = patients.get(1);
        if (trigger.equals("A37")) {
            into.add(new IdentityStatement.Unlinked(one.claim(), other.claim(), "PID[2]-3"));
            return;
        }
        int mark = reader.mark();
        var linked =
                new IdentityStatement.Linked(
                        one.claim(), other.claim(), "PID[2]-3", isMother(reader, one, other));
        reader.told(linked, "related", Rule.RELATED, reader.since(mark));
        into.add(linked);
    }

    /** PID-21 of one names the other: a relation, never the same patient ⚠. */
    private static boolean isMother(Reader reader, Named one, Named other) {
        return hasMother(reader, one, other.claim()) || hasMother(reader, other, one.claim());
    }

    private static boolean hasMother(Reader reader, Named child, PatientClaim mother) {
        for (int i = 1; i <= reader.repetitions(child.pid(), 21); i++) {
            var value = reader.text(child.pid(), 21, i, 1);
            for (var key : mother.identifiers()) {
                if (!key.value().equals(value)) continue;
                if (reader.recorder != null) reader.recorder.again(key);
                return true;
            }
        }
        return false;
    }

    // ------------------------------------------------------------ merges

    private static void merges(
            Reader reader,
            String trigger,
            Message message,
            List<Named> patients,
            List<IdentityStatement> into) {
        for (var mrg : message.lines("MRG")) {
            var patient = before(mrg, patients);
            if (patient == null) continue;
            int field = priorField(trigger);
            int stays = field == 4 ? 2 : field == 2 ? 4 : 3;
            if (field == 1 && reader.repetitions(mrg, 1) == 0 && reader.repetitions(mrg, 4) > 0) {
                // Sent by those who kept the old field when the number of the event changed.
                field = 4;
                stays = 2;
            }
            merge(reader, mrg, field, stays, patient, into);
        }
        if (into.isEmpty() && !reader.findings.hasErrors())
            reader.findings.error(
                    Location.of("MRG", 1).field(priorField(trigger)),
                    ErrorCode.REQUIRED_MISSING,
                    "prior-number-missing",
                    "MRG must say which number went into the patient of the PID before it.");
    }

    private static int priorField(String trigger) {
        if (trigger.equals(BY_ALTERNATE)) return 2;
        return BY_OLD_ID.contains(trigger) ? 4 : 1;
    }

    private static void merge(
            Reader reader,
            Line mrg,
            int field,
            int stays,
            Named patient,
            List<IdentityStatement> into) {
        for (int i = 1; i <= reader.repetitions(mrg, field); i++) {
            var path =
                    (i == 1 ? mrg.location(field) : mrg.location(field).repetition(i)).toString();
            int mark = reader.mark();
            var from = former(reader, mrg, field, i, patient.pid(), stays);
            if (from == null) continue;
            var statement =
                    isPaired(reader, patient, from, stays, i)
                            ? new IdentityStatement.Merged(from, patient.claim(), path)
                            : new IdentityStatement.Unpaired(from, patient.claim(), path);
            reader.told(statement, "from", Rule.PRIOR_NUMBER, reader.since(mark));
            into.add(statement);
        }
    }

    /** The number that went; what it leaves out is said by the one in its place. */
    private static @Nullable RecordKey former(
            Reader reader, Line mrg, int field, int position, Line pid, int stays) {
        var sent = PatientIdentifiers.read(reader, mrg, field, position, stays);
        if (sent == null || reader.partner.merges() == Partner.Merges.TYPE) return sent;
        int mark = reader.mark();
        boolean anyAuthority =
                sent.authority().equals(reader.partner.folder())
                        && reader.text(mrg, field, position, 4, 1).isEmpty()
                        && reader.text(mrg, field, position, 4, 2).isEmpty();
        if (!anyAuthority && !sent.type().isEmpty()) return sent;
        var beside = PatientIdentifiers.read(reader, pid, stays, position, stays);
        if (beside == null) return sent;
        var meant =
                new RecordKey(
                        anyAuthority ? beside.authority() : sent.authority(),
                        sent.type().isEmpty() ? beside.type() : sent.type(),
                        sent.value());
        return isAlike(meant, beside) ? reader.made(Rule.IDENTIFIER, mark, meant, sent) : sent;
    }

    /** Whether the number has one of its kind among those of the patient who stays. */
    private static boolean isPaired(
            Reader reader, Named patient, RecordKey from, int field, int position) {
        if (reader.partner.merges() == Partner.Merges.TYPE) {
            for (int i = 1; i <= reader.repetitions(patient.pid(), field); i++)
                if (isAlike(from, PatientIdentifiers.read(reader, patient.pid(), field, i, field)))
                    return true;
            return false;
        }
        return isAlike(
                from, PatientIdentifiers.read(reader, patient.pid(), field, position, field));
    }

    private static boolean isAlike(RecordKey from, @Nullable RecordKey to) {
        return to != null
                && from.authority().equals(to.authority())
                && (from.type().equals(to.type()) || from.type().isEmpty() || to.type().isEmpty());
    }

    private static @Nullable Named before(Line mrg, List<Named> patients) {
        Named last = null;
        for (var patient : patients) if (patient.pid().index() < mrg.index()) last = patient;
        return last;
    }

    // ------------------------------------------------------------ moves

    /** A43: the number of PID-3 and MRG-1 goes from the patient of MRG-4 to that of PID-2. */
    private static void moves(
            Reader reader, Message message, List<Named> patients, List<IdentityStatement> into) {
        for (var mrg : message.lines("MRG")) {
            var patient = before(mrg, patients);
            if (patient == null) continue;
            var number = PatientIdentifiers.read(reader, mrg, 1, 1, 3);
            if (number == null) number = PatientIdentifiers.read(reader, patient.pid(), 3, 1, 3);
            var from = PatientIdentifiers.read(reader, mrg, 4, 1, 2);
            var to = PatientIdentifiers.read(reader, patient.pid(), 2, 1, 2);
            if (number == null || from == null || to == null) continue;
            into.add(
                    new IdentityStatement.Moved(
                            number,
                            from,
                            patient.claim().as(to, "PID-2"),
                            mrg.location(1).toString()));
        }
        if (into.isEmpty())
            reader.findings.error(
                    Location.of("MRG", 1),
                    ErrorCode.REQUIRED_MISSING,
                    "prior-number-missing",
                    "A43 needs PID-2 (the right patient), PID-3 or MRG-1 (the number that moves)"
                            + " and MRG-4 (the wrong patient).");
    }

    /**
     * A45: the visit of MRG-5 goes from the patient of MRG-1 to that of PID-3; A44: all visits of
     * the account of MRG-3 do (HL7 v2.5.1 §3.3.44, §3.3.45). Where PV1-19 or PID-18 name another
     * number, it is that patient's as well.
     */
    private static void visitMoves(
            Reader reader,
            String trigger,
            Message message,
            List<Named> patients,
            List<IdentityStatement> into) {
        boolean accounts = trigger.equals("A44");
        for (var mrg : message.lines("MRG")) {
            var patient = before(mrg, patients);
            if (patient == null) continue;
            int mark = reader.mark();
            var from = hadIt(reader, mrg, patient);
            if (from == null) continue;
            var read = reader.since(mark);
            var visits = new LinkedHashMap<VisitKey, String>();
            if (accounts) {
                numbers(reader, mrg, 3, VisitKey.Kind.ACCOUNT, visits);
                numbers(reader, patient.pid(), 18, VisitKey.Kind.ACCOUNT, visits);
            } else {
                numbers(reader, mrg, 5, VisitKey.Kind.VISIT, visits);
                behind(mrg, message)
                        .ifPresent(pv1 -> numbers(reader, pv1, 19, VisitKey.Kind.VISIT, visits));
            }
            visits.forEach(
                    (visit, path) -> {
                        var moved =
                                new IdentityStatement.VisitMoved(
                                        visit, from, patient.claim(), path);
                        reader.told(moved, "from", Rule.PRIOR_NUMBER, read);
                        into.add(moved);
                    });
        }
        if (into.isEmpty() && !reader.findings.hasErrors())
            reader.findings.error(
                    Location.of("MRG", 1),
                    ErrorCode.REQUIRED_MISSING,
                    "prior-number-missing",
                    accounts
                            ? "A44 needs MRG-3 (the account) and MRG-1 (the patient who had it)."
                            : "A45 needs MRG-5 (the visit) and MRG-1 (the patient who had it).");
    }

    /** MRG-1: of several numbers the one of the kind that names the patient who has it now. */
    private static @Nullable RecordKey hadIt(Reader reader, Line mrg, Named patient) {
        RecordKey first = null;
        for (int i = 1; i <= reader.repetitions(mrg, 1); i++) {
            var number = former(reader, mrg, 1, i, patient.pid(), 3);
            if (number == null) continue;
            if (isAlike(number, patient.claim().key())) return number;
            if (first == null) first = number;
        }
        return first;
    }

    /** The numbers of visits or accounts in a field, each with its place. */
    private static void numbers(
            Reader reader, Line line, int field, VisitKey.Kind kind, Map<VisitKey, String> into) {
        for (int i = 1; i <= reader.repetitions(line, field); i++) {
            int mark = reader.mark();
            var number = reader.text(line, field, i, 1);
            if (number.isEmpty() || number.equals("\"\"")) continue;
            var authority =
                    Reader.firstSaid(
                            reader.text(line, field, i, 4, 1),
                            reader.text(line, field, i, 4, 2),
                            reader.partner.folder());
            var key =
                    reader.made(
                            Rule.VISIT_NUMBER,
                            mark,
                            new VisitKey(
                                    kind,
                                    reader.key(line, field, i, 4, authority),
                                    reader.key(line, field, i, 1, number)));
            into.putIfAbsent(
                    key,
                    (i == 1 ? line.location(field) : line.location(field).repetition(i))
                            .toString());
        }
    }

    /** The PV1 of this MRG: before the next one. */
    private static Optional<Line> behind(Line mrg, Message message) {
        int end =
                message.lines("MRG").stream()
                        .mapToInt(Line::index)
                        .filter(index -> index > mrg.index())
                        .min()
                        .orElse(Integer.MAX_VALUE);
        return message.lines("PV1").stream()
                .filter(pv1 -> pv1.index() > mrg.index() && pv1.index() < end)
                .findFirst();
    }
}
