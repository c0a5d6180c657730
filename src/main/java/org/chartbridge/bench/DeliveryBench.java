package org.chartbridge.bench;

import org.chartbridge.delivery.DeliveryStore;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * How fast an engine of its own delivers to a partner that accepts at once, and what it costs when
 * many deliveries wait for one that is dead.
 */
public final class DeliveryBench {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration MEASURED = Duration.ofSeconds(10);
    private static final int CONNECTIONS = 16;
    private static final int WARM_UPS = 5;
    private static final int TURNS = 5;
    private static final int WAITING_BYTES = 2_000;

    /** Up to here receiving may lose 15 %, above it 30. */
    private static final int MANY_WAITING = 200_000;

    /** What is measured. */
    public enum Part {
        /** How fast deliveries leave. */
        SENDING,
        /** What sending on costs receiving. */
        RECEIVING,
        /** What it costs that many wait for a dead partner, and how fast they leave then. */
        DEAD
    }

    /** How much is measured. */
    public record Plan(Set<Part> parts, int one, int window, int each, int dead) {}

    /** A figure with its bar. */
    public record Figure(String what, double value, String unit, double bar, boolean atLeast) {

        public boolean met() {
            return atLeast ? value >= bar : value <= bar;
        }

        /** One line for a person. */
        public String line() {
            return "%-62s %,10.1f %-4s (%s %,.1f) %s"
                    .formatted(
                            what, value, unit, atLeast ? ">=" : "<=", bar, met() ? "" : "MISSED");
        }
    }

    private final EngineProcess engine;
    private final AcceptingPartner acceptor;
    private final Progress progress;
    private long nextEntry = 1_000_000_000_000L;

    private DeliveryBench(EngineProcess engine, AcceptingPartner acceptor, Progress progress) {
        this.engine = engine;
        this.acceptor = acceptor;
        this.progress = progress;
    }

