package org.chartbridge.intake;

import org.chartbridge.chart.Applied;
import org.chartbridge.chart.ChartGroup;
import org.chartbridge.chart.ChartStore;
import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.chart.Doubt;
import org.chartbridge.chart.HoldReason;
import org.chartbridge.database.Script;
import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.delivery.NewDelivery;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.Acknowledgement;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Verdict;
import org.chartbridge.intake.Reception.Reply;
import org.chartbridge.journal.Entry;
import org.chartbridge.journal.EntryState;
import org.chartbridge.journal.JournalStore;
import org.chartbridge.journal.Receipts;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One transaction for a group of messages, in four steps: lock and read, fold each in order, write
 * set-based, commit. Three round trips to the database, whatever the size of the group.
 */
@Component
class GroupTransaction {

    /** How many reasons one entry keeps; what is beyond is summed up in one. */
    private static final int MAX_REASONS = 200;

    /** How many characters of a header field the journal keeps beside the raw bytes. */
    private static final int MAX_HEADER_CHARACTERS = 250;

    /** How a statement of several segments names them, for example {@code OBX[2-4]}. */
    private static final Pattern SPAN = Pattern.compile("\\[(\\d+)-\\d+]");

    private static final Pattern SEVERAL_SEGMENTS = Pattern.compile("\\[(\\d+)-\\d+]");

    /** SQLSTATE 23505. */
    private static final String UNIQUE_VIOLATION = "23505";

    private static final Logger log = LoggerFactory.getLogger(GroupTransaction.class);

    /** A message and what became of it; the reply may leave once this is committed. */
    record Settled(Submission submission, EntryState state, Reply reply, boolean repeat) {}

    private final JournalStore journal;
    private final ChartStore chart;
    private final DeliveryStore deliveries;
    private final StageTimes times;
    private final Clock clock;

    GroupTransaction(
            JournalStore journal,
            ChartStore chart,
            DeliveryStore deliveries,
            StageTimes times,
            Clock clock) {
        this.journal = journal;
        this.chart = chart;
        this.deliveries = deliveries;
        this.times = times;
        this.clock = clock;
    }

    /**
     * Runs the group on a connection that doesn't commit by itself.
     *
     * @return one for each submission but those that another engine settled meanwhile
     * @throws SQLException when nothing was committed, or when it is unknown (a lost connection)
     */
    List<Settled> run(Connection connection, List<Submission> group) throws SQLException {
        if (group.stream().allMatch(GroupTransaction::needsNoChart)) {
            var settled = runWithoutChart(connection, group);
            if (settled != null) return settled;
        }
        long start = System.nanoTime();
        var updates = updates(group);
        chart.prepare(updates);
        var now = clock.instant();
        var reading = new Script();
        var receipts = readReceipts(reading, group);
        var claimed =
                journal.claimReceived(
                        reading,
                        group.stream()
                                .filter(s -> s.stored() != null)
                                .mapToLong(Submission::entryId)
                                .toArray());
        var chartGroup = chart.group(now);
        chart.read(reading, chartGroup, updates);
        reading.send(connection);
        times.lockAndRead(start);

        start = System.nanoTime();
        var work = new Work(now, receipts, chartGroup, deliveries);
        for (var submission : group) {
            if (submission.stored() == null || claimed.contains(submission.entryId()))
                work.settle(submission);
        }
        times.fold(start);

        start = System.nanoTime();
        var writing = new Script();
        work.write(writing, journal);
        chart.write(writing, chartGroup);
        writing.send(connection);
        times.write(start);
        commit(connection, group);
        return work.settled;
    }

    /** A message that only the journal has to know before it is answered. */
    private static boolean needsNoChart(Submission submission) {
        return submission.stored() == null
                && switch (submission.prepared()) {
                    case Prepared.ToChart _ -> false;
                    case Prepared.ToStore _, Prepared.Decided _ -> true;
                };
    }

