package org.chartbridge.bench;

import org.chartbridge.delivery.DeliverySearch;
import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.delivery.Desk;
import org.chartbridge.fakes.FakePartner;
import org.chartbridge.fakes.PartnerLedger;
import org.chartbridge.fakes.Role;
import org.chartbridge.fakes.SampleClinic;
import org.chartbridge.fakes.ScriptFile;
import org.springframework.dao.DataAccessException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * The loop of orders and referrals under faults: an EMR, a lab and a specialist as bad as they get,
 * an engine of its own between them that is killed now and then together with its database; long
 * because a run stands here from its first folder to its last check. In the end each order stands,
 * for the EMR and in the chart, as the lab's ledger says, nobody took one twice, and what the lab
 * still owes is alerted as overdue ({@link LoopCheck}).
 *
 * <p>A lab that does not discard repeats must never be sent an order twice without a person's word.
 * The person is played here: looks whether the lab has it, as by telephone, and skips it then.
 */
public final class LoopRun {
    private static final String ORDERS = "northlab/orders";
    private static final String REFERRALS = "hartclinic/referrals";
    private static final String RESULTS = "emr/results";
    private static final int ORDERS_OF_A_PATIENT = 50;
    private static final int REFERRALS_AMONG = 20;
    private static final Duration LEAST_LIMIT = Duration.ofMinutes(3);
    private static final Duration LIMIT_OF_ONE = Duration.ofMillis(300);
    private static final int MAX_PROBLEMS = 20;

    /** How long the engine waits for an answer. On loopback a good one takes some milliseconds. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    /**
     * Within how long the lab is to answer, and for how long the alert of what it owes may take.
     */
    private static final String EXPECTED = "1min";

    private static final Duration ALERT_LIMIT = Duration.ofMinutes(10);

    /**
     * How much is played.
     *
     * @param deduplicates whether the lab discards what it knows by MSH-10
     */
    public record Plan(int orders, int kills, int seed, boolean deduplicates) {}

    /**
     * What came of it.
     *
     * @param states how many orders stand how in the lab's eyes; "lost" those it forgot
     * @param decisions how often a person had to decide
     * @param problems what is wrong; empty when every promise was kept
     */
    public record Result(
            Plan plan,
            int kills,
            Map<String, Integer> states,
            int decisions,
            Duration time,
            List<String> problems) {

        public Result {
            states = Map.copyOf(states);
            problems = List.copyOf(problems);
        }

        /** One line for a person. */
        public String line() {
            return "%,d orders, lab %s, %d kills, %d decisions of a person, %.0f s, %s: %s"
                    .formatted(
                            plan.orders(),
                            plan.deduplicates() ? "discards repeats" : "takes repeats",
                            kills,
                            decisions,
                            time.toMillis() / 1e3,
                            new TreeMap<>(states),
                            problems.isEmpty()
                                    ? "each stands as its partner says, none twice, what"
                                            + " is owed is alerted"
                                    : problems.size() + " FAULTS");
        }
    }

    private final Plan plan;
    private final EngineProcess engine;
    private final Progress progress;
    private final Map<Role, FakePartner> partners = new EnumMap<>(Role.class);
    private final Map<Role, PartnerLedger> ledgers = new EnumMap<>(Role.class);
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private int decisions;

    private LoopRun(Plan plan, EngineProcess engine, Progress progress) {
        this.plan = plan;
        this.engine = engine;
        this.progress = progress;
    }

    /** Plays once. */
    public static Result run(Plan plan, BenchTarget.OwnEngine target, Progress progress)
            throws IOException, InterruptedException {
        var settings =
                List.of(
                        "--chartbridge.delivery.answer=" + PATIENCE.toMillis() + "ms",
                        "--chartbridge.delivery.first-wait=5ms",
                        "--chartbridge.delivery.longest-wait=50ms",
                        "--chartbridge.delivery.unreachable-wait=200ms",
                        "--chartbridge.delivery.deferrals=1000",
                        "--chartbridge.delivery.sweep=200ms");
        var free = free();
        try (var engine =
                EngineProcess.start(
                        target.parent(),
                        target.jar(),
                        EngineProcess.QUICK_START,
                        settings,
                        (routes, port) -> {
                            SampleClinic.write(
                                    routes,
                                    new SampleClinic.Ports(
                                            port, free.get(0), free.get(1), free.get(2)),
                                    plan.deduplicates());
                            Files.writeString(
                                    routes.resolve("northlab").resolve("partner.yaml"),
                                    "expect: " + EXPECTED + "\n",
                                    StandardOpenOption.APPEND);
                        })) {
            engine.awaitReady();
            var run = new LoopRun(plan, engine, progress);
            try {
                var result = run.play(free);
                if (!result.problems().isEmpty()) engine.keepFolder();
                return result;
            } finally {
                run.end();
            }
        }
    }