    /** Measures everything, telling each figure as it is known. */
    public static List<Figure> run(Plan plan, BenchTarget.OwnEngine target, Progress progress)
            throws IOException, SQLException, InterruptedException {
        int deadPort;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            deadPort = socket.getLocalPort();
        }
        progress.line("Starting an engine of its own (" + EngineProcess.HEAP + ") ...");
        try (var acceptor = new AcceptingPartner(0);
                var engine =
                        EngineProcess.start(
                                target.parent(),
                                target.jar(),
                                List.of("--chartbridge.delivery.sweep=200ms"),
                                (routes, port) ->
                                        DeliveryRoutes.write(
                                                routes, port, acceptor.port(), deadPort))) {
            engine.awaitReady();
            return new DeliveryBench(engine, acceptor, progress).measure(plan, deadPort);
        }
    }

    private List<Figure> measure(Plan plan, int deadPort)
            throws IOException, SQLException, InterruptedException {
        var figures = new ArrayList<Figure>();
        if (plan.parts().contains(Part.SENDING)) sending(plan, figures);
        if (plan.parts().contains(Part.RECEIVING)) receiving(figures);
        if (plan.parts().contains(Part.DEAD)) dead(plan.dead(), deadPort, figures);
        return figures;
    }

    private void sending(Plan plan, List<Figure> figures)
            throws IOException, SQLException, InterruptedException {
        deliver(List.of("many/w1"), Math.max(500, plan.one() / 4)); // Warm-up.
        figures.add(
                told(
                        new Figure(
                                "one connection, window 1, in order",
                                deliver(List.of("many/w1"), plan.one()),
                                "/s",
                                500,
                                true)));
        figures.add(
                told(
                        new Figure(
                                "one connection, window 16",
                                deliver(List.of("many/w16"), plan.window()),
                                "/s",
                                1_000,
                                true)));
        var all = new ArrayList<String>();
        for (var i = 1; i <= DeliveryRoutes.MANY; i++) all.add("many/q" + i);
        figures.add(
                told(
                        new Figure(
                                DeliveryRoutes.MANY + " destinations together, window 1",
                                deliver(all, plan.each()),
                                "/s",
                                2_000,
                                true)));
    }

    /**
     * By turns, because a machine's speed drifts by more than what is looked for, and after both
     * have been running for a while, because compiling takes the processors that are measured.
     */
    private void receiving(List<Figure> figures) throws IOException, InterruptedException {
        warmUp("bench");
        warmUp("forwarding");
        double alone = 0;
        double forwarding = 0;
        var delivered = new Delivered();
        for (var turn = 1; turn <= TURNS; turn++) {
            awaitNothingWaits();
            var one = receive("bench");
            acceptor.begin();
            var other = receive("forwarding", delivered);
            progress.line(
                    "turn %d: alone %,.0f/s, while delivering %,.0f/s".formatted(turn, one, other));
            alone += one / TURNS;
            forwarding += other / TURNS;
        }
        awaitNothingWaits();
        progress.line(
                "meanwhile %,.0f deliveries/s left; the rest followed"
                        .formatted(delivered.total / (double) (TURNS * MEASURED.toSeconds())));
        figures.add(
                told(
                        new Figure(
                                "receiving %,.0f/s while delivering, of receiving alone (%,.0f/s)"
                                        .formatted(forwarding, alone),
                                forwarding / alone,
                                "",
                                0.8,
                                true)));
    }

    /** What left while something else was measured. */
    private final class Delivered implements LoadRun.Window {
        private long before;
        private long total;

        @Override
        public void begins() {
            before = acceptor.count();
        }

        @Override
        public void ends() {
            total += acceptor.count() - before;
        }
    }

    /** Receiving is measured before and after, because a machine's speed drifts. */
    private void dead(int count, int port, List<Figure> figures)
            throws IOException, SQLException, InterruptedException {
        warmUp("bench");
        var before = receive("bench");
        var heapBefore = heap();
        var staged = new StagedDeliveries(engine.database());
        progress.now("staging %,d deliveries".formatted(count));
        staged.stage("dead/results", nextEntry, count, WAITING_BYTES);
        nextEntry += count;
        staged.resume("dead/results");
        TimeUnit.SECONDS.sleep(5);
        var with = receive("bench");
        figures.add(
                told(
                        new Figure(
                                "%,d waiting for a dead partner: heap".formatted(count),
                                (heap() - heapBefore) / (1 << 20),
                                "MB",
                                50,
                                false)));
        double drained;
        try (var late = new AcceptingPartner(port)) {
            staged.resume("dead/results");
            drained = late.awaitCount(count, LIMIT.plusSeconds(count / 1_000));
            if (late.disordered() > 0)
                throw new IOException(late.disordered() + " deliveries came out of order");
        }
        awaitNothingWaits("dead/results");
        var after = receive("bench");
        figures.add(
                told(
                        new Figure(
                                "  receiving is slower by (%,.0f/s before, %,.0f/s with, %,.0f/s after)"
                                        .formatted(before, with, after),
                                (1 - 2 * with / (before + after)) * 100,
                                "%",
                                count <= MANY_WAITING ? 15 : 30,
                                false)));
        figures.add(told(new Figure("  drained in order, window 16", drained, "/s", 1_500, true)));
    }

    private void warmUp(String facility) throws IOException, InterruptedException {
        for (var i = 0; i < WARM_UPS; i++) receive(facility);
    }

    private Figure told(Figure figure) {
        progress.line(figure.line());
        return figure;
    }

    /** Deliveries a second, of so many that wait for each destination. */
    private double deliver(List<String> destinations, int each)
            throws IOException, SQLException, InterruptedException {
        progress.now("staging %,d deliveries".formatted(destinations.size() * (long) each));
        var staged = new StagedDeliveries(engine.database());
        for (var destination : destinations) {
            staged.stage(destination, nextEntry, each);
            nextEntry += each;
        }
        acceptor.begin();
        for (var destination : destinations) staged.resume(destination);
        progress.now("delivering");
        var rate = acceptor.awaitCount(destinations.size() * (long) each, LIMIT);
        awaitNothingWaits();
        return rate;
    }

    private void awaitNothingWaits() throws IOException, InterruptedException {
        for (var i = 1; i <= DeliveryRoutes.MANY; i++) awaitNothingWaits("many/q" + i);
        awaitNothingWaits("many/w1");
        awaitNothingWaits("many/w16");
    }

    private void awaitNothingWaits(String destination) throws IOException, InterruptedException {
        var store = new DeliveryStore(engine.database().jdbc());
        while (store.waiting(destination) > 0) TimeUnit.MILLISECONDS.sleep(20);
    }

    private double receive(String facility) throws IOException, InterruptedException {
        return receive(
                facility,
                new LoadRun.Window() {
                    @Override
                    public void begins() {}

                    @Override
                    public void ends() {}
                });
    }

    private double receive(String facility, LoadRun.Window window)
            throws IOException, InterruptedException {
        var messages =
                new BenchMessages(
                        BenchMessages.prefix(Instant.now(), (int) (nextEntry++ % 1000)),
                        BenchPartners.APPLICATION,
                        facility,
                        "20261122080000");
        return new LoadRun(engine.mllp(), CONNECTIONS, messages)
                .run(WARM_UP, MEASURED, progress, window)
                .perSecond();
    }

    /** Used after a full collection, in bytes. */
    private double heap() throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        for (var i = 0; i < 2; i++)
            new ProcessBuilder(jcmd, String.valueOf(engine.pid()), "GC.run").start().waitFor();
        return Metrics.of(engine.http(), engine.console()).heapUsed();
    }
}