    /**
     * Writes as if nothing had come before and asks in the same round trip whether something had,
     * which is rare: then nothing was done.
     *
     * @return null when one of the messages is a repeat, or has the MSH-10 of another
     */
    private @Nullable List<Settled> runWithoutChart(Connection connection, List<Submission> group)
            throws SQLException {
        long start = System.nanoTime();
        var now = clock.instant();
        var work = new Work(now, new Receipts(), chart.group(now), deliveries);
        group.forEach(work::settle);
        times.fold(start);

        start = System.nanoTime();
        var script = new Script();
        var receipts = readReceipts(script, group);
        work.write(script, journal);
        try {
            script.send(connection);
        } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) throw e;
            connection.rollback(); // The receipt of a repeat is there already.
            return null;
        }
        times.write(start);
        if (!receipts.isEmpty()) {
            connection.rollback();
            return null;
        }
        commit(connection, group);
        return work.settled;
    }

    private Receipts readReceipts(Script script, List<Submission> group) {
        return journal.readReceipts(
                script,
                group.stream()
                        .filter(s -> s.stored() == null)
                        .map(Submission::receipt)
                        .filter(Objects::nonNull)
                        .toList());
    }

    private void commit(Connection connection, List<Submission> group) throws SQLException {
        long start = System.nanoTime();
        connection.commit();
        times.commit(start);
        times.group(group.size());
    }

    private static List<ChartUpdate> updates(List<Submission> group) {
        var updates = new ArrayList<ChartUpdate>(group.size());
        for (var submission : group)
            if (submission.prepared() instanceof Prepared.ToChart(var update, _, _))
                updates.add(update);
        return updates;
    }

    /** The fold of one group. */
    private static final class Work {

        private final Instant now;
        private final Receipts receipts;
        private final ChartGroup chartGroup;
        private final DeliveryStore deliveries;
        private final List<Settled> settled = new ArrayList<>();
        private final List<Entry> entries = new ArrayList<>();
        private final List<Entry> resumed = new ArrayList<>();
        private final List<Long> repeats = new ArrayList<>();
        private final List<NewDelivery> staged = new ArrayList<>();

        Work(Instant now, Receipts receipts, ChartGroup chartGroup, DeliveryStore deliveries) {
            this.now = now;
            this.receipts = receipts;
            this.chartGroup = chartGroup;
            this.deliveries = deliveries;
        }

        void write(Script script, JournalStore journal) {
            journal.write(script, entries);
            journal.settle(script, resumed);
            journal.countRepeats(script, repeats);
            deliveries.stage(script, staged);
        }

        void settle(Submission submission) {
            if (submission.stored() == null && submission.receipt() != null) {
                var receipt = receipts.of(submission.receipt());
                if (receipt.isPresent()) {
                    repeats.add(receipt.get().entryId());
                    settled.add(
                            new Settled(
                                    submission,
                                    EntryState.RECEIVED,
                                    reply(receipt.get().answer()),
                                    true));
                    return;
                }
            }
            switch (submission.prepared()) {
                case Prepared.ToStore() ->
                        finish(
                                submission,
                                EntryState.RECEIVED,
                                Verdict.ACCEPT,
                                List.of(),
                                List.of(),
                                null);
                case Prepared.Decided(var state, var verdict, var answered, var remarks, _) ->
                        finish(submission, state, verdict, answered, remarks, null);
                case Prepared.ToChart(var update, var remarks, _) ->
                        chart(submission, update, remarks);
            }
        }

        private void chart(Submission submission, ChartUpdate update, List<Fault> remarks) {
            Applied applied;
            try {
                applied = chartGroup.apply(update, submission.entryId());
            } catch (RuntimeException e) {
                // A bug of ours: the message is kept for a person, the others go on. Exception
                // texts
                // may hold content, so only the class is told.
                log.atError()
                        .addKeyValue("entryId", submission.entryId())
                        .addKeyValue("exception", e.getClass().getName())
                        .log("folding failed, message held");
                finish(
                        submission,
                        EntryState.HELD,
                        Verdict.ACCEPT,
                        List.of(internal()),
                        remarks,
                        null);
                return;
            }
            switch (applied) {
                case Applied.Changed changed ->
                        finish(
                                submission,
                                EntryState.CHARTED,
                                Verdict.ACCEPT,
                                List.of(),
                                with(remarks, changed.remarks()),
                                changed.recordId());
                case Applied.Held(var doubts) ->
                        finish(
                                submission,
                                EntryState.HELD,
                                Verdict.ACCEPT,
                                doubts.stream().map(GroupTransaction::fault).toList(),
                                remarks,
                                null);
            }
        }

        private void finish(
                Submission submission,
                EntryState state,
                Verdict verdict,
                List<Fault> answered,
                List<Fault> remarks,
                @Nullable Long recordId) {
            var code = submission.plan().answer(verdict);
            byte[] answer = null;
            var reasons = new ArrayList<>(answered);
            reasons.addAll(remarks);
            if (submission.receipt() != null
                    && submission.stored() == null
                    && receipts.knowsControlId(submission.receipt()))
                reasons.add(controlIdReused());
            if (code.isPresent() && submission.stored() == null)
                answer = answer(submission, code.get(), answered, now);
            var entry =
                    entry(
                            submission,
                            state,
                            code.map(AckCode::name).orElse(""),
                            answer,
                            limited(reasons),
                            recordId,
                            state == EntryState.RECEIVED ? null : now);
            if (submission.stored() == null) entries.add(entry);
            else resumed.add(entry);
            // A held message reaches nobody, a refused one neither; one that is only stored decides
            // later.
            if (state == EntryState.CHARTED || state == EntryState.IGNORED)
                stage(submission, entry);
            settled.add(new Settled(submission, state, reply(answer), false));
        }

        private void stage(Submission submission, Entry entry) {
            for (var one : submission.prepared().deliveries()) {
                var body = one.body();
                var header = body == null ? Optional.<Header>empty() : Header.read(body);
                staged.add(
                        new NewDelivery(
                                deliveries.nextId(),
                                entry.id(),
                                one.destination(),
                                body == null
                                        ? entry.controlId()
                                        : storable(header.map(Header::controlId)),
                                body == null
                                        ? entry.type()
                                        : storable(header.map(GroupTransaction::type)),
                                body == null ? entry.raw().length : body.length,
                                body,
                                now));
            }
        }
    }

    private static Reply reply(byte @Nullable [] answer) {
        return answer == null ? new Reply.NoAnswer() : new Reply.Answer(answer);
    }

    private static byte[] answer(
            Submission submission, AckCode code, List<Fault> faults, Instant now) {
        var zone = submission.partner() == null ? ZoneId.of("UTC") : submission.partner().zone();
        return Acknowledgement.of(
                submission.raw(), code, faults, "CB" + submission.entryId(), now, zone);
    }

    private static Entry entry(
            Submission submission,
            EntryState state,
            String answerCode,
            byte @Nullable [] answer,
            List<Fault> reasons,
            @Nullable Long recordId,
            @Nullable Instant settledAt) {
        var header = submission.header();
        return new Entry(
                submission.entryId(),
                submission.receivedAt(),
                submission.folder(),
                submission.route(),
                submission.partner() == null ? "" : submission.partner().version(),
                submission.peer(),
                storable(header.map(GroupTransaction::sender)),
                submission.receipt() == null
                        ? storable(header.map(Header::controlId))
                        : submission.receipt().controlId(),
                storable(header.map(GroupTransaction::type)),
                storable(header.map(Header::version)),
                storable(header.map(Header::processingId)),
                submission.raw(),
                state,
                answerCode,
                answer,
                reasons,
                recordId,
                submission.receipt(),
                settledAt);
    }

    private static String sender(Header header) {
        return header.sendingApplication().namespace() + "|" + header.sendingFacility().namespace();
    }

    private static String type(Header header) {
        return header.triggerEvent().isEmpty()
                ? header.messageCode()
                : header.messageCode() + "^" + header.triggerEvent();
    }

    /** A header field as PostgreSQL takes it: without control characters, of bounded length. */
    static String storable(Optional<String> field) {
        var text = field.orElse("");
        var clean = new StringBuilder(Math.min(text.length(), MAX_HEADER_CHARACTERS));
        text.codePoints()
                .filter(c -> !Character.isISOControl(c) && (c < 0xD800 || c > 0xDFFF))
                .limit(MAX_HEADER_CHARACTERS)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }

    private static List<Fault> with(List<Fault> remarks, List<Applied.Remark> more) {
        if (more.isEmpty()) return remarks;
        var all = new ArrayList<>(remarks);
        for (var remark : more)
            all.add(
                    Fault.information(
                            place(remark.path()),
                            ErrorCode.ACCEPTED,
                            remark.reason(),
                            remark.text()));
        return all;
    }

    /** Where a statement stands; of one that spans {@code OBX[2-4]}, its first segment. */
    private static Location place(String path) {
        return Location.parse(SPAN.matcher(path).replaceFirst("[$1]"));
    }

    /** The place of a fact's path; of several segments ({@code OBX[2-5]}) the first. */
    static Location placeOf(String path) {
        return Location.parse(SEVERAL_SEGMENTS.matcher(path).replaceFirst("[$1]"));
    }

    private static List<Fault> limited(List<Fault> reasons) {
        if (reasons.size() <= MAX_REASONS) return reasons;
        var some = new ArrayList<>(reasons.subList(0, MAX_REASONS - 1));
        some.add(
                Fault.information(
                        null,
                        ErrorCode.ACCEPTED,
                        "further-reasons",
                        (reasons.size() - some.size()) + " further remarks are left out"));
        return some;
    }

    private static Fault fault(Doubt doubt) {
        return Fault.warning(
                place(doubt.path()), code(doubt.reason()), doubt.reason().id(), doubt.text());
    }

    /** Table 0357 for the reasons to hold. */
    private static ErrorCode code(HoldReason reason) {
        return switch (reason) {
            case PATIENT_NOT_KNOWN, PATIENT_MATCH_UNCERTAIN, STATUS_WITHOUT_RESULT ->
                    ErrorCode.UNKNOWN_KEY;
            case KNOWN_IDENTIFIER_OTHER_BIRTH_DATE,
                    KNOWN_IDENTIFIER_OTHER_NAME,
                    KNOWN_IDENTIFIER_OTHER_PERSON,
                    VISIT_OF_ANOTHER_PATIENT,
                    ORDER_NUMBER_OF_ANOTHER_PATIENT,
                    COLLECTED_TOO_FAR_APART ->
                    ErrorCode.DUPLICATE_KEY;
            case ORDER_NUMBER_MISSING -> ErrorCode.REQUIRED_MISSING;
        };
    }

    private static Fault controlIdReused() {
        return Fault.warning(
                Location.of("MSH", 1).field(10),
                ErrorCode.DUPLICATE_KEY,
                "control-id-reused",
                "this MSH-10 was used before for other content; both messages were processed");
    }

    /** What a message is held for when the fault is ours. */
    static Fault internal() {
        return Fault.warning(
                null,
                ErrorCode.INTERNAL,
                "not-storable",
                "the message could not be charted because of a fault in Chartbridge; it is kept"
                        + " and waits for a person. Please report it");
    }
}
