package org.chartbridge.intake;

import org.chartbridge.delivery.StagedDelivery;
import org.chartbridge.hl7.AnswerPlan;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Fragment;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Hl7Time;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.hl7.Severity;
import org.chartbridge.hl7.Verdict;
import org.chartbridge.journal.EntryState;
import org.chartbridge.mapping.Mapped;
import org.chartbridge.mapping.Mappings;
import org.chartbridge.mapping.QueryReader;
import org.chartbridge.mapping.WithoutControls;
import org.chartbridge.partner.Partner;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

import java.io.Serial;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Everything that can be said about a message before the chart is asked, long because each way that
 * ends here is told in full: reads it, runs its route, maps it, or has it answered.
 */
@Component
class Preparation {

    private final RouteRunner routes;
    private final Mappings mappings;
    private final StageTimes times;
    private final Answers answers;
    private final Acknowledgements acknowledgements;

    /** One that answers no queries, and knows nothing of what was sent. */
    Preparation(RouteRunner routes, Mappings mappings, StageTimes times) {
        this(routes, mappings, times, Answers.NONE, Acknowledgements.NONE);
    }

    @Autowired
    Preparation(
            RouteRunner routes,
            Mappings mappings,
            StageTimes times,
            Answers answers,
            Acknowledgements acknowledgements) {
        this.answers = answers;
        this.acknowledgements = acknowledgements;
        this.routes = routes;
        this.mappings = mappings;
        this.times = times;
    }

    /**
     * What can be said of a message.
     *
     * @param partner as the version of its folder has it by which all of this was found
     */
    record Read(Partner partner, Prepared prepared) {}

    /**
     * For {@code acknowledge: stored}: only what keeps a message from being stored and answered at
     * once.
     */
    Read beforeStoring(Arrival arrival, java.util.Optional<Header> header) {
        if (header.isEmpty()) return read(arrival); // Says what is wrong with its MSH.
        if (arrival.isAnswer() || AnswerPlan.isAcknowledgement(header.get())) return read(arrival);
        // A query that is answered later is answered too late.
        if (header.get().messageCode().equals("QBP")) {
            var read = read(arrival);
            if (read.prepared() instanceof Prepared.Answered) return read;
        }
        var decided = decidedByHeader(arrival.partner(), header.get());
        return new Read(arrival.partner(), decided != null ? decided : new Prepared.ToStore());
    }

    /**
     * The whole way to the chart's door. A folder that changed since the message came is asked in
     * its newest version, for everything: settings and steps belong together.
     */
    Read read(Arrival arrival) {
        var now = arrival;
        while (true) {
            try {
                return new Read(now.partner(), readOnce(now));
            } catch (Superseded e) {
                now = now.by(e.newest);
            }
        }
    }

    /** Leaves a reading that another version of the folder has to begin anew. */
    private static final class Superseded extends Exception {
        @Serial private static final long serialVersionUID = 1L;

        private final transient Partner newest;

        Superseded(Partner newest) {
            super("a newer version", null, false, false);
            this.newest = newest;
        }
    }

    private Prepared readOnce(Arrival arrival) throws Superseded {
        long start = System.nanoTime();
        var reading = Message.read(arrival.raw(), arrival.partner().charset());
        times.read(start);
        return switch (reading) {
            case Reading.Unreadable(var fault) ->
                    refused(Verdict.REJECT, List.of(fault), List.of());
            case Reading.Readable(var message) ->
                    route(arrival, message.received(arrival.receivedAt()));
        };
    }

    private Prepared route(Arrival arrival, Message message) throws Superseded {
        if (arrival.isAnswer() || AnswerPlan.isAcknowledgement(message.header()))
            return acknowledgements.read(message, arrival.partner(), List.of(), List.of());
        var decided = decidedByHeader(arrival.partner(), message.header());
        if (decided != null) return decided;
        var prepared = prepare(arrival, message);
        return arrival.partner().charts(message.header().processingId())
                ? prepared
                : notForTheChart(prepared);
    }

