package org.chartbridge.intake;

import org.chartbridge.chart.Applied;
import org.chartbridge.chart.ChartGroup;
import org.chartbridge.chart.ChartUpdate;
import org.chartbridge.chart.Doubt;
import org.chartbridge.chart.HoldReason;
import org.chartbridge.chart.IdentityChange;
import org.chartbridge.chart.ItemField;
import org.chartbridge.chart.ListKind;
import org.chartbridge.chart.ListStatement;
import org.chartbridge.chart.Registration;
import org.chartbridge.chart.Results;
import org.chartbridge.chart.Several;
import org.chartbridge.database.Script;
import org.chartbridge.delivery.ApplicationAnswers;
import org.chartbridge.delivery.Chosen;
import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.delivery.HeldBack;
import org.chartbridge.delivery.Leaving;
import org.chartbridge.delivery.NewDelivery;
import org.chartbridge.delivery.SentOrders;
import org.chartbridge.delivery.SentOrders.Claim;
import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.Acknowledgement;
import org.chartbridge.hl7.AnswerPlan;
import org.chartbridge.hl7.Batch;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.NumberedOrders;
import org.chartbridge.hl7.Severity;
import org.chartbridge.hl7.Verdict;
import org.chartbridge.intake.GroupTransaction.Settled;
import org.chartbridge.intake.Reception.Reply;
import org.chartbridge.journal.Entry;
import org.chartbridge.journal.EntryState;
import org.chartbridge.journal.HeldClaim;
import org.chartbridge.journal.HeldClaims;
import org.chartbridge.journal.HeldCodes;
import org.chartbridge.journal.JournalStore;
import org.chartbridge.journal.MessageParts;
import org.chartbridge.journal.Receipts;
import org.chartbridge.partner.Partner;
import org.chartbridge.screening.OrderScreening;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What becomes of each message of a group; long because the ways a message can end stand here
 * together. Whether it is a repeat, what the chart says to it, what its sender is told, and what is
 * to be written and delivered. Changes nothing outside itself but the group's part of the chart.
 */
final class GroupWork {

    /** How many reasons one entry keeps; what is beyond is summed up in one. */
    private static final int MAX_REASONS = 200;

    /** How many orders without a recipient one answer tells; the rest stands on their page. */
    private static final int MAX_WAITING_TOLD = 20;

    /** How many characters of a header field the journal keeps beside the raw bytes. */
    private static final int MAX_HEADER_CHARACTERS = 250;

    /** How a statement of several segments names them, for example {@code OBX[2-4]}. */
    private static final Pattern SPAN = Pattern.compile("\\[(\\d+)-\\d+]");

    private static final Logger log = LoggerFactory.getLogger(GroupWork.class);

    private final Instant now;
    private final Receipts receipts;
    private final ChartGroup chartGroup;
    private final DeliveryStore deliveries;
    private final List<Ending> endings = new ArrayList<>();
    private final List<Settled> settled = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Entry> resumed = new ArrayList<>();
    private final List<Long> resumedHolding = new ArrayList<>();
    private final List<Long> repeats = new ArrayList<>();
    private final List<HeldClaim> claims = new ArrayList<>();
    private final List<MessageParts.Part> parts = new ArrayList<>();
    private final List<HeldClaims.Followed> followed = new ArrayList<>();
    private final List<NewDelivery> staged = new ArrayList<>();
    private final List<ApplicationAnswers.Came> acknowledged = new ArrayList<>();
    private final Set<Long> cancelling = new HashSet<>();
    private final Set<Long> alerting = new HashSet<>();
    private final Map<String, Claim> claimed = new LinkedHashMap<>();
    private final Map<String, String> taken = new HashMap<>();
    private final Map<Long, BitSet> overtaken = new HashMap<>();

    /**
     * What becomes of a message, before its answer is written.
     *
     * @param answered what its sender is told
     * @param remarks what stands beside it for people
     */
    private record Ending(
            Submission submission,
            EntryState state,
            Verdict verdict,
            List<Fault> answered,
            List<Fault> remarks,
            @Nullable Long recordId) {

        /** Whether what it sends on leaves, for the first time. */
        boolean isFree() {
            return (state == EntryState.CHARTED || state == EntryState.IGNORED)
                    && !submission.sent();
        }

        @Override
        public String toString() {
            return "Ending[" + submission.entryId() + "]";
        }
    }

