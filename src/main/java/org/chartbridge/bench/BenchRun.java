package org.chartbridge.bench;

import org.chartbridge.bench.BenchResult.Reference;
import org.chartbridge.bench.BenchResult.Run;
import org.chartbridge.bench.BenchTarget.OwnEngine;
import org.chartbridge.bench.BenchTarget.RunningEngine;
import org.chartbridge.bench.ReferenceInsert.Kind;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Runs a {@link BenchPlan}: loads, counts, references, in one go on one engine. */
public final class BenchRun {
    private static final DateTimeFormatter HL7_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** The reference needs less: its code is short. */
    private static final Duration REFERENCE_WARM_UP = Duration.ofSeconds(4);

    private static final Duration DRAIN_STEP = Duration.ofSeconds(1);

    private final BenchPlan plan;
    private final Progress progress;
    private final Instant start = Instant.now();
    private final List<Run> runs = new ArrayList<>();
    private final List<Reference> references = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private int loads;
    private String loaded = "";

    private BenchRun(BenchPlan plan, Progress progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * Measures.
     *
     * @throws IOException when the engine can't be started or reached
     * @throws SQLException when the database can't be asked
     */
    public static BenchResult of(BenchPlan plan, BenchTarget target, Progress progress)
            throws IOException, SQLException, InterruptedException {
        var run = new BenchRun(plan, progress);
        return switch (target) {
            case OwnEngine own -> run.own(own);
            case RunningEngine running -> run.running(running);
        };
    }

    /** The engine, by what a run needs of it. */
    private record Engine(
            InetSocketAddress mllp,
            URI console,
            Optional<DatabaseAccess> database,
            String application,
            String charted,
            String stored,
            @Nullable EngineProcess own) {}

    private BenchResult own(OwnEngine target)
            throws IOException, SQLException, InterruptedException {
        progress.line("Starting an engine of its own (" + EngineProcess.HEAP + ") ...");
        try (var process = EngineProcess.start(target.parent(), target.jar())) {
            process.awaitReady();
            var engine =
                    new Engine(
                            process.mllp(),
                            process.console(),
                            Optional.of(process.database()),
                            BenchPartners.APPLICATION,
                            BenchPartners.CHARTED,
                            BenchPartners.STORED,
                            process);
            return measure(engine);
        }
    }

    private BenchResult running(RunningEngine target)
            throws IOException, SQLException, InterruptedException {
        return measure(
                new Engine(
                        target.mllp(),
                        target.console(),
                        target.database(),
                        target.application(),
                        target.facility(),
                        target.facility(),
                        null));
    }

    private BenchResult measure(Engine engine)
            throws IOException, SQLException, InterruptedException {
        var conditions = conditions(engine);
        for (var connections : plan.connections()) {
            load(engine, "charted", engine.charted(), connections, plan.time());
        }
        if (!plan.connections().isEmpty()) reference(engine, Kind.CHARTED, runs.getFirst());
        if (plan.stored()) {
            load(engine, "stored", engine.stored(), plan.storedConnections(), plan.burst());
            reference(engine, Kind.STORED, runs.getLast());
            if (plan.drain() && engine.database().isPresent()) drain(engine.database().get());
        }
        return new BenchResult(
                conditions, List.copyOf(runs), List.copyOf(references), memory(engine));
    }

    private void load(Engine engine, String mode, String facility, int connections, Duration time)
            throws IOException, SQLException, InterruptedException {
        var messages = messages(engine.application(), facility);
        loaded = messages.prefix();
        var before = new Metrics[] {Metrics.NONE};
        var after = new Metrics[] {Metrics.NONE};
        var load =
                new LoadRun(engine.mllp(), connections, messages)
                        .run(
                                plan.warmUp(),
                                time,
                                progress,
                                new LoadRun.Window() {
                                    @Override
                                    public void begins() throws InterruptedException {
                                        before[0] = metrics(engine);
                                    }

                                    @Override
                                    public void ends() throws InterruptedException {
                                        after[0] = metrics(engine);
                                    }
                                });
        progress.now("counting rows");
        var rows = Optional.<WrittenRows>empty();
        if (engine.database().isPresent()) {
            rows = Optional.of(WrittenRows.of(engine.database().get(), messages.prefix()));
        }
        runs.add(
                new Run(
                        mode,
                        load,
                        rows,
                        rows.map(found -> Agreement.disagreements(load, found)).orElse(List.of()),
                        after[0].microsPerMessage(before[0]),
                        after[0].meanGroup(before[0])));
        progress.line(
                String.format(
                        Locale.ROOT,
                        "%s, %d connections: %,.0f/s",
                        mode,
                        connections,
                        load.perSecond()));
    }

    private void reference(Engine engine, Kind kind, Run run)
            throws IOException, SQLException, InterruptedException {
        if (plan.reference().isZero() || engine.database().isEmpty()) return;
        var own = engine.own();
        // Charting what was stored goes on in the background and would take from the reference.
        if (own != null) own.pause();
        try {
            var inserted =
                    ReferenceInsert.measure(
                            engine.database().get(),
                            messages("BENCH", "REFERENCE"),
                            kind,
                            (int) Math.max(1, Math.round(run.meanGroup())),
                            plan.writers(),
                            REFERENCE_WARM_UP,
                            plan.reference(),
                            progress);
            references.add(new Reference(inserted, run.load().perSecond() / inserted.perSecond()));
        } finally {
            if (own != null) own.resume();
        }
    }

    private void drain(DatabaseAccess database) throws SQLException, InterruptedException {
        var last = runs.getLast();
        var prefix = loaded;
        var begin = System.nanoTime();
        var waiting = WrittenRows.waiting(database, prefix);
        var first = waiting;
        while (waiting > 0) {
            Thread.sleep(DRAIN_STEP);
            waiting = WrittenRows.waiting(database, prefix);
            progress.now("stored messages that are not yet charted: " + waiting);
        }
        var seconds = (System.nanoTime() - begin) / 1e9;
        var rows = WrittenRows.of(database, prefix);
        var disagreements = new ArrayList<>(Agreement.disagreements(last.load(), rows));
        if (rows.received() > 0) disagreements.add(rows.received() + " are not charted");
        runs.set(
                runs.size() - 1,
                new Run(
                        last.mode(),
                        last.load(),
                        Optional.of(rows),
                        disagreements,
                        last.microsPerMessage(),
                        last.meanGroup()));
        progress.line(
                String.format(
                        Locale.ROOT,
                        "charted what was stored: %,d messages in %.0f s, %,.0f/s",
                        first,
                        seconds,
                        first / Math.max(seconds, 0.001)));
    }

    private BenchMessages messages(String application, String facility) {
        var prefix = BenchMessages.prefix(start, ++loads);
        return new BenchMessages(prefix, application, facility, HL7_TIME.format(start));
    }

    /** Nothing when the engine does not say: the load counts all the same. */
    private Metrics metrics(Engine engine) throws InterruptedException {
        try {
            return Metrics.of(http, engine.console());
        } catch (IOException e) {
            progress.line(
                    "No figures of the engine from " + engine.console() + ": " + e.getMessage());
            return Metrics.NONE;
        }
    }

    private Map<String, Long> memory(Engine engine) throws IOException, InterruptedException {
        var metrics = metrics(engine);
        var memory = new LinkedHashMap<String, Long>();
        memory.put("heap used", (long) metrics.heapUsed() >> 20);
        memory.put("heap committed", (long) metrics.heapCommitted() >> 20);
        memory.put("heap limit", (long) metrics.sum("jvm_memory_max_bytes", "area=\"heap\"") >> 20);
        var own = engine.own();
        if (own != null) memory.put("resident at its highest", own.peakResidentBytes() >> 20);
        return memory;
    }

    private Map<String, String> conditions(Engine engine) throws IOException, SQLException {
        var system = ManagementFactory.getOperatingSystemMXBean();
        var conditions = new LinkedHashMap<String, String>();
        conditions.put("time", start.toString());
        conditions.put("processors", String.valueOf(system.getAvailableProcessors()));
        conditions.put(
                "load average before",
                String.format(Locale.ROOT, "%.1f", system.getSystemLoadAverage()));
        conditions.put("Java", Runtime.version().toString());
        conditions.put(
                "message",
                messages("BENCH", "SIZE").content(BenchMessages.FIRST).length
                        + " bytes, 10 OBX, 1,000 patients");
        var own = engine.own();
        conditions.put(
                "engine",
                own == null
                        ? "running, " + engine.mllp()
                        : "of its own, " + EngineProcess.HEAP + ", " + disk(own));
        if (engine.database().isPresent()) {
            WrittenRows.settings(engine.database().get())
                    .forEach((name, value) -> conditions.put("PostgreSQL " + name, value));
        }
        return conditions;
    }

    /** Memory that calls itself a disk makes commits look cheap. */
    private static String disk(EngineProcess own) throws IOException {
        return "data on " + Files.getFileStore(own.folder()).type();
    }

    /** Loopback with a port. */
    public static InetSocketAddress here(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
