package org.chartbridge.bench;

import org.chartbridge.bench.HostilePartner.Treatment;
import org.chartbridge.delivery.DeliverySearch;
import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.delivery.Desk;
import org.chartbridge.mllp.MllpClient;
import org.chartbridge.mllp.MllpFailure;
import org.chartbridge.mllp.MllpNetwork;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Sends messages through an engine of its own to a partner that is as bad as partners get, kills
 * everything now and then, and looks whether each message was applied exactly once, in order. The
 * partner discards what it knows by MSH-10; when it refuses, a person (played here) has it sent
 * again.
 */
public final class HostileRun {
    private static final Duration LIMIT_OF_ONE = Duration.ofSeconds(2);
    private static final Duration LEAST_LIMIT = Duration.ofMinutes(3);
    private static final Duration ANSWER = Duration.ofSeconds(20);

    /** How long the engine waits for the partner's answer. On loopback a good one takes 1 ms. */
    private static final Duration PATIENCE = Duration.ofMillis(75);

    private static final Duration LATE = PATIENCE.multipliedBy(3).dividedBy(2);
    private static final String DESTINATION = "hostile/results";

    /**
     * What came of it.
     *
     * @param attempts how often the partner was sent something
     * @param decisions how often a person had to decide
     * @param treated how often the partner behaved how
     * @param problems what is wrong; empty when every promise was kept
     */
    public record Result(
            int messages,
            int kills,
            int attempts,
            int decisions,
            Map<Treatment, Integer> treated,
            Duration time,
            List<String> problems) {

        public Result {
            treated = Map.copyOf(treated);
            problems = List.copyOf(problems);
        }

        /** One line for a person. */
        public String line() {
            return "%,d messages, %d kills, %,d attempts, %d decisions of a person, %.1f s: %s"
                    .formatted(
                            messages,
                            kills,
                            attempts,
                            decisions,
                            time.toMillis() / 1e3,
                            problems.isEmpty()
                                    ? "each applied once and in order, none lost"
                                    : problems.size() + " FAULTS");
        }
    }

    private final int messages;
    private final EngineProcess engine;
    private final HostilePartner partner;
    private final Progress progress;
    private int decisions;

    private HostileRun(
            int messages, EngineProcess engine, HostilePartner partner, Progress progress) {
        this.messages = messages;
        this.engine = engine;
        this.partner = partner;
        this.progress = progress;
    }

    /**
     * Runs once.
     *
     * @param kills how often engine and database are killed together
     * @param seed decides how the partner treats which message
     */
    public static Result run(
            int messages, int kills, long seed, BenchTarget.OwnEngine target, Progress progress)
            throws IOException, InterruptedException {
        var settings =
                List.of(
                        "--chartbridge.delivery.answer=" + PATIENCE.toMillis() + "ms",
                        "--chartbridge.delivery.first-wait=5ms",
                        "--chartbridge.delivery.longest-wait=20ms",
                        "--chartbridge.delivery.deferrals=1000",
                        "--chartbridge.delivery.sweep=40ms");
        try (var partner = new HostilePartner(0, LATE, treatment(seed));
                var engine =
                        EngineProcess.start(
                                target.parent(),
                                target.jar(),
                                EngineProcess.QUICK_START,
                                settings,
                                (routes, port) ->
                                        ForwardingRoutes.write(
                                                routes, port, DESTINATION, partner.port()))) {
            engine.awaitReady();
            var result = new HostileRun(messages, engine, partner, progress).run(kills);
            if (!result.problems().isEmpty()) engine.keepFolder();
            return result;
        }
    }

    /** Half of the first attempts go wrong, and a fifth of the later ones. */
    private static HostilePartner.Treating treatment(long seed) {
        return (id, before) -> {
            var random = new Random(seed + 31L * id.hashCode() + before);
            random.nextInt(); // The first number of neighbouring seeds is nearly the same.
            if (random.nextInt(100) < (before == 0 ? 50 : 80)) return Treatment.ACCEPT;
            var all = Treatment.values();
            return all[random.nextInt(all.length)];
        };
    }

