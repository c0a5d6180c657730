package org.chartbridge.bench;

import org.chartbridge.bench.BenchTarget.OwnEngine;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * What a partner that floods costs its neighbour on the same port, and what a thousand open
 * connections cost the engine. Both partners send as fast as they are answered; the neighbour over
 * a few connections, the other first over as many, then over two hundred.
 */
public final class NeighbourBench {
    private static final DateTimeFormatter HL7_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String NEIGHBOUR = "NEIGHBOUR";
    private static final String OTHER = "OTHER";

    /** What a flood may add to a neighbour's 95th percentile. */
    public static final double MAX_SLOWER = 1.3;

    /** What idle and busy connections may add. */
    public static final long MAX_MEGABYTES = 100;

    private final Plan plan;
    private final Progress progress;
    private final String time = HL7_TIME.format(Instant.now());
    private int loads;

    /**
     * How much of it.
     *
     * @param connections of the neighbour, and of the other while it does not flood
     * @param flood connections of the other while it does
     * @param idle connections that are only open
     * @param warmUp before each measured time
     */
    public record Plan(int connections, int flood, int idle, Duration warmUp, Duration time) {}

    /**
     * What came of it.
     *
     * @param usual the neighbour's 95th percentile beside a usual partner, in milliseconds
     * @param flooded the same beside one that floods
     * @param megabytes resident memory that idle and flooding connections added
     */
    public record Result(double usual, double flooded, long megabytes) {
        public double slower() {
            return flooded / usual;
        }

        public boolean met() {
            return slower() <= MAX_SLOWER && megabytes <= MAX_MEGABYTES;
        }
    }

    private record Side(double perSecond, double p95Millis) {}

    private NeighbourBench(Plan plan, Progress progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** Measures on an engine of its own. */
    public static Result run(Plan plan, OwnEngine target, Progress progress)
            throws IOException, InterruptedException {
        return new NeighbourBench(plan, progress).run(target);
    }

    private Result run(OwnEngine target) throws IOException, InterruptedException {
        progress.line("Starting an engine of its own (" + EngineProcess.HEAP + ") ...");
        try (var engine =
                EngineProcess.start(
                        target.parent(), target.jar(), List.of(), NeighbourBench::routes)) {
            engine.awaitReady();
            var first = beside(engine, plan.connections(), "warm");
            var usual = beside(engine, plan.connections(), "usual");
            var before = residentBytes(engine);
            var idle = idle(engine);
            try {
                var flooded = beside(engine, plan.flood(), "flooded");
                var added = residentBytes(engine) - before;
                progress.line(
                        "first %.1f ms, memory added %d MB with %d idle connections"
                                .formatted(first.p95Millis, added >> 20, idle.size()));
                return new Result(usual.p95Millis, flooded.p95Millis, added >> 20);
            } finally {
                for (var socket : idle) socket.close();
            }
        }
    }

    /** The neighbour's figures while the other sends over so many connections. */
    private Side beside(EngineProcess engine, int others, String what)
            throws IOException, InterruptedException {
        var neighbour = new LoadRun(engine.mllp(), plan.connections(), messages(NEIGHBOUR));
        var other = new LoadRun(engine.mllp(), others, messages(OTHER));
        try (var threads = Executors.newSingleThreadExecutor()) {
            var running = threads.submit(() -> load(other));
            var loaded = load(neighbour);
            var its = running.get();
            progress.line(
                    String.format(
                            Locale.ROOT,
                            "%s: neighbour %d connections %,.0f/s p95 %.1f ms; other %d"
                                    + " connections %,.0f/s p95 %.1f ms",
                            what,
                            plan.connections(),
                            loaded.perSecond(),
                            neighbour.p95Millis(),
                            others,
                            its.perSecond(),
                            other.p95Millis()));
            return new Side(loaded.perSecond(), neighbour.p95Millis());
        } catch (ExecutionException e) {
            throw new IOException("the other partner's load failed", e.getCause());
        }
    }

    private LoadRun.Loaded load(LoadRun run) throws IOException, InterruptedException {
        return run.run(plan.warmUp(), plan.time(), new Silent(), new Whole());
    }

    private BenchMessages messages(String facility) {
        return new BenchMessages(
                BenchMessages.prefix(Instant.now(), ++loads),
                BenchPartners.APPLICATION,
                facility,
                time);
    }

    private List<Socket> idle(EngineProcess engine) throws IOException {
        var open = new ArrayList<Socket>();
        for (var i = 0; i < plan.idle(); i++)
            open.add(new Socket(engine.mllp().getAddress(), engine.mllp().getPort()));
        return open;
    }

    private static long residentBytes(EngineProcess engine) throws IOException {
        for (var line : Files.readAllLines(Path.of("/proc/" + engine.pid() + "/status")))
            if (line.startsWith("VmRSS:")) return Long.parseLong(line.replaceAll("\\D+", "")) << 10;
        return 0;
    }

    private static void routes(Path routes, int mllpPort) throws IOException {
        BenchPartners.partner(routes, mllpPort, "neighbour", NEIGHBOUR, "charted");
        BenchPartners.partner(routes, mllpPort, "other", OTHER, "charted");
    }

    /** Two loads at once would write over each other. */
    private static final class Silent implements Progress {
        @Override
        public void now(String text) {}

        @Override
        public void line(String text) {}
    }

    private static final class Whole implements LoadRun.Window {
        @Override
        public void begins() {}

        @Override
        public void ends() {}
    }
}
