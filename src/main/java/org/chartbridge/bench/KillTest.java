package org.chartbridge.bench;

import org.chartbridge.bench.Ledger.Noted;
import org.chartbridge.mllp.MllpNetwork;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Kills an engine of its own, its PostgreSQL or both, at random moments under load, and looks
 * whether every promise was kept; long because a round stands here from its first message to its
 * last check. Of three rounds in a row each kills something else.
 *
 * <p>Half of the senders send again what has no answer, the other half leave it: both must end
 * well. Where only PostgreSQL dies the engine has to recover by itself, and a quarter of the
 * senders lose their patience, so that some messages have no answer then too.
 */
public final class KillTest {
    public static final int CONNECTIONS = 16;

    /** A round with fewer acknowledged messages says too little and is run again. */
    public static final int MIN_ACKNOWLEDGED = 500;

    private static final int MAX_REPEATS = 5;
    private static final Duration LOAD_LIMIT = Duration.ofMinutes(3);
    private static final Duration SENDERS_LIMIT = Duration.ofMinutes(2);
    private static final int MAX_DELAY_MILLIS = 2_000;

    /** Who is killed. */
    public enum Victim {
        ENGINE("engine"),
        DATABASE("PostgreSQL"),
        BOTH("engine and PostgreSQL");

        private final String words;

        Victim(String words) {
            this.words = words;
        }
    }

    /**
     * One round.
     *
     * @param ready from the kill until the readiness endpoint said UP
     * @param problems what is wrong; empty when every promise was kept
     */
    public record Round(
            int number,
            Victim victim,
            int acknowledged,
            int unanswered,
            int resent,
            Duration ready,
            List<String> problems) {

        boolean counts() {
            return acknowledged >= MIN_ACKNOWLEDGED && unanswered >= 1;
        }

        /** One line for a person. */
        public String line() {
            return String.format(
                    Locale.ROOT,
                    "round %d: killed %-21s %,6d acknowledged, %2d unanswered (%d sent again),"
                            + " ready after %.1f s: %s",
                    number,
                    victim.words + ",",
                    acknowledged,
                    unanswered,
                    resent,
                    ready.toMillis() / 1e3,
                    problems.isEmpty()
                            ? "nothing lost, nothing twice"
                            : problems.size() + " FAULTS");
        }
    }

    private final EngineProcess engine;
    private final Random random;
    private final Duration readyLimit;
    private final Progress progress;
    private final Queue<Victim> victims = new ArrayDeque<>();

    private KillTest(EngineProcess engine, Random random, Duration readyLimit, Progress progress) {
        this.engine = engine;
        this.random = random;
        this.readyLimit = readyLimit;
        this.progress = progress;
    }

    /**
     * Runs rounds on an engine of its own. Stops after the first with a fault, whose data and
     * ledgers stay where they are.
     *
     * @param readyLimit within which the engine must be ready again
     * @param report is told of each round that counts
     */
    public static List<Round> run(
            int rounds,
            long seed,
            Duration readyLimit,
            BenchTarget.OwnEngine target,
            Progress progress,
            Consumer<Round> report)
            throws IOException, SQLException, InterruptedException {
        progress.line("Seed " + seed + ". Starting an engine of its own ...");
        var done = new ArrayList<Round>();
        try (var engine = EngineProcess.start(target.parent(), target.jar())) {
            engine.awaitReady();
            var test = new KillTest(engine, new Random(seed), readyLimit, progress);
            for (var number = 1; number <= rounds; number++) {
                var round = test.roundThatCounts(number);
                done.add(round);
                report.accept(round);
                if (round.problems().isEmpty()) continue;
                engine.keepFolder();
                progress.line("Data and ledgers are kept in " + engine.folder());
                return done;
            }
        }
        return done;
    }

    private Round roundThatCounts(int number)
            throws IOException, SQLException, InterruptedException {
        var victim = nextVictim();
        for (var repeat = 0; ; repeat++) {
            var round = round(number, repeat, victim);
            if (round.counts() || !round.problems().isEmpty() || repeat == MAX_REPEATS) {
                return round.counts() || !round.problems().isEmpty()
                        ? round
                        : new Round(
                                number,
                                victim,
                                round.acknowledged(),
                                round.unanswered(),
                                round.resent(),
                                round.ready(),
                                List.of("too few acknowledged or unanswered messages"));
            }
            progress.line(
                    "round %d says too little (%d acknowledged, %d unanswered), again"
                            .formatted(number, round.acknowledged(), round.unanswered()));
        }
    }