    private Prepared prepare(Arrival arrival, Message message) throws Superseded {
        var part = Fragment.of(message);
        // What is wrong in it is said of the whole.
        if (part.isPresent()) return new Prepared.Part(part.get(), saidAt(arrival, message));
        var errors = bySeverity(message.remarks(), true);
        var remarks = bySeverity(message.remarks(), false);
        if (!errors.isEmpty()) return refused(Verdict.ERROR, errors, remarks);
        long start = System.nanoTime();
        var staged = routes.run(arrival);
        times.route(start);
        return switch (staged) {
            case Staged.Superseded(var newest) -> throw new Superseded(newest);
            // The sender can't mend our file, and its next messages must not wait for it: kept.
            case Staged.Failed(var step, var cause, var ofMessage)
                    when ofMessage && !QueryReader.isQuery(message) ->
                    new Prepared.Decided(
                            EntryState.HELD,
                            Verdict.ACCEPT,
                            List.of(
                                    Fault.warning(
                                            null,
                                            ErrorCode.INTERNAL,
                                            "route-step-not-possible",
                                            "kept, neither charted nor sent on until a person has"
                                                    + " mended a step of the route: "
                                                    + step
                                                    + ": "
                                                    + cause)),
                            remarks);
            case Staged.Failed(var step, var cause, _) ->
                    refused(
                            Verdict.UNAVAILABLE,
                            List.of(
                                    Fault.error(
                                            null,
                                            ErrorCode.INTERNAL,
                                            "route-step-failed",
                                            "step " + step + " failed: " + cause)),
                            remarks);
            case Staged.Work(_, var answer, var deliveries)
                    when answer && QueryReader.isQuery(message) ->
                    with(answers.answer(message, arrival.partner()), deliveries);
            // Continuation is a count, so there is nothing to let go of (HL7 v2.5.1 §5.4.6).
            case Staged.Work(_, var answer, var deliveries)
                    when answer && message.header().messageCode().equals("QCN") ->
                    new Prepared.Decided(
                            EntryState.IGNORED,
                            Verdict.ACCEPT,
                            List.of(),
                            List.of(
                                    Fault.information(
                                            Location.of("MSH", 1).field(9),
                                            ErrorCode.ACCEPTED,
                                            "query-cancelled",
                                            "nothing is kept open for a query")),
                            deliveries);
            case Staged.Work(var chart, var answer, _) when answer && !chart ->
                    refused(
                            Verdict.REJECT,
                            List.of(
                                    Fault.error(
                                            Location.of("MSH", 1).field(9),
                                            ErrorCode.UNSUPPORTED_TYPE,
                                            "query-not-supported",
                                            "Only queries by parameter (QBP) are answered here.")),
                            remarks);
            case Staged.Work(var chart, _, var deliveries) ->
                    chart
                            ? map(arrival, message, remarks, deliveries)
                            : new Prepared.Decided(
                                    EntryState.IGNORED,
                                    Verdict.ACCEPT,
                                    List.of(),
                                    remarks,
                                    deliveries);
        };
    }

    private static Instant saidAt(Arrival arrival, Message message) {
        return Hl7Time.parse(message.header().messageTime()) instanceof Hl7Time.Parsed.Known(var at)
                ? at.instant(arrival.partner().zone(), null)
                : arrival.receivedAt();
    }

    private static Prepared with(Prepared prepared, List<StagedDelivery> deliveries) {
        return prepared instanceof Prepared.Answered(var response, _) && !deliveries.isEmpty()
                ? new Prepared.Answered(response, deliveries)
                : prepared;
    }

    private Prepared map(
            Arrival arrival,
            Message message,
            List<Fault> remarks,
            List<StagedDelivery> deliveries) {
        var partner = arrival.partner();
        long start = System.nanoTime();
        var mapped = mappings.map(message, partner);
        times.map(start);
        return switch (mapped) {
            case Mapped.Update(var update, var more) when BackLoad.is(partner, update) ->
                    new Prepared.ToChart(
                            update, both(remarks, both(more, List.of(BackLoad.REMARK))), List.of());
            case Mapped.Update(var update, var more) ->
                    new Prepared.ToChart(
                            update,
                            both(remarks, more),
                            NumbersGiven.sentOn(
                                    withoutControls(message, partner, deliveries),
                                    NumbersGiven.in(update),
                                    message));
            case Mapped.NotUnderstood(var faults) ->
                    refused(
                            faults.stream().anyMatch(f -> f.code() == ErrorCode.INTERNAL)
                                    ? Verdict.UNAVAILABLE
                                    : Verdict.ERROR,
                            faults,
                            remarks);
            case Mapped.NotCharted(var why, var goesOn, _)
                    when Acknowledgements.isOfUnnamed(message) ->
                    acknowledgements.ofUnnamed(
                            message,
                            partner,
                            told(why, false),
                            goesOn ? deliveries : List.of(),
                            AnsweredDeliveries.is(arrival));
            case Mapped.NotCharted(var why, _, var control)
                    when !control && refuses(partner) && !Acknowledgements.isAnswer(message) ->
                    refused(
                            Verdict.REJECT,
                            List.of(
                                    Fault.error(
                                            Location.of("MSH", 1).field(9),
                                            ErrorCode.UNSUPPORTED_TYPE,
                                            "type-not-charted",
                                            why)),
                            remarks);
            case Mapped.NotCharted(var why, var goesOn, var control) -> {
                var told = told(why, control);
                yield Acknowledgements.isAnswer(message)
                        ? acknowledgements.read(
                                message,
                                partner,
                                told,
                                goesOn && AnsweredDeliveries.is(arrival) ? deliveries : List.of())
                        : new Prepared.Decided(
                                EntryState.IGNORED,
                                Verdict.ACCEPT,
                                told,
                                remarks,
                                goesOn ? deliveries : List.of());
            }
        };
    }

