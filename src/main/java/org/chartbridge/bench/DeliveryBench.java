package org.chartbridge.bench;

import org.chartbridge.delivery.DeliveryStore;
import org.chartbridge.hl7.AckCode;
import org.chartbridge.hl7.Acknowledgement;
import org.chartbridge.mllp.Answer;
import org.chartbridge.mllp.ConnectionObserver;
import org.chartbridge.mllp.Ending;
import org.chartbridge.mllp.Frame;
import org.chartbridge.mllp.Limits;
import org.chartbridge.mllp.MllpListener;
import org.chartbridge.mllp.MllpNetwork;
import org.chartbridge.mllp.Peer;
import org.chartbridge.mllp.Stray;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How fast an engine of its own delivers to a partner that accepts at once, and what it costs when
 * many deliveries wait for one that is dead.
 */
public final class DeliveryBench {
    private static final int MANY = 20;
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration MEASURED = Duration.ofSeconds(10);
    private static final int CONNECTIONS = 16;

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
    private final Acceptor acceptor;
    private final Progress progress;
    private long nextEntry = 1_000_000_000_000L;

    private DeliveryBench(EngineProcess engine, Acceptor acceptor, Progress progress) {
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
        try (var acceptor = new Acceptor(0);
                var engine =
                        EngineProcess.start(
                                target.parent(),
                                target.jar(),
                                List.of("--chartbridge.delivery.sweep=200ms"),
                                (routes, port) ->
                                        routes(routes, port, acceptor.port(), deadPort))) {
            engine.awaitReady();
            return new DeliveryBench(engine, acceptor, progress).measure(plan, deadPort);
        }
    }

    private static void routes(Path routes, int port, int accepting, int dead) throws IOException {
        for (var lab : List.of("bench", "forwarding", "hoarding")) {
            var step =
                    switch (lab) {
                        case "forwarding" -> "- to: { uri: \"deliver:many/w16\" }";
                        case "hoarding" -> "- to: { uri: \"deliver:dead/results\" }";
                        default -> "";
                    };
            var folder = Files.createDirectories(routes.resolve(lab));
            Files.writeString(
                    folder.resolve("partner.yaml"),
                    "sender: { application: BENCH, facility: %s }\nzone: UTC\npatients: create\n"
                            .formatted(lab));
            Files.writeString(
                    folder.resolve("results.yaml"),
                    """
                    - route:
                        id: %s-results
                        from:
                          uri: mllp:127.0.0.1:%d
                          steps:
                            - to: { uri: chart }
                            %s
                    """
                            .formatted(lab, port, step));
        }
        var many = Files.createDirectories(routes.resolve("many"));
        Files.writeString(
                many.resolve("partner.yaml"), "sender: { application: MANY }\nzone: UTC\n");
        var text = new StringBuilder(outbox("many/w1", 1, accepting));
        text.append(outbox("many/w16", 16, accepting));
        for (var i = 1; i <= MANY; i++) text.append(outbox("many/q" + i, 1, accepting));
        Files.writeString(many.resolve("out.yaml"), text);
        var deadFolder = Files.createDirectories(routes.resolve("dead"));
        Files.writeString(
                deadFolder.resolve("partner.yaml"), "sender: { application: DEAD }\nzone: UTC\n");
        Files.writeString(deadFolder.resolve("out.yaml"), outbox("dead/results", 16, dead));
    }

    private static String outbox(String destination, int window, int port) {
        return """
        - route:
            id: %s
            from:
              uri: outbox:%s?window=%d
              steps:
                - to: { uri: "mllp:127.0.0.1:%d" }
        """
                .formatted(destination.replace('/', '-'), destination, window, port);
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
        for (var i = 1; i <= MANY; i++) all.add("many/q" + i);
        figures.add(
                told(
                        new Figure(
                                MANY + " destinations together, window 1",
                                deliver(all, plan.each()),
                                "/s",
                                2_000,
                                true)));
    }

