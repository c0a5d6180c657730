package org.chartbridge.intake;

import io.micrometer.core.instrument.MeterRegistry;

import org.chartbridge.delivery.Bells;
import org.chartbridge.hl7.AckMode;
import org.chartbridge.hl7.AnswerPlan;
import org.chartbridge.hl7.Batch;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Location;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.hl7.Severity;
import org.chartbridge.hl7.Verdict;
import org.chartbridge.intake.GroupTransaction.Settled;
import org.chartbridge.intake.Turns.Turn;
import org.chartbridge.journal.EntryState;
import org.chartbridge.journal.JournalStore;
import org.chartbridge.journal.ReceiptKey;
import org.chartbridge.journal.Stored;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import javax.sql.DataSource;

/**
 * Takes what listeners hand over, prepares each message on a few threads of its own and gives it to
 * a writer; long because every way in stands here: messages, batches, what nobody takes, stray
 * bytes, and entries that were stored before. Starts before the listeners and ends after them.
 */
@Component
public class Intake implements Reception, SmartLifecycle {

    /** Before listeners, which start in the default phase; stopped after them. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1000;

    private static final int MAX_EXCERPT_BYTES = 4096;

    /** What they read when stopping has no listener any more; one that waits for an id is left. */
    private static final long READING_ENDS_WITHIN_SECONDS = 1;

    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    private final Preparation preparation;
    private final GroupTransaction transaction;
    private final JournalStore journal;
    private final DataSource dataSource;
    private final IntakeLimits limits;
    private final MeterRegistry meters;
    private final StrayLimit strayLimit;

    /** Messages in work, so that a repeat that overtakes its answer waits for it. */
    private final ConcurrentHashMap<ReceiptKey, CompletableFuture<Reply>> inWork =
            new ConcurrentHashMap<>();

    private final RecentConnections connections = new RecentConnections();

    private volatile Turns turns;
    private final LongAdder arrivals = new LongAdder();

    private final List<GroupCommit> writers = new ArrayList<>();
    private @Nullable ExecutorService workers;
    private @Nullable Runnable onStored;
    private @Nullable Runnable onDecided;
    private volatile @Nullable Bells bells;
    private volatile @Nullable LongConsumer settledListener;
    private volatile @Nullable Runnable ordersListener;
    private volatile boolean running;

    Intake(
            Preparation preparation,
            GroupTransaction transaction,
            JournalStore journal,
            DataSource dataSource,
            IntakeLimits limits,
            MeterRegistry meters) {
        this.preparation = preparation;
        this.transaction = transaction;
        this.journal = journal;
        this.dataSource = dataSource;
        this.limits = limits;
        this.meters = meters;
        this.turns = new Turns(limits.share());
        this.strayLimit = new StrayLimit(limits.strayPerMinute());
    }

    @Override
    public CompletionStage<Reply> receive(Arrival arrival) {
        var reply = new CompletableFuture<Reply>();
        arrivals.increment();
        if (connections.isNew(arrival.peer())) journal.connected();
        submit(arrival.partner().folder(), reply, turn -> begin(arrival, reply, turn));
        return reply;
    }

    @Override
    public CompletionStage<Reply> refuse(
            byte[] raw, String peer, String listener, Instant receivedAt, NotTaken why) {
        var reply = new CompletableFuture<Reply>();
        var partner = why instanceof NotTaken.Type(var known, _) ? known : null;
        submit(
                partner == null ? "" : partner.folder(),
                reply,
                _ -> {
                    var header = Header.read(raw);
                    var fault =
                            Message.read(raw, StandardCharsets.UTF_8)
                                            instanceof Reading.Unreadable(var unreadable)
                                    ? unreadable
                                    : fault(why);
                    add(
                            new Submission(
                                    journal.nextId(),
                                    partner,
                                    "",
                                    peer,
                                    receivedAt,
                                    raw,
                                    header,
                                    plan(header, partner == null ? AckMode.AUTO : mode(partner)),
                                    null,
                                    new Prepared.Decided(
                                            EntryState.REFUSED,
                                            Verdict.REJECT,
                                            List.of(fault),
                                            List.of()),
                                    null,
                                    false,
                                    reply));
                });
        return reply;
    }