    private Result run(int kills) throws IOException, InterruptedException {
        var start = System.nanoTime();
        var sender = Thread.ofPlatform().daemon().start(this::send);
        var limit = start + Math.max(LEAST_LIMIT.toNanos(), LIMIT_OF_ONE.toNanos() * messages / 10);
        var killed = 0;
        for (var applied = 0;
                applied < messages && System.nanoTime() < limit;
                applied = partner.appliedCount()) {
            if (killed < kills && applied >= messages * (killed + 1L) / (kills + 1)) {
                killed++;
                progress.line("kill " + killed + " after " + applied);
                engine.kill();
                engine.killDatabase();
                engine.restart();
                engine.awaitReady();
            }
            decide();
            progress.now(applied + " applied");
            TimeUnit.MILLISECONDS.sleep(20);
        }
        sender.interrupt();
        sender.join();
        var problems = problems();
        return new Result(
                messages,
                killed,
                partner.seen().size(),
                decisions,
                partner.treated(),
                Duration.ofNanos(System.nanoTime() - start),
                problems);
    }

    /** One after the other; what has no answer is sent again, as a lab would. */
    private void send() {
        try (var network = new MllpNetwork(1, 16 << 20)) {
            MllpClient client = null;
            for (var number = 1; number <= messages; ) {
                try {
                    if (client == null || !client.isOpen())
                        client = MllpClient.connect(network, engine.mllp(), Duration.ofSeconds(2));
                    var answer = client.exchange(message(number), ANSWER);
                    if (new String(answer, StandardCharsets.UTF_8).contains("MSA|AA|")) number++;
                } catch (MllpFailure e) {
                    TimeUnit.MILLISECONDS.sleep(50);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A person looks at the paused queue, and has the head sent again. */
    private void decide() throws IOException {
        var database = engine.database();
        var search = new DeliverySearch(database.jdbc());
        try {
            var found = search.destination(DESTINATION);
            if (found.isEmpty() || !found.get().paused()) return;
            new Desk(
                            database.dataSource(),
                            new DeliveryStore(database.jdbc()),
                            search,
                            new NoOutboxes())
                    .resume(DESTINATION, new Desk.By("bench", "the partner was called"));
            decisions++;
        } catch (DataAccessException | IllegalStateException | Desk.NotPossible e) {
            progress.now("the database does not answer"); // It was killed a moment ago.
        }
    }

    private List<String> problems() throws IOException {
        var problems = new ArrayList<String>();
        var applied = partner.applied();
        for (var number = 1; number <= messages; number++) {
            var wanted = controlId(number);
            var found = number <= applied.size() ? applied.get(number - 1) : null;
            if (wanted.equals(found)) continue;
            problems.add("wanted " + wanted + " as number " + number + ", got " + word(found));
            if (problems.size() == 20) break;
        }
        if (applied.size() > messages) problems.add("more was applied than was sent");
        try {
            var waiting = waitingInTheEnd();
            if (waiting > 0) problems.add(waiting + " deliveries still wait");
            // The partner would discard what was staged twice, and nobody would see it.
            var written = new StagedDeliveries(engine.database()).accepted(DESTINATION);
            if (written != messages)
                problems.add("wanted " + messages + " accepted deliveries, found " + written);
        } catch (SQLException e) {
            problems.add("the database does not answer in the end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return problems;
    }

    /** The answer to the last one may still be on its way into the database. */
    private long waitingInTheEnd() throws IOException, InterruptedException {
        var store = new DeliveryStore(engine.database().jdbc());
        for (var look = 0; look < 200; look++) {
            decide();
            if (store.waiting(DESTINATION) == 0) return 0;
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return store.waiting(DESTINATION);
    }

    private static String word(@Nullable String found) {
        return found == null ? "nothing" : found;
    }

    private static String controlId(int number) {
        return "H%06d".formatted(number);
    }

    private static byte[] message(int number) {
        return String.join(
                        "\r",
                        "MSH|^~\\&|LIS|LAB|HOSTILE||20261122080000||ORU^R01|"
                                + controlId(number)
                                + "|P|2.5.1",
                        "PID|1||"
                                + (1000 + number % 97)
                                + "^^^LAB^MR||ROE"
                                + number % 97
                                + "^SAM||19820304|M",
                        "OBR|1||" + controlId(number) + "|24323-8^CMP^LN|||20261122074500",
                        "OBX|1|NM|2823-3^Potassium^LN||4.1|mmol/L|3.5-5.1||||F",
                        "")
                .getBytes(StandardCharsets.UTF_8);
    }
}