    /**
     * A charted message whose orders are to be screened.
     *
     * @param recordId of whom it was charted
     * @param unread what it orders and could not be charted
     */
    record ToScreen(Submission submission, long recordId, List<Fault> unread) {
        ToScreen {
            unread = List.copyOf(unread);
        }
    }

    GroupWork(Instant now, Receipts receipts, ChartGroup chartGroup, DeliveryStore deliveries) {
        this.now = now;
        this.receipts = receipts;
        this.chartGroup = chartGroup;
        this.deliveries = deliveries;
    }

    void write(Script script, JournalStore journal) {
        journal.write(script, entries);
        journal.settle(script, resumed);
        MessageParts.write(script, parts);
        HeldClaims.settled(script, resumed.stream().map(Entry::id).toList());
        HeldClaims.write(script, claims);
        // Before anything is released: what waits for a code alone is not.
        HeldCodes.resumed(script, resumedHolding);
        HeldCodes.write(script, codeWaits());
        HeldClaims.releaseNext(
                script,
                resumed.stream()
                        .filter(entry -> entry.state() != EntryState.HELD)
                        .map(Entry::id)
                        .toList());
        HeldClaims.followed(script, followed);
        HeldClaims.releaseNamed(
                script,
                chartGroup.changedPatients().stream()
                        .map(key -> new HeldClaims.Named(key.authority(), key.type(), key.value()))
                        .toList());
        HeldClaims.release(script, chartGroup.goingOn());
        HeldClaims.releaseHad(
                script,
                chartGroup.freed().stream()
                        .map(one -> HeldClaims.reportNumber(one.partner(), one.number()))
                        .toList());
        journal.countRepeats(script, repeats);
        deliveries.stage(script, staged);
        ApplicationAnswers.write(script, acknowledged);
    }

    private List<HeldCodes.Waits> codeWaits() {
        return chartGroup.codeWaits().stream()
                .map(
                        wait ->
                                new HeldCodes.Waits(
                                        wait.entryId(),
                                        wait.partner(),
                                        wait.orders(),
                                        wait.missing().stream()
                                                .map(
                                                        test ->
                                                                new HeldCodes.Test(
                                                                        test.code(),
                                                                        test.text(),
                                                                        test.unit(),
                                                                        test.saidAt()))
                                                .toList()))
                .toList();
    }