    private static List<Fault> told(String why, boolean control) {
        return List.of(
                Fault.information(
                        Location.of("MSH", 1).field(9),
                        ErrorCode.UNSUPPORTED_TYPE,
                        control ? "quality-control" : "type-not-charted",
                        why));
    }

    /** Results of quality control beside those of a patient are sent to nobody. */
    private static List<StagedDelivery> withoutControls(
            Message message, Partner partner, List<StagedDelivery> deliveries) {
        if (deliveries.isEmpty() || message.lines("SPM").isEmpty()) return deliveries;
        return deliveries.stream().map(one -> withoutControls(message, partner, one)).toList();
    }

    private static StagedDelivery withoutControls(
            Message message, Partner partner, StagedDelivery delivery) {
        var body = delivery.body();
        var sent = message;
        if (body != null) {
            if (!(Message.read(body, message.charset()) instanceof Reading.Readable(var edited)))
                return delivery;
            sent = edited;
        }
        return WithoutControls.of(sent, partner).map(delivery::with).orElse(delivery);
    }

    // Who was answered when the message was stored can't be refused any more.
    private static boolean refuses(Partner partner) {
        return partner.uncharted() == Partner.Uncharted.REFUSE
                && partner.acknowledge() == Partner.Acknowledge.CHARTED;
    }

    /**
     * What was read like any other message, so that its sender learns of every fault, and yet
     * reaches neither the chart nor a partner.
     */
    private static Prepared notForTheChart(Prepared prepared) {
        return switch (prepared) {
            case Prepared.ToChart(_, var remarks, _) -> testMessage(List.of(), remarks);
            case Prepared.Decided(var state, _, var answered, var remarks, _)
                    when state == EntryState.IGNORED ->
                    testMessage(answered, remarks);
            case Prepared.Decided decided -> decided;
            case Prepared.ToStore stored -> stored;
            // Joined, it is a test message.
            case Prepared.Part part -> part;
            case Prepared.Answered answered -> answered;
            case Prepared.Acknowledged acknowledged -> acknowledged;
        };
    }

    private static Prepared testMessage(List<Fault> answered, List<Fault> remarks) {
        var all = new ArrayList<Fault>(answered.size() + 1);
        all.add(
                Fault.information(
                        Location.of("MSH", 1).field(11),
                        ErrorCode.UNSUPPORTED_PROCESSING,
                        "test-message",
                        "MSH-11 is not P: a test message is read and kept, and reaches neither the"
                                + " chart nor a partner"));
        all.addAll(answered);
        return new Prepared.Decided(EntryState.IGNORED, Verdict.ACCEPT, all, remarks);
    }

    private static @org.jspecify.annotations.Nullable Prepared decidedByHeader(
            Partner partner, Header header) {
        if (header.controlId().isEmpty()) {
            return refused(
                    Verdict.UNIDENTIFIED,
                    List.of(
                            Fault.error(
                                    Location.of("MSH", 1).field(10),
                                    ErrorCode.REQUIRED_MISSING,
                                    "control-id-missing",
                                    "MSH-10 is empty; every message needs an id of its own, which"
                                            + " the answer repeats")),
                    List.of());
        }
        var processing = header.processingId().toUpperCase(Locale.ROOT);
        // Empty means the partner's default (HL7-RULES §3), which it takes by definition.
        if (!processing.isEmpty() && !partner.processing().contains(processing)) {
            return refused(
                    Verdict.REJECT,
                    List.of(
                            Fault.error(
                                    Location.of("MSH", 1).field(11),
                                    ErrorCode.UNSUPPORTED_PROCESSING,
                                    "processing-id-not-taken",
                                    "MSH-11 is not one that partner "
                                            + partner.folder()
                                            + " may send here; taken are "
                                            + String.join(", ", partner.processing()))),
                    List.of());
        }
        return null;
    }

    private static Prepared refused(Verdict verdict, List<Fault> faults, List<Fault> remarks) {
        return new Prepared.Decided(EntryState.REFUSED, verdict, faults, remarks);
    }

    private static List<Fault> bySeverity(List<Fault> faults, boolean errors) {
        if (faults.isEmpty()) return faults;
        return faults.stream().filter(f -> (f.severity() == Severity.E) == errors).toList();
    }

    private static List<Fault> both(List<Fault> some, List<Fault> more) {
        if (some.isEmpty()) return more;
        if (more.isEmpty()) return some;
        var all = new ArrayList<Fault>(some.size() + more.size());
        all.addAll(some);
        all.addAll(more);
        return all;
    }
}