    private static Fault fault(NotTaken why) {
        return switch (why) {
            case NotTaken.Sender(var cause) ->
                    Fault.error(
                            Location.of("MSH", 1).field(3),
                            ErrorCode.UNSUPPORTED_TYPE,
                            "sender-not-claimed",
                            cause);
            case NotTaken.Type(_, var cause) ->
                    Fault.error(
                            Location.of("MSH", 1).field(9),
                            ErrorCode.UNSUPPORTED_TYPE,
                            "type-not-taken",
                            cause);
        };
    }

    @Override
    public CompletionStage<Long> keepEnvelope(
            Batch batch, String peer, String listener, Instant receivedAt) {
        var raw = batch.envelope();
        if (raw.length == 0) return CompletableFuture.completedStage(0L);
        var faults = batch.faults();
        boolean differs = faults.stream().anyMatch(f -> f.severity() != Severity.I);
        var remarks = new ArrayList<>(faults);
        remarks.add(
                Fault.information(
                        null,
                        ErrorCode.SEGMENT_SEQUENCE,
                        "batch-envelope",
                        "The envelope of a batch; its messages are entries of their own."));
        var reply = new CompletableFuture<Reply>();
        var id = new CompletableFuture<Long>();
        submit(
                "",
                reply,
                _ -> {
                    long entry = journal.nextId();
                    var _ = reply.thenAccept(_ -> id.complete(entry));
                    add(
                            new Submission(
                                    entry,
                                    null,
                                    "",
                                    peer,
                                    receivedAt,
                                    raw,
                                    Optional.empty(),
                                    new AnswerPlan.Silent(),
                                    null,
                                    new Prepared.Decided(
                                            differs ? EntryState.REFUSED : EntryState.IGNORED,
                                            differs ? Verdict.REJECT : Verdict.ACCEPT,
                                            remarks,
                                            List.of()),
                                    null,
                                    false,
                                    reply));
                });
        return reply.thenCompose(_ -> id);
    }

    @Override
    public void keepStray(
            String listener,
            String peer,
            Instant receivedAt,
            String cause,
            long totalBytes,
            byte[] excerpt) {
        if (!strayLimit.admits()) return;
        var kept =
                excerpt.length > MAX_EXCERPT_BYTES
                        ? java.util.Arrays.copyOf(excerpt, MAX_EXCERPT_BYTES)
                        : excerpt;
        var threads = workers;
        if (threads == null) return;
        threads.execute(
                () -> {
                    try {
                        journal.keepStray(listener, peer, receivedAt, cause, totalBytes, kept);
                    } catch (RuntimeException e) {
                        log.atWarn()
                                .addKeyValue("cause", cause)
                                .addKeyValue("exception", e.getClass().getName())
                                .log("stray bytes could not be kept");
                    }
                });
    }

    private void submit(String partner, CompletableFuture<Reply> reply, Consumer<Turn> work) {
        var threads = workers;
        if (!running || threads == null) {
            reply.completeExceptionally(new NothingPromised("the engine is stopping"));
            return;
        }
        var turn = new Turn(partner, its -> guarded(its, reply, work));
        var _ = reply.whenComplete((_, _) -> ended(turn));
        turns.add(turn);
        threads.execute(this::takeTurn);
    }

    private static void guarded(Turn turn, CompletableFuture<Reply> reply, Consumer<Turn> work) {
        try {
            work.accept(turn);
        } catch (RuntimeException e) {
            // The text of an exception may hold content of the message.
            log.atError()
                    .addKeyValue("exception", e.getClass().getName())
                    .log("message could not be taken, closing its connection");
            reply.completeExceptionally(new NothingPromised("not taken"));
        }
    }

    /** Does what is next by turns: as often as something was added, so nothing is left. */
    private void takeTurn() {
        var next = turns.next();
        if (next != null) next.run();
    }

    private void ended(Turn turn) {
        look(turns.end(turn));
    }

    private void look(int times) {
        var threads = workers;
        if (threads != null) for (int i = 0; i < times; i++) threads.execute(this::takeTurn);
    }