    private Result play(List<Integer> ports) throws IOException, InterruptedException {
        var start = System.nanoTime();
        begin(Role.LAB, ports.get(1));
        begin(Role.SPECIALIST, ports.get(2));
        begin(Role.EMR, ports.get(0));
        var limit = start + Math.max(LEAST_LIMIT.toNanos(), LIMIT_OF_ONE.toNanos() * plan.orders());
        var killed = 0;
        while (System.nanoTime() < limit) {
            int taken = ledger(Role.LAB).standings().size();
            if (killed < plan.kills()
                    && taken >= plan.orders() * (killed + 1L) / (plan.kills() + 2)) {
                killed++;
                progress.line("kill " + killed + " after " + taken + " orders taken");
                engine.kill();
                if (killed % 2 == 0) engine.killDatabase();
                engine.restart();
                engine.awaitReady();
            }
            decide();
            progress.now(
                    "%,d orders taken by the lab, %,d known by the EMR"
                            .formatted(taken, ledger(Role.EMR).standings().size()));
            if (nothingLeft()) break;
            TimeUnit.MILLISECONDS.sleep(50);
        }
        var problems = new ArrayList<String>();
        if (System.nanoTime() >= limit) problems.add("not all was said in time");
        var took = Duration.ofNanos(System.nanoTime() - start);
        var states = check(problems).states();
        return new Result(
                plan,
                killed,
                states,
                decisions,
                took,
                problems.size() <= MAX_PROBLEMS ? problems : problems.subList(0, MAX_PROBLEMS));
    }

    private void begin(Role role, int port) throws IOException {
        var name = role.word() + "-hostile.yaml";
        var script =
                ScriptFile.read(
                                role,
                                name,
                                ScriptFile.example(name),
                                fault -> progress.line(fault.toString()))
                        .orElseThrow(() -> new IOException("a broken example: " + name))
                        .withSeed(plan.seed());
        if (role == Role.LAB) script = script.deduplicating(plan.deduplicates());
        if (role == Role.EMR)
            script =
                    script.sending(
                            1 + plan.orders() / ORDERS_OF_A_PATIENT,
                            plan.orders(),
                            plan.orders() / REFERRALS_AMONG);
        var ledger = PartnerLedger.begin(file(role));
        open.push(ledger);
        ledgers.put(role, ledger);
        var partner =
                FakePartner.start(
                        script,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        engine.mllp(),
                        null,
                        ledger,
                        line -> {});
        open.push(partner);
        partners.put(role, partner);
    }

    private Path file(Role role) {
        return engine.folder().resolve(role.word() + "-ledger.jsonl");
    }

    private PartnerLedger ledger(Role role) {
        var ledger = ledgers.get(role);
        if (ledger == null) throw new IllegalStateException("nobody plays the " + role.word());
        return ledger;
    }

    private boolean nothingLeft() throws IOException {
        if (partners.values().stream().anyMatch(one -> one.busy() > 0)) return false;
        try {
            var store = new DeliveryStore(engine.database().jdbc());
            return store.waiting(ORDERS) == 0
                    && store.waiting(REFERRALS) == 0
                    && store.waiting(RESULTS) == 0
                    // A partner may have taken the last one a moment ago.
                    && partners.values().stream().allMatch(one -> one.busy() == 0);
        } catch (DataAccessException e) {
            return false; // It was killed a moment ago.
        }
    }

    /** A person looks at each paused queue: what the partner has is skipped, the rest is sent. */
    private void decide() throws IOException {
        var database = engine.database();
        var search = new DeliverySearch(database.jdbc());
        var desk =
                new Desk(
                        database.dataSource(),
                        new DeliveryStore(database.jdbc()),
                        search,
                        new NoOutboxes());
        var by = new Desk.By("bench", "the partner was called");
        try {
            for (var found : search.destinations()) {
                if (!found.paused()) continue;
                var role =
                        switch (found.name()) {
                            case ORDERS -> Role.LAB;
                            case REFERRALS -> Role.SPECIALIST;
                            default -> Role.EMR;
                        };
                for (var head : search.waiting(found.name(), 1))
                    if (ledger(role).hasTaken(head.controlId()))
                        desk.skip(found.name(), head.id(), by);
                desk.resume(found.name(), by);
                decisions++;
            }
        } catch (DataAccessException | IllegalStateException | Desk.NotPossible e) {
            progress.now("the database does not answer"); // It was killed a moment ago.
        }
    }

    private LoopCheck.Books books() throws IOException {
        return new LoopCheck.Books(
                PartnerLedger.read(file(Role.EMR)),
                PartnerLedger.read(file(Role.LAB)),
                PartnerLedger.read(file(Role.SPECIALIST)));
    }

    private LoopCheck check(List<String> problems) throws IOException, InterruptedException {
        var check = new LoopCheck(books(), plan.orders(), plan.orders() / REFERRALS_AMONG);
        try {
            var charted = new ChartedOrders(engine.database().jdbc());
            problems.addAll(check.standings(charted.states()));
            var limit = System.nanoTime() + ALERT_LIMIT.toNanos();
            var alerts = check.alerts(charted.overdue());
            // The engine looks once in a while; what it owes to whom is known by the minute.
            while (!alerts.isEmpty() && System.nanoTime() < limit) {
                progress.now("%,d alerts of overdue orders still differ".formatted(alerts.size()));
                TimeUnit.SECONDS.sleep(2);
                alerts = check.alerts(charted.overdue());
            }
            problems.addAll(alerts);
        } catch (DataAccessException e) {
            throw new IOException("the database does not answer in the end", e);
        }
        return check;
    }

    private void end() throws IOException {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static List<Integer> free() throws IOException {
        var sockets = new ArrayList<ServerSocket>();
        var ports = new ArrayList<Integer>();
        try {
            for (var i = 0; i < 3; i++) {
                var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                ports.add(socket.getLocalPort());
            }
        } finally {
            for (var socket : sockets) socket.close();
        }
        return ports;
    }
}