    private Victim nextVictim() {
        if (victims.isEmpty()) {
            var three = new ArrayList<>(Arrays.asList(Victim.values()));
            Collections.shuffle(three, random);
            victims.addAll(three);
        }
        return victims.remove();
    }

    private Round round(int number, int repeat, Victim victim)
            throws IOException, SQLException, InterruptedException {
        var prefix = BenchMessages.prefix(Instant.now(), number);
        var messages =
                new BenchMessages(
                        prefix, BenchPartners.APPLICATION, BenchPartners.CHARTED, "20261122080000");
        var ledgers =
                Files.createDirectories(
                        engine.folder().resolve("ledgers-" + number + "-" + repeat));
        var acknowledged = new Semaphore(0);
        var senders = new ArrayList<KillSender>();
        try (var network = new MllpNetwork(2, 64L << 20);
                var threads = Executors.newCachedThreadPool()) {
            for (var i = 0; i < CONNECTIONS; i++) {
                var ledger = ledgers.resolve("sender-" + i);
                senders.add(new KillSender(network, engine.mllp(), messages, ledger, acknowledged));
            }
            var work = new ArrayList<Future<?>>();
            for (var sender : senders) {
                work.add(
                        threads.submit(
                                () -> {
                                    sender.work();
                                    return null;
                                }));
            }
            awaitLoad(acknowledged, number);
            progress.now("round " + number + ": killing " + victim.words);
            var killedAt = System.nanoTime();
            kill(victim, senders);
            senders.forEach(KillSender::stop);
            if (victim != Victim.DATABASE) engine.restart();
            awaitReady();
            var ready = Duration.ofNanos(System.nanoTime() - killedAt);
            progress.now("round " + number + ": ready again, waiting for the senders");
            for (var one : work) await(one);
            var unanswered = senders.stream().mapToInt(KillSender::unanswered).sum();
            var resent = 0;
            for (var i = 0; i < CONNECTIONS; i += 2) resent += senders.get(i).resend();
            for (var sender : senders) sender.close();
            return checked(number, victim, unanswered, resent, ready, ledgers, prefix);
        }
    }

    /** Waits for enough answers, then for a random moment. */
    private void awaitLoad(Semaphore acknowledged, int number)
            throws IOException, InterruptedException {
        progress.now("round " + number + ": loading");
        if (!acknowledged.tryAcquire(MIN_ACKNOWLEDGED, LOAD_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException(
                    "fewer than " + MIN_ACKNOWLEDGED + " messages acknowledged in three minutes");
        }
        Thread.sleep(random.nextInt(MAX_DELAY_MILLIS));
    }

    private void kill(Victim victim, List<KillSender> senders)
            throws IOException, InterruptedException {
        switch (victim) {
            case ENGINE -> engine.kill();
            case DATABASE -> {
                engine.killDatabase();
                for (var i = 0; i < senders.size(); i++) {
                    // Two of eight, an even and an odd one: one sends again, the other leaves it.
                    if (i % 8 < 2) senders.get(i).hangUp();
                }
            }
            case BOTH -> {
                if (random.nextBoolean()) {
                    engine.kill();
                    engine.killDatabase();
                } else {
                    engine.killDatabase();
                    engine.kill();
                }
            }
        }
    }

    /** Ready is an engine that says so, with a database that lets us in. */
    private void awaitReady() throws IOException, InterruptedException {
        engine.awaitReady();
        while (!databaseAnswers()) Thread.sleep(Duration.ofMillis(50));
        engine.awaitReady();
    }

    private boolean databaseAnswers() throws IOException {
        try (var connection = engine.database().connect()) {
            return connection.isValid(5);
        } catch (SQLException notYet) {
            return false;
        }
    }

    private static void await(Future<?> sender) throws IOException, InterruptedException {
        try {
            sender.get(SENDERS_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("a sender did not come to an end", e);
        }
    }

    private Round checked(
            int number,
            Victim victim,
            int unanswered,
            int resent,
            Duration ready,
            Path ledgers,
            String prefix)
            throws IOException, SQLException {
        var noted = new ArrayList<Noted>();
        try (var files = Files.list(ledgers)) {
            for (var file : files.toList()) noted.addAll(Ledger.read(file));
        }
        var problems = new ArrayList<String>();
        if (ready.compareTo(readyLimit) > 0) {
            problems.add(
                    "ready after "
                            + ready.toSeconds()
                            + " s, wanted at most "
                            + readyLimit.toSeconds());
        }
        problems.addAll(KillCheck.problems(noted, ChartedMessages.read(engine.database(), prefix)));
        var acknowledged = (int) noted.stream().filter(Noted::acknowledged).count();
        return new Round(number, victim, acknowledged, unanswered, resent, ready, problems);
    }
}