    private void begin(Arrival arrival, CompletableFuture<Reply> reply, Turn turn) {
        var header = Header.read(arrival.raw());
        var partner = arrival.partner();
        var controlId = GroupWork.storable(header.map(Header::controlId));
        var receipt =
                controlId.isEmpty()
                        ? null
                        : ReceiptKey.of(partner.folder(), controlId, arrival.raw());
        if (receipt != null) {
            var other = inWork.putIfAbsent(receipt, reply);
            if (other != null) {
                // A repeat of a message still in work: afterwards it is a plain repeat, or, when
                // the first one was not accepted, a new try. Many that wait must not be in the way
                // of the one they wait for.
                ended(turn);
                var _ =
                        other.whenComplete(
                                (r, e) ->
                                        submit(
                                                partner.folder(),
                                                reply,
                                                again -> begin(arrival, reply, again)));
                return;
            }
        }
        try {
            boolean store = partner.acknowledge() == Partner.Acknowledge.STORED;
            var read =
                    store ? preparation.beforeStoring(arrival, header) : preparation.read(arrival);
            add(
                    new Submission(
                            journal.nextId(),
                            read.partner(),
                            arrival.route(),
                            arrival.peer(),
                            arrival.receivedAt(),
                            arrival.raw(),
                            header,
                            plan(arrival, header, read),
                            receipt,
                            read.prepared(),
                            null,
                            false,
                            reply));
        } catch (RuntimeException e) {
            if (receipt != null) inWork.remove(receipt, reply);
            throw e;
        }
    }

    /**
     * Charts an entry that was stored and acknowledged earlier, or held and released; completes
     * when it is settled. Its sender was told that it need not send it again. So what can't be
     * taken any more is held, and faults in its content are told only to one who asked for an
     * application acknowledgement and has none yet.
     */
    CompletableFuture<Reply> resume(Stored stored, Partner partner) {
        var reply = new CompletableFuture<Reply>();
        submit(partner.folder(), reply, _ -> add(resumed(stored, partner, reply)));
        return reply;
    }

    /** Runs the route of a stored entry again, from the first step. */
    Submission resumed(Stored stored, Partner partner, CompletableFuture<Reply> reply) {
        var entry = stored.entry();
        var arrival =
                new Arrival(partner, entry.route(), entry.peer(), entry.receivedAt(), entry.raw());
        var header = Header.read(entry.raw());
        var read = preparation.read(arrival);
        var prepared =
                switch (read.prepared()) {
                    case Prepared.Decided(var state, var verdict, var faults, var more, _)
                            when state == EntryState.REFUSED
                                    && (verdict != Verdict.ERROR || stored.released()) ->
                            new Prepared.Decided(EntryState.HELD, Verdict.ACCEPT, faults, more);
                    case Prepared other -> other;
                };
        return new Submission(
                entry.id(),
                read.partner(),
                entry.route(),
                entry.peer(),
                entry.receivedAt(),
                entry.raw(),
                header,
                stored.released() || AnsweredDeliveries.is(arrival)
                        ? new AnswerPlan.Silent()
                        : plan(header, mode(read.partner())).afterStoring(),
                null,
                prepared,
                entry,
                stored.sent(),
                reply);
    }

    /** Wakes whoever charts stored entries. */
    void lookAtStored() {
        var listener = onStored;
        if (listener != null) listener.run();
    }

    /** A person has decided who a patient is: looks as after messages, and calls who wants it. */
    void decided() {
        lookAtStored();
        var listener = onDecided;
        if (listener != null) listener.run();
    }

    /** Calls back after each decision on who a patient is; must return at once. */
    public void onDecided(Runnable listener) {
        onDecided = listener;
    }

    /** How many messages have been handed over since the start. */
    long arrivals() {
        return arrivals.sum();
    }

    /**
     * Calls back, on a writer's thread, whenever entries were stored that are still to be charted.
     */
    void onStored(Runnable listener) {
        onStored = listener;
    }

    /** Is told the ids of entries that were settled, after each commit; must return at once. */
    public void onSettled(LongConsumer listener) {
        settledListener = listener;
    }