    private void receiving(List<Figure> figures) throws IOException, InterruptedException {
        receive("bench"); // Warm-up.
        var alone = receive("bench");
        var forwarding = receive("forwarding");
        awaitNothingWaits();
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

    private void dead(int count, int port, List<Figure> figures)
            throws IOException, SQLException, InterruptedException {
        receive("bench"); // Warm-up.
        var rateBefore = receive("bench");
        var heapBefore = heap();
        var staged = new StagedDeliveries(engine.database());
        staged.stage("dead/results", nextEntry, count);
        nextEntry += count;
        staged.resume("dead/results");
        TimeUnit.SECONDS.sleep(5);
        var rateWith = receive("bench");
        figures.add(
                told(
                        new Figure(
                                "%,d waiting for a dead partner: heap".formatted(count),
                                (heap() - heapBefore) / (1 << 20),
                                "MB",
                                50,
                                false)));
        figures.add(
                told(
                        new Figure(
                                "  receiving is slower by (%,.0f/s before, %,.0f/s with)"
                                        .formatted(rateBefore, rateWith),
                                (1 - rateWith / rateBefore) * 100,
                                "%",
                                15,
                                false)));
        try (var late = new Acceptor(port)) {
            staged.resume("dead/results");
            var rate = late.awaitCount(count, LIMIT);
            figures.add(told(new Figure("  drained in order, window 16", rate, "/s", 1_500, true)));
            if (late.disordered() > 0)
                throw new IOException(late.disordered() + " deliveries came out of order");
        }
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
        var store = new DeliveryStore(engine.database().jdbc());
        for (var i = 1; i <= MANY + 2; i++) {
            var name = i == MANY + 1 ? "many/w1" : i == MANY + 2 ? "many/w16" : "many/q" + i;
            while (store.waiting(name) > 0) TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private double receive(String facility) throws IOException, InterruptedException {
        var messages =
                new BenchMessages(
                        BenchMessages.prefix(Instant.now(), (int) (nextEntry++ % 1000)),
                        EngineProcess.APPLICATION,
                        facility,
                        "20261122080000");
        return new LoadRun(engine.mllp(), CONNECTIONS, messages)
                .run(
                        WARM_UP,
                        MEASURED,
                        progress,
                        new LoadRun.Window() {
                            @Override
                            public void begins() {}

                            @Override
                            public void ends() {}
                        })
                .perSecond();
    }

    /** Used after a full collection, in bytes. */
    private double heap() throws IOException, InterruptedException {
        var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        for (var i = 0; i < 2; i++)
            new ProcessBuilder(jcmd, String.valueOf(engine.pid()), "GC.run").start().waitFor();
        return Metrics.of(engine.http(), engine.console()).heapUsed();
    }

    /** A partner that accepts at once, and watches the order on each connection. */
    private static final class Acceptor implements AutoCloseable {
        private final MllpNetwork network = new MllpNetwork(1, 64 << 20);
        private final MllpListener listener;
        private final AtomicLong count = new AtomicLong();
        private final AtomicLong disordered = new AtomicLong();
        private final ConcurrentHashMap<Long, Long> last = new ConcurrentHashMap<>();
        private volatile long firstAt;
        private volatile long lastAt;

        Acceptor(int port) throws IOException {
            listener =
                    MllpListener.open(
                            network,
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                            Limits.defaults(),
                            this::accept,
                            new Quiet());
        }

        int port() {
            return listener.address().getPort();
        }

        long disordered() {
            return disordered.get();
        }

        void begin() {
            count.set(0);
            last.clear();
        }

        private CompletionStage<Answer> accept(Frame frame) {
            long now = System.nanoTime();
            if (count.incrementAndGet() == 1) firstAt = now;
            lastAt = now;
            order(frame);
            return CompletableFuture.completedFuture(
                    new Answer.Reply(
                            Acknowledgement.of(
                                    frame.content(),
                                    AckCode.AA,
                                    List.of(),
                                    "A",
                                    Instant.EPOCH,
                                    ZoneOffset.UTC)));
        }

        /** Staged ones have their number for MSH-10. */
        private void order(Frame frame) {
            var number = StagedDeliveries.number(frame.content());
            if (number < 0) return;
            var before = last.put(frame.peer().connection(), number);
            if (before != null && before >= number) disordered.incrementAndGet();
        }

        /** Waits for so many, and gives how many came a second. */
        double awaitCount(long wanted, Duration limit) throws IOException, InterruptedException {
            var end = System.nanoTime() + limit.toNanos();
            while (count.get() < wanted) {
                if (System.nanoTime() > end)
                    throw new IOException(
                            "only " + count.get() + " of " + wanted + " deliveries came");
                TimeUnit.MILLISECONDS.sleep(5);
            }
            return (wanted - 1) / ((lastAt - firstAt) / 1e9);
        }

        @Override
        public void close() {
            listener.close();
            network.close();
        }
    }

    private static final class Quiet implements ConnectionObserver {
        @Override
        public void stray(Peer peer, Stray stray) {}

        @Override
        public void answerLost(Peer peer, Frame frame) {}

        @Override
        public void closed(Peer peer, Ending ending) {}

        @Override
        public void turnedAway(InetSocketAddress remote, TurnedAway why) {}
    }
}