    /** Folds one message; what it is answered and what it sends on is decided by {@link #end}. */
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
                                true,
                                List.of()));
                return;
            }
        }
        switch (submission.prepared()) {
            case Prepared.ToStore() ->
                    ends(
                            submission,
                            EntryState.RECEIVED,
                            Verdict.ACCEPT,
                            List.of(),
                            List.of(),
                            null);
            case Prepared.Decided(var state, var verdict, var answered, var remarks, _) ->
                    ends(submission, state, verdict, answered, remarks, null);
            case Prepared.Answered answered -> {
                boolean positive = answered.state() == EntryState.IGNORED;
                var faults = answered.response().faults();
                ends(
                        submission,
                        answered.state(),
                        answered.verdict(),
                        faults,
                        positive ? List.of(queryAnswered()) : List.of(),
                        null);
            }
            case Prepared.Acknowledged its -> {
                // What is only charted again was noted when it came.
                if (!submission.sent())
                    acknowledged.add(
                            new ApplicationAnswers.Came(
                                    submission.entryId(),
                                    submission.folder(),
                                    its.deliveryId(),
                                    its.code(),
                                    its.words(),
                                    submission.receivedAt()));
                ends(
                        submission,
                        EntryState.IGNORED,
                        Verdict.ACCEPT,
                        its.answered(),
                        its.remarks(),
                        null);
            }
            case Prepared.Part part -> {
                parts.add(
                        new MessageParts.Part(
                                submission.entryId(),
                                submission.folder(),
                                part.fragment(),
                                part.saidAt()));
                ends(submission, EntryState.HELD, Verdict.ACCEPT, part.told(), List.of(), null);
            }
            case Prepared.ToChart(var update, var remarks, _) -> chart(submission, update, remarks);
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
            ends(submission, EntryState.HELD, Verdict.ACCEPT, List.of(internal()), remarks, null);
            return;
        }
        switch (applied) {
            case Applied.Changed changed -> {
                if (!submission.sent() && cancels(update)) cancelling.add(changed.recordId());
                if (OrderScreening.mayAlert(update)) alerting.add(submission.entryId());
                var decision = chartGroup.decision(update);
                if (decision != null)
                    followed.add(new HeldClaims.Followed(submission.entryId(), decision));
                var old = Overtaken.in(changed.remarks());
                if (!old.isEmpty()) overtaken.put(submission.entryId(), old);
                ends(
                        submission,
                        EntryState.CHARTED,
                        Verdict.ACCEPT,
                        List.of(),
                        with(remarks, changed.remarks()),
                        changed.recordId());
            }
            case Applied.Held(var doubts) -> {
                claims.add(claim(submission, update, doubts));
                ends(
                        submission,
                        EntryState.HELD,
                        Verdict.ACCEPT,
                        doubts.stream().map(GroupWork::fault).toList(),
                        remarks,
                        null);
            }
        }
    }

    /** The records of whom an order was cancelled. */
    Set<Long> cancelling() {
        return cancelling;
    }

    /** Charted messages that may open an alert about what was ordered before. */
    Set<Long> alerting() {
        return alerting;
    }

    private static boolean cancels(ChartUpdate update) {
        for (var part : update.parts())
            if (part instanceof Registration registration)
                for (var list : registration.lists()) if (cancels(list)) return true;
        return false;
    }

    private static boolean cancels(ListStatement list) {
        if (list.kind() != ListKind.MEDICATION_ORDER && list.kind() != ListKind.PLACED_ORDER)
            return false;
        for (var item : list.items()) {
            var state = item.fields().get(ItemField.STATE);
            if (item.removed() || (state != null && state.text().equals("cancelled"))) return true;
        }
        return false;
    }

    private HeldClaim claim(Submission submission, ChartUpdate update, List<Doubt> doubts) {
        var part = chartGroup.heldPart(update);
        var key = part.patient().key();
        return new HeldClaim(
                submission.entryId(),
                submission.folder(),
                key.authority(),
                key.type(),
                key.value(),
                chartGroup.claim(part),
                doubts.stream().anyMatch(doubt -> doubt.reason().isAboutPatient()),
                doubts.stream()
                        .anyMatch(doubt -> doubt.reason() == HoldReason.STATUS_WITHOUT_RESULT),
                waitsFor(part, doubts),
                isUrgent(submission, update));
    }

    /** Whose visit, or which order number, has to be free first. */
    private HeldClaims.@Nullable Named waitsFor(ChartUpdate part, List<Doubt> doubts) {
        return switch (part) {
            case IdentityChange change ->
                    change.had()
                            .map(
                                    had ->
                                            new HeldClaims.Named(
                                                    had.authority(), had.type(), had.value()))
                            .orElse(null);
            case Results results -> {
                var number = chartGroup.waitsForNumber(results, doubts);
                yield number == null
                        ? null
                        : HeldClaims.reportNumber(number.partner(), number.number());
            }
            case Registration _, Several _ -> null;
        };
    }

    private static boolean isUrgent(Submission submission, ChartUpdate update) {
        var partner = submission.partner();
        return update.parts().stream()
                        .anyMatch(one -> one instanceof Results results && results.isUrgent())
                && (partner == null || !BackLoad.is(partner, update));
    }

    private void ends(
            Submission submission,
            EntryState state,
            Verdict verdict,
            List<Fault> answered,
            List<Fault> remarks,
            @Nullable Long recordId) {
        endings.add(new Ending(submission, state, verdict, answered, remarks, recordId));
    }

    /**
     * The charted messages of the group that order something to be screened. One whose deliveries
     * left before is not: it is charted again, not ordered again.
     */
    List<ToScreen> toScreen(OrderScreening screening) {
        var found = new ArrayList<ToScreen>();
        for (var ending : endings) {
            var record = ending.recordId();
            if (record == null || ending.submission().sent()) continue;
            var unread = Screened.unread(ending.remarks());
            if (ending.submission().prepared() instanceof Prepared.ToChart(var update, _, _)
                    && screening.concerns(
                            update, !unread.isEmpty(), Screened.isAsked(ending.submission())))
                found.add(new ToScreen(ending.submission(), record, unread));
        }
        return found;
    }

    /**
     * Claims the numbers of the orders that are sent as new, before {@link #end}; costs a round
     * trip where there are some.
     */
    void claim(Connection connection) throws SQLException {
        for (var ending : endings) {
            if (!ending.isFree()) continue;
            for (var one : ending.submission().prepared().deliveries())
                for (var order : one.orders())
                    if (order.first())
                        claimed.putIfAbsent(
                                order.key(),
                                new Claim(
                                        order.key(),
                                        one.destination(),
                                        ending.submission().entryId(),
                                        order.patient()));
        }
        if (!claimed.isEmpty()) taken.putAll(SentOrders.claim(connection, claimed.values()));
    }

    /** What a message sends on; where others were faster with a number, its steps say it again. */
    private List<StagedDelivery> deliveries(Submission submission) {
        var all = submission.prepared().deliveries();
        var went = new HashMap<String, String>();
        for (var one : all)
            for (var order : one.orders()) {
                var claim = claimed.get(order.key());
                if (!order.first() || claim == null) continue;
                var other = taken.get(order.key());
                if (other != null) went.put(order.key(), other);
                else if (claim.entryId() != submission.entryId())
                    went.put(order.key(), claim.destination());
            }
        if (went.isEmpty()) return all;
        var again = new ArrayList<StagedDelivery>();
        var asked = new ArrayList<StagedDelivery.Again>();
        for (var one : all) {
            var step = one.again();
            if (step == null) again.add(one);
            else if (!asked.contains(step)) {
                asked.add(step);
                again.addAll(step.given(went));
            }
        }
        return again;
    }

    /** What a message sends on, without what a later word has overtaken. */
    private List<StagedDelivery> current(Submission submission) {
        var all = deliveries(submission);
        var old = overtaken.get(submission.entryId());
        var partner = submission.partner();
        return old == null || partner == null
                ? all
                : Overtaken.leftOut(all, old, submission.raw(), partner.charset());
    }

    /** Keys that are still to be noted: those that are claimed are. */
    private List<String> toNote(Submission submission, List<Leaving> orders) {
        return orders.stream()
                .map(Leaving::key)
                .filter(key -> !isClaimed(submission, key))
                .toList();
    }

    private boolean isClaimed(Submission submission, String key) {
        var claim = claimed.get(key);
        return claim != null && claim.entryId() == submission.entryId() && !taken.containsKey(key);
    }

    /**
     * Decides what every message is answered and what it sends on, in the order they were folded.
     *
     * @param screened what was found about those that were screened, by their entry
     */
    void end(Map<Long, Screened> screened) {
        for (var ending : endings)
            finish(ending, screened.getOrDefault(ending.submission().entryId(), Screened.CLEAR));
        endings.clear();
    }

    private void finish(Ending ending, Screened screened) {
        var submission = ending.submission();
        var decided = ending.state();
        var verdict = ending.verdict();
        var answered = new ArrayList<>(ending.answered());
        answered.addAll(screened.faults());
        // A held message reaches nobody, a refused one neither; one that is only stored decides
        // later.
        var leaving = ending.isFree() ? current(submission) : List.<StagedDelivery>of();
        answered.addAll(waiting(leaving));
        var due = submission.plan().due(verdict);
        boolean query = submission.prepared() instanceof Prepared.Answered;
        var state = query ? decided : keptBy(decided, verdict, due);
        var code = due.now();
        byte[] answer = null;
        var reasons = new ArrayList<>(answered);
        reasons.addAll(ending.remarks());
        if (submission.receipt() != null
                && submission.stored() == null
                && receipts.knowsControlId(submission.receipt())) reasons.add(controlIdReused());
        var numbers = numbers(ending);
        boolean tells = code != null && tells(submission, code);
        if (code != null) answer = answer(submission, code, answered, now);
        if (answer != null && tells) answer = NumbersGiven.told(numbers, answer, submission);
        var entry =
                entry(
                        submission,
                        state,
                        code == null ? "" : code.name(),
                        answer,
                        limited(reasons),
                        ending.recordId(),
                        state == EntryState.RECEIVED ? null : now);
        if (submission.stored() == null) entries.add(entry);
        else {
            resumed.add(entry);
            var partner = submission.partner();
            if (partner != null && partner.codes().unknown() == Partner.UnknownCodes.HOLD)
                resumedHolding.add(entry.id());
        }
        int before = staged.size();
        stage(submission, entry, leaving, screened.holds());
        if (due.later() != null && state != EntryState.RECEIVED)
            stageAnswer(submission, due.later(), answered, numbers);
        else if (!numbers.isEmpty() && !tells)
            stageAnswer(submission, AckCode.AA, answered, numbers);
        settled.add(new Settled(submission, state, reply(answer), false, destinationsFrom(before)));
    }

    /** What its orders are given that asked for a number; told once. */
    private static NumberedOrders numbers(Ending ending) {
        return ending.state() == EntryState.CHARTED
                        && !ending.submission().sent()
                        && ending.submission().prepared()
                                instanceof Prepared.ToChart(var update, _, _)
                ? NumbersGiven.in(update)
                : NumberedOrders.NONE;
    }

    /** Whether the answer on the connection is one that can tell the numbers of orders. */
    private static boolean tells(Submission submission, AckCode code) {
        var partner = submission.partner();
        return code.isApplication()
                && submission.stored() == null
                && partner != null
                && partner.answerAs() == Partner.AnswerAs.RESPONSE;
    }

    /**
     * Refused is what the sender was told that we did not take. Where it asked to be told nothing
     * of the kind, or only that it has arrived, it will not send again: then the message is ours,
     * and a person has to look at it.
     */
    static EntryState keptBy(EntryState decided, Verdict verdict, AnswerPlan.Due due) {
        boolean ours = verdict == Verdict.ERROR || verdict == Verdict.UNAVAILABLE;
        return decided == EntryState.REFUSED && ours && !due.tellsOfFailure()
                ? EntryState.HELD
                : decided;
    }

    private List<String> destinationsFrom(int index) {
        return staged.size() == index
                ? List.of()
                : staged.subList(index, staged.size()).stream()
                        .map(NewDelivery::destination)
                        .toList();
    }

    /** What waits because no recipient was found: its sender is told. */
    static List<Fault> waiting(List<StagedDelivery> leaving) {
        return leaving.stream()
                .map(StagedDelivery::waits)
                .flatMap(Stream::ofNullable)
                .limit(MAX_WAITING_TOLD)
                .toList();
    }

    private void stage(
            Submission submission, Entry entry, List<StagedDelivery> leaving, boolean holds) {
        for (var one : leaving) {
            var body = one.body();
            var to = holds ? HeldBack.queue(one.destination()) : one.destination();
            if (body != null)
                stage(submission, to, body, toNote(submission, one.orders()), one.chosen());
            else
                staged.add(
                        new NewDelivery(
                                deliveries.nextId(),
                                entry.id(),
                                to,
                                entry.controlId(),
                                entry.type(),
                                entry.raw().length,
                                null,
                                now,
                                toNote(submission, one.orders()),
                                one.chosen(),
                                0));
        }
    }

    private void stage(
            Submission submission,
            String destination,
            byte[] body,
            List<String> orders,
            List<Chosen> chosen) {
        var header = Header.read(body);
        staged.add(
                new NewDelivery(
                        deliveries.nextId(),
                        submission.entryId(),
                        destination,
                        storable(header.map(Header::controlId)),
                        storable(header.map(GroupWork::type)),
                        body.length,
                        body,
                        now,
                        orders,
                        chosen,
                        0));
    }

    /**
     * The application acknowledgement that is an exchange of its own.
     *
     * @param numbers that it tells: then it is the response that can, whatever else is wanted
     */
    private void stageAnswer(
            Submission submission, AckCode code, List<Fault> faults, NumberedOrders numbers) {
        var partner = submission.partner();
        if (partner == null || partner.applicationAcks().isEmpty()) return;
        if (submission.prepared() instanceof Prepared.Answered(var response, _)) {
            stage(
                    submission,
                    partner.applicationAcks(),
                    response.write("CB" + submission.entryId() + "A", now, partner.zone(), true),
                    List.of(),
                    List.of());
            return;
        }
        stage(
                submission,
                partner.applicationAcks(),
                NumbersGiven.told(
                        numbers,
                        Acknowledgement.later(
                                submission.raw(),
                                code,
                                told(code, faults),
                                "CB" + submission.entryId() + "A",
                                now,
                                partner.zone(),
                                !numbers.isEmpty()
                                        || partner.answerAs() == Partner.AnswerAs.RESPONSE),
                        submission),
                List.of(),
                List.of());
    }

    List<Settled> settled() {
        return settled;
    }

    private static Reply reply(byte @Nullable [] answer) {
        return answer == null ? new Reply.NoAnswer() : new Reply.Answer(answer);
    }

    private static byte[] answer(
            Submission submission, AckCode code, List<Fault> faults, Instant now) {
        var partner = submission.partner();
        if (submission.prepared() instanceof Prepared.Answered(var response, _)
                && code.isApplication()
                && partner != null)
            return response.write("CB" + submission.entryId(), now, partner.zone(), false);
        return Acknowledgement.of(
                submission.raw(),
                code,
                told(code, faults),
                "CB" + submission.entryId(),
                now,
                partner == null ? ZoneId.of("UTC") : partner.zone(),
                partner != null && partner.answerAs() == Partner.AnswerAs.RESPONSE);
    }

    /**
     * The faults that an answer of this code tells: CA says only that the message is stored, and AA
     * has no errors, so that what is held in spite of some is told of them as warnings.
     */
    private static List<Fault> told(AckCode code, List<Fault> faults) {
        if (faults.isEmpty() || !code.positive()) return faults;
        if (code == AckCode.CA) return List.of();
        return faults.stream()
                .map(
                        f ->
                                f.severity() == Severity.E
                                        ? Fault.warning(
                                                f.location(), f.code(), f.reason(), f.text())
                                        : f)
                .toList();
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
                storable(header.map(GroupWork::sender)),
                submission.receipt() == null
                        ? storable(header.map(Header::controlId))
                        : submission.receipt().controlId(),
                type(submission),
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

    private static String type(Submission submission) {
        var header = submission.header();
        if (header.isPresent()) return storable(header.map(GroupWork::type));
        return Batch.isEnvelope(submission.raw())
                ? new String(submission.raw(), 0, 3, StandardCharsets.US_ASCII)
                : "";
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

    static List<Fault> with(List<Fault> remarks, List<Applied.Remark> more) {
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
    static Location place(String path) {
        return Location.parse(SPAN.matcher(path).replaceFirst("[$1]"));
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

    static Fault fault(Doubt doubt) {
        return Fault.warning(
                place(doubt.path()), code(doubt.reason()), doubt.reason().id(), doubt.text());
    }

    /** Table 0357 for the reasons to hold. */
    private static ErrorCode code(HoldReason reason) {
        return switch (reason) {
            case PATIENT_NOT_KNOWN,
                    PATIENT_MATCH_UNCERTAIN,
                    WAITS_FOR_EARLIER,
                    WAITS_FOR_ORDER,
                    ORDER_NOT_KNOWN,
                    STATUS_WITHOUT_RESULT ->
                    ErrorCode.UNKNOWN_KEY;
            case CODE_NOT_KNOWN,
                    ORDER_NUMBER_AMBIGUOUS,
                    CODING_SYSTEM_DIFFERS,
                    VALUE_TOLD_APART_OTHERWISE,
                    CODE_WRITTEN_OTHERWISE,
                    SUB_ID_DIFFERS,
                    MERGE_NOT_TRUSTED,
                    MERGE_NOT_PAIRED,
                    LINK_OF_RELATIVES ->
                    ErrorCode.TABLE_VALUE;
            case KNOWN_IDENTIFIER_OTHER_BIRTH_DATE,
                    KNOWN_IDENTIFIER_OTHER_NAME,
                    KNOWN_IDENTIFIER_OTHER_PERSON,
                    MERGE_WITH_ITSELF,
                    MERGE_IN_A_RING,
                    MERGED_ELSEWHERE,
                    MERGE_OF_STRANGERS,
                    KEPT_APART,
                    UNLINK_OF_MERGED,
                    UNLINK_OF_JOINED,
                    VISIT_OF_ANOTHER_PATIENT,
                    ORDER_NUMBER_OF_ANOTHER_PATIENT,
                    ORDER_OF_ANOTHER_PATIENT,
                    DOCUMENT_OF_ANOTHER_PATIENT,
                    ORDERS_OF_SEVERAL,
                    COLLECTED_TOO_FAR_APART ->
                    ErrorCode.DUPLICATE_KEY;
            case ORDER_NUMBER_MISSING -> ErrorCode.REQUIRED_MISSING;
        };
    }

    private static Fault queryAnswered() {
        return Fault.information(
                Location.of("MSH", 1).field(9),
                ErrorCode.ACCEPTED,
                "query-answered",
                "a query, answered from the chart; it changes nothing");
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
