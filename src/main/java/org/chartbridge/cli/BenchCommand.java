package org.chartbridge.cli;

import org.chartbridge.bench.BenchPlan;
import org.chartbridge.bench.BenchResult;
import org.chartbridge.bench.BenchRun;
import org.chartbridge.bench.BenchTable;
import org.chartbridge.bench.BenchTarget;
import org.chartbridge.bench.DatabaseAccess;
import org.chartbridge.database.DataFolder;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Measures how many messages an engine takes, and believes only what SQL confirms. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures an engine over real sockets and counts its rows.",
        subcommands = {
            BenchKillCommand.class,
            BenchDeliverCommand.class,
            BenchHostileCommand.class,
            BenchLoopCommand.class,
            BenchNeighbourCommand.class
        },
        footer = {
            "",
            "Without --port it starts an engine of its own, and removes it with its data.",
            "With --port it loads a running one: what is sent stays in its chart. Name a",
            "partner (--sender), and the database (--data or --jdbc-url) to count rows.",
            "",
            "Exit codes: 0 measured and confirmed by SQL, 1 not, 2 wrong use."
        })
final class BenchCommand implements Callable<Integer> {
    enum Mode {
        CHARTED,
        STORED,
        BOTH
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call.
    CommandSpec spec;

    @Mixin OwnEngineOptions own = new OwnEngineOptions();

    @Option(
            names = "--connections",
            paramLabel = "N",
            split = ",",
            defaultValue = "64,8,1",
            description = "Connections of each charted run (${DEFAULT-VALUE}).")
    List<Integer> connections = List.of();

    @Option(
            names = "--stored-connections",
            paramLabel = "N",
            defaultValue = "64",
            description = "Connections of the stored burst (${DEFAULT-VALUE}).")
    int storedConnections;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "both",
            description =
                    "charted, stored or both (${DEFAULT-VALUE}); says how the partner answers.")
    Mode mode = Mode.BOTH;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = DurationText.class,
            description = "Before each measurement (${DEFAULT-VALUE}).")
    Duration warmUp = Duration.ZERO;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "20s",
            converter = DurationText.class,
            description = "Each charted measurement (${DEFAULT-VALUE}).")
    Duration duration = Duration.ZERO;

    @Option(
            names = "--burst",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DurationText.class,
            description = "The stored measurement (${DEFAULT-VALUE}).")
    Duration burst = Duration.ZERO;

    @Option(
            names = "--reference",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = DurationText.class,
            description = "Each reference measurement (${DEFAULT-VALUE}).")
    Duration reference = Duration.ZERO;

    @Option(names = "--no-reference", description = "Leave the references out.")
    boolean noReference;

    @Option(
            names = "--writers",
            paramLabel = "N",
            defaultValue = "2",
            description = "Connections that write the reference (${DEFAULT-VALUE}).")
    int writers;

    @Option(
            names = "--drain",
            description = "After the burst wait until all of it is charted, and count again.")
    boolean drain;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "A running engine (${DEFAULT-VALUE}).")
    String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "PORT", description = "Its MLLP port.")
    @Nullable Integer port;

    @Option(
            names = "--sender",
            paramLabel = "APP|FACILITY",
            defaultValue = "BENCH|BENCH",
            description = "MSH-3 and MSH-4 of the messages (${DEFAULT-VALUE}).")
    String sender = "";

    @Option(
            names = "--console",
            paramLabel = "URL",
            description = "Its console, for its figures (http://127.0.0.1:8080/).")
    @Nullable URI console;

    @Option(
            names = {"--data", "--chartbridge.data"},
            paramLabel = "FOLDER",
            description = "Its data folder, on this machine: tells console and database.")
    @Nullable Path data;

    @Option(names = "--jdbc-url", paramLabel = "URL", description = "Its outside database.")
    @Nullable String jdbcUrl;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the result there.")
    @Nullable Path json;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        var out = spec.commandLine().getOut();
        var progress = new TerminalProgress(out, CommandLine.Help.Ansi.AUTO.enabled());
        var result = BenchRun.of(plan(), target(), progress);
        progress.line("");
        BenchTable.of(result).forEach(out::println);
        out.flush();
        if (json != null) write(result, json);
        return result.confirmed() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static void write(BenchResult result, Path file) {
        JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValue(file, result);
    }

    private BenchPlan plan() {
        try {
            return new BenchPlan(
                    mode == Mode.STORED ? List.of() : connections,
                    mode != Mode.CHARTED,
                    storedConnections,
                    warmUp,
                    duration,
                    burst,
                    noReference ? Duration.ZERO : reference,
                    writers,
                    drain);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private BenchTarget target() throws IOException {
        if (port == null) return own.target();
        if (mode == Mode.BOTH) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--port: say how the partner answers, --mode charted or --mode stored");
        }
        var names = sender.split("\\|", 2);
        if (names.length < 2 || names[0].isBlank()) {
            throw new ParameterException(
                    spec.commandLine(), "--sender: wanted APPLICATION|FACILITY, got " + sender);
        }
        return new BenchTarget.RunningEngine(
                new InetSocketAddress(host, port), names[0], names[1], consoleUrl(), database());
    }

    private URI consoleUrl() throws IOException {
        if (console != null) return console;
        var running =
                data == null ? Optional.<DataFolder.Running>empty() : DataFolder.running(data);
        return URI.create(
                running.flatMap(DataFolder.Running::console).orElse("http://127.0.0.1:8080/"));
    }

    private Optional<DatabaseAccess> database() throws IOException {
        if (jdbcUrl != null) return Optional.of(DatabaseAccess.outside(jdbcUrl));
        if (data != null) return Optional.of(DatabaseAccess.embeddedIn(data));
        return Optional.empty();
    }
}
