package org.chartbridge.fakes;

import org.chartbridge.fakes.PartnerLedger.Kind;
import org.chartbridge.fakes.PartnerLedger.Line;
import org.chartbridge.hl7.Header;
import org.chartbridge.hl7.Message;
import org.chartbridge.hl7.Reading;
import org.chartbridge.mllp.Answer;
import org.chartbridge.mllp.CannotListen;
import org.chartbridge.mllp.ConnectionObserver;
import org.chartbridge.mllp.Frame;
import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpListener;
import org.chartbridge.mllp.MllpNetwork;
import org.chartbridge.mllp.Tls;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A partner on real sockets that behaves as its script says.
 *
 * <p>What comes is read, written into the ledger and answered by one thread, in order. What it
 * sends leaves over one or more connections; the steps of one order follow each other, each after
 * the one before was answered.
 */
public final class FakePartner implements AutoCloseable {
    private static final String HELD = "held";
    private static final long MAX_HELD_BYTES = 64 << 20;
    private static final Duration DRAIN = Duration.ofMillis(200);

    private final Script script;
    private final PartnerLedger ledger;
    private final Consumer<String> told;
    private final MllpNetwork network = new MllpNetwork(1, MAX_HELD_BYTES);
    private final InetSocketAddress to;
    private final Answering answering;
    private final String prefix;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicInteger busy = new AtomicInteger();
    private final ExecutorService reading =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("fake-reading").factory());
    private final ScheduledThreadPoolExecutor sending;
    private final List<Outgoing> connections = new ArrayList<>();
    private final ThreadLocal<Outgoing> connection = ThreadLocal.withInitial(this::connect);
    private final Set<String> known = new HashSet<>();
    private final Map<String, Going> goings = new HashMap<>();
    private final long[] courseCounts;
    private final MllpListener listener;
    private volatile @Nullable IOException lost;

    /** One order on its course. Guarded by itself. */
    private static final class Going {
        private final OrderInHand order;
        private final List<Course.Step> steps;
        private boolean cancelled;
        private boolean resulted;

        Going(OrderInHand order, List<Course.Step> steps) {
            this.order = order;
            this.steps = steps;
        }
    }

    private FakePartner(
            Script script,
            InetSocketAddress listen,
            InetSocketAddress to,
            @Nullable Tls tls,
            PartnerLedger ledger,
            Consumer<String> told)
            throws CannotListen {
        this.script = script;
        this.ledger = ledger;
        this.told = told;
        this.to = to;
        this.answering = new Answering(script);
        this.courseCounts = new long[script.courses().size()];
        this.prefix =
                script.role().word().substring(0, 1).toUpperCase(Locale.ROOT)
                        + Long.toString(script.seed(), 36).toUpperCase(Locale.ROOT);
        this.sending =
                new ScheduledThreadPoolExecutor(
                        script.connections(), Thread.ofPlatform().name("fake-sending").factory());
        sending.setRemoveOnCancelPolicy(true);
        sending.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.listener =
                MllpListener.open(
                        network,
                        listen,
                        Limits.defaults(),
                        tls,
                        this::handle,
                        new ConnectionObserver() {});
    }

    /**
     * Begins to play.
     *
     * @param listen where it takes messages; port 0 lets the system choose
     * @param to where the engine takes messages of this partner
     * @param tls of its port; null for none
     * @param ledger stays open when the partner ends
     * @param told gets a line for a person now and then; called from several threads
     */
    public static FakePartner start(
            Script script,
            InetSocketAddress listen,
            InetSocketAddress to,
            @Nullable Tls tls,
            PartnerLedger ledger,
            Consumer<String> told)
            throws CannotListen {
        var partner = new FakePartner(script, listen, to, tls, ledger, told);
        script.traffic().ifPresent(partner::begin);
        return partner;
    }

    /** Where it listens, with the real port. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /** How many steps and messages of its own are still to be sent. */
    public int busy() {
        return busy.get();
    }

    /** Why the ledger could not be written; then the partner answers nothing any more. */
    public @Nullable IOException lost() {
        return lost;
    }

    private CompletionStage<Answer> handle(Frame frame) {
        var answer = new CompletableFuture<Answer>();
        try {
            reading.execute(() -> take(frame.content(), answer));
        } catch (RejectedExecutionException e) {
            answer.complete(new Answer.HangUp("the partner ends"));
        }
        return answer;
    }

    private void take(byte[] content, CompletableFuture<Answer> answer) {
        var header = Header.read(content);
        var id = header.map(Header::controlId).orElse("");
        var type = header.map(h -> h.messageCode() + "^" + h.triggerEvent()).orElse("no MSH");
        int before = answering.before(id);
        var rule = header.isEmpty() ? Answering.UNREADABLE : answering.rule(id, before);
        // What it forgot is not known to it, however often it came.
        boolean repeat = rule.keep() && script.deduplicates() && known.contains(id);
        boolean kept = rule.keep() && !repeat;
        if (kept) known.add(id);
        var lines = new ArrayList<Line>();
        var note =
                (repeat
                                ? PartnerLedger.REPEAT
                                : kept ? PartnerLedger.KEPT : PartnerLedger.FORGOTTEN)
                        + rule.reply().word();
        lines.add(new Line(Kind.GOT, id, type, "", note));
        var then = new ArrayList<Runnable>();
        if (kept
                && Message.read(content, StandardCharsets.UTF_8)
                        instanceof Reading.Readable(var message)) apply(message, id, lines, then);
        if (!write(lines)) {
            answer.complete(new Answer.HangUp("the ledger can't be written"));
            return;
        }
        told.accept("got  %-8s %s (%s)".formatted(type, id, note));
        then.forEach(Runnable::run);
        var words = answering.answer(content, rule.reply());
        if (words == null) return;
        if (rule.after().isZero()) answer.complete(words);
        else {
            var _ = answer.completeOnTimeout(words, rule.after().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void apply(Message message, String id, List<Line> lines, List<Runnable> then) {
        if (script.role() == Role.EMR) {
            for (var heard : EmrMessages.heard(message))
                lines.add(new Line(Kind.STATE, id, heard.state(), heard.number(), ""));
            return;
        }
        for (var order : OrderInHand.of(message, prefix)) {
            switch (order.control()) {
                case "NW", "I12", "" -> {
                    lines.add(new Line(Kind.STATE, id, OrderInHand.ORDERED, order.number(), ""));
                    var going = new Going(order, course(order));
                    goings.put(order.number(), going);
                    then.add(() -> schedule(going, 0));
                }
                case "CA", "DC", "I14" -> {
                    var going = goings.get(order.number());
                    boolean done = going != null && cancel(going);
                    if (done)
                        lines.add(
                                new Line(
                                        Kind.STATE,
                                        id,
                                        Act.CANCELLED.word(),
                                        order.number(),
                                        "as asked"));
                    if (script.role() == Role.LAB || order.message().equals("OMG"))
                        then.add(
                                () ->
                                        queue(
                                                Duration.ZERO,
                                                () ->
                                                        say(
                                                                ofCancellation(order, done),
                                                                order.number(),
                                                                done ? "cancelled" : "too-late",
                                                                false)));
                }
                default -> {}
            }
        }
    }

    private Written ofCancellation(OrderInHand order, boolean done) {
        return script.role() == Role.LAB
                ? LabMessages.ofCancellation(script, order, done, nextId(), Instant.now())
                : SpecialistMessages.ofCancellation(script, order, done, nextId(), Instant.now());
    }

    private static boolean cancel(Going going) {
        synchronized (going) {
            if (going.resulted) return false;
            going.cancelled = true;
            return true;
        }
    }

    private List<Course.Step> course(OrderInHand order) {
        for (int i = 0; i < courseCounts.length; i++) {
            var course = script.courses().get(i);
            if (!course.test().isEmpty()
                    && order.tests().stream()
                            .noneMatch(
                                    test ->
                                            test.code().equals(course.test())
                                                    || test.text().equals(course.test()))) continue;
            courseCounts[i]++;
            // After the answers' numbers, so that the same draw does not decide both.
            int draw = Chance.draw(script.seed(), order.number(), ScriptFile.MAX_RULES + i);
            if (course.chance().hits(courseCounts[i], draw)) return course.steps();
        }
        return List.of();
    }

    private void schedule(Going going, int step) {
        if (step >= going.steps.size()) return;
        queue(going.steps.get(step).after(), () -> go(going, step));
    }

    private void go(Going going, int step) throws InterruptedException {
        var act = going.steps.get(step).act();
        synchronized (going) {
            if (going.cancelled) return;
            going.resulted |= !act.isEarly();
        }
        var message =
                script.role() == Role.LAB
                        ? LabMessages.of(script, going.order, act, nextId(), Instant.now())
                        : SpecialistMessages.of(script, going.order, act, nextId(), Instant.now());
        if (say(message, going.order.number(), act.word(), true)) schedule(going, step + 1);
    }

    /** The EMR's own messages: patients first, then orders and referrals, one after the other. */
    private void begin(Script.Traffic traffic) {
        var all = new ArrayList<Task>();
        for (int i = 1; i <= traffic.patients(); i++) {
            int nth = i;
            all.add(
                    () ->
                            say(
                                    EmrMessages.patient(
                                            script, prefix, nth, nextId(), Instant.now()),
                                    "",
                                    "patient",
                                    false));
        }
        for (int i = 1; i <= Math.max(traffic.orders(), traffic.referrals()); i++) {
            int nth = i;
            if (i <= traffic.orders()) all.add(() -> order(traffic, nth));
            if (i <= traffic.referrals()) all.add(() -> referral(traffic, nth));
        }
        busy.addAndGet(all.size());
        next(traffic.each(), all, 0);
    }

    /** Patients go one after the other, since orders name them; what follows may overlap. */
    private void next(Duration each, List<Task> all, int index) {
        if (index >= all.size()) return;
        later(
                index == 0 ? Duration.ZERO : each,
                () -> {
                    all.get(index).run();
                    busy.decrementAndGet();
                    next(each, all, index + 1);
                });
    }

    private void order(Script.Traffic traffic, int nth) throws InterruptedException {
        var number = prefix + "-%06d^%s".formatted(nth, script.application());
        say(
                EmrMessages.order(script, traffic, prefix, nth, number, nextId(), Instant.now()),
                number,
                OrderInHand.ORDERED,
                true);
    }

    private void referral(Script.Traffic traffic, int nth) throws InterruptedException {
        var number = prefix + "-R%05d^%s".formatted(nth, script.application());
        say(
                EmrMessages.referral(script, traffic, prefix, nth, number, nextId(), Instant.now()),
                number,
                OrderInHand.ORDERED,
                true);
    }

    /**
     * Sends one message and waits until it is answered.
     *
     * @param stands whether the order stands so from now on
     * @return false when the partner ends meanwhile
     */
    private boolean say(Written message, String order, String what, boolean stands)
            throws InterruptedException {
        var id = message.id();
        var lines = new ArrayList<Line>();
        lines.add(new Line(Kind.SENT, id, what, order, message.type()));
        if (stands) lines.add(new Line(Kind.STATE, id, what, order, ""));
        if (!write(lines)) return false;
        var answer = connection.get().send(message.bytes(), id).orElse(null);
        if (answer == null) return false;
        var held = answer.held() ? HELD : "";
        if (!write(List.of(new Line(Kind.ANSWERED, id, answer.code(), order, held)))) return false;
        told.accept(
                "sent %-8s %s %s: %s%s"
                        .formatted(
                                message.type(),
                                id,
                                order.isEmpty() ? what : what + " " + order,
                                answer.code(),
                                held.isEmpty() ? "" : ", held there"));
        return true;
    }

    /** Work of a sending thread. */
    private interface Task {
        void run() throws InterruptedException;
    }

    private void queue(Duration after, Task task) {
        busy.incrementAndGet();
        later(
                after,
                () -> {
                    try {
                        task.run();
                    } finally {
                        busy.decrementAndGet();
                    }
                });
    }

    private void later(Duration after, Task task) {
        try {
            var _ =
                    sending.schedule(
                            () -> {
                                try {
                                    task.run();
                                } catch (InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                } catch (RuntimeException e) {
                                    told.accept("stumbled: " + e);
                                    throw e;
                                }
                            },
                            after.toMillis(),
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            busy.decrementAndGet(); // The partner ends.
        }
    }

    private Outgoing connect() {
        var made = new Outgoing(network, to, closing);
        synchronized (connections) {
            connections.add(made);
        }
        return made;
    }

    private String nextId() {
        return prefix + "-" + numbers.incrementAndGet();
    }

    private boolean write(List<Line> lines) {
        try {
            ledger.write(lines);
            return true;
        } catch (IOException e) {
            lost = e;
            told.accept("the ledger can't be written: " + e.getMessage());
            return false;
        }
    }

    @Override
    public void close() {
        closing.countDown();
        sending.shutdownNow();
        var _ = listener.close(DRAIN);
        reading.shutdownNow();
        synchronized (connections) {
            connections.forEach(Outgoing::close);
        }
        network.close();
    }
}