    /**
     * Is told after each commit in which an order or a referral with a number was sent or waits to
     * be; must return at once.
     */
    public void onOrders(Runnable listener) {
        ordersListener = listener;
    }

    /** Names what rings, after each commit, for the destinations of its deliveries. */
    public void onStaged(Bells listener) {
        bells = listener;
    }

    private void add(Submission submission) {
        writers.get(Math.floorMod(submission.shard(), writers.size())).add(submission);
    }

    private static AnswerPlan plan(
            Arrival arrival, Optional<Header> header, Preparation.Read read) {
        var mode = mode(read.partner());
        // Its sender has answered, and waits for nothing.
        if (AnsweredDeliveries.is(arrival)) return new AnswerPlan.Silent();
        if (arrival.isAnswer() && header.isPresent())
            return AnswerPlan.ofAnswer(header.get(), mode);
        return read.prepared() instanceof Prepared.Answered
                ? plan(header, mode).ofQuery()
                : plan(header, mode);
    }

    static AckMode mode(Partner partner) {
        return AckMode.valueOf(partner.ack().name());
    }

    static AnswerPlan plan(Optional<Header> header, AckMode mode) {
        return header.isPresent()
                ? AnswerPlan.of(header.get(), mode)
                : mode == AckMode.NONE ? new AnswerPlan.Silent() : new AnswerPlan.Original();
    }

    private void settled(Settled settled) {
        var submission = settled.submission();
        meters.counter(
                        "chartbridge.messages",
                        "partner",
                        submission.folder(),
                        "state",
                        settled.repeat() ? "repeated" : settled.state().word())
                .increment();
        release(submission);
        if (submission.stored() == null && !settled.repeat())
            meters.timer("chartbridge.answer", "partner", submission.folder())
                    .record(java.time.Duration.between(submission.receivedAt(), Instant.now()));
        ring(settled.destinations());
        var following = ordersListener;
        if (following != null && !settled.destinations().isEmpty() && orders(submission))
            following.run();
        var told = settledListener;
        if (told != null) told.accept(submission.entryId());
        submission.reply().complete(settled.reply());
        // One that had been stored may have let the next one behind it go on.
        boolean more =
                submission.stored() != null
                        || settled.state() == EntryState.RECEIVED
                        || submission.prepared() instanceof Prepared.Part;
        if (more && !settled.repeat()) lookAtStored();
    }

    private static boolean orders(Submission submission) {
        return submission.prepared().deliveries().stream().anyMatch(one -> !one.orders().isEmpty());
    }

    private void ring(List<String> destinations) {
        var ringing = bells;
        if (!destinations.isEmpty() && ringing != null) ringing.ring(destinations);
    }

    private void abandoned(Submission submission) {
        release(submission);
        submission
                .reply()
                .completeExceptionally(new NothingPromised("the database can't store now"));
    }

    private void release(Submission submission) {
        if (submission.receipt() != null) inWork.remove(submission.receipt(), submission.reply());
    }

    // ------------------------------------------------------------ life cycle

    @Override
    public synchronized void start() {
        if (running) return;
        for (int i = 1; i <= limits.writers(); i++)
            writers.add(
                    new GroupCommit(
                            "intake-writer-" + i,
                            dataSource,
                            transaction,
                            journal,
                            limits,
                            this::settled,
                            this::abandoned));
        workers =
                Executors.newFixedThreadPool(
                        limits.workers(),
                        Thread.ofPlatform().name("intake-worker-", 1).daemon(true).factory());
        turns = new Turns(limits.share());
        running = true;
    }

    @Override
    public synchronized void stop() {
        if (!running) return;
        running = false;
        look(turns.hurry());
        var threads = workers;
        if (threads != null) {
            threads.shutdown();
            try {
                if (!threads.awaitTermination(READING_ENDS_WITHIN_SECONDS, TimeUnit.SECONDS))
                    log.atWarn().log("some messages were still being read, they stay unanswered");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        writers.forEach(GroupCommit::finish);
        writers.forEach(GroupCommit::close);
        writers.clear();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }
}
