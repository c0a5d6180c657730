package org.chartbridge.cli;

import org.chartbridge.bench.NeighbourBench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Measures what one partner's flood does to another, and what open connections cost. */
@Command(
        name = "neighbour",
        mixinStandardHelpOptions = true,
        description = "Measures what a flooding partner and many connections cost the others.",
        footer = {
            "",
            "The engine is one of its own, with its own data; a running one is not touched.",
            "Exit codes: 0 every figure met, 1 not, 2 wrong use."
        })
final class BenchNeighbourCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call.
    CommandSpec spec;

    @Mixin OwnEngineOptions own = new OwnEngineOptions();

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "8",
            description = "Connections of each partner while none floods (${DEFAULT-VALUE}).")
    int connections;

    @Option(
            names = "--flood",
            paramLabel = "N",
            defaultValue = "200",
            description = "Connections of the one that floods (${DEFAULT-VALUE}).")
    int flood;

    @Option(
            names = "--idle",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Connections that are only open (${DEFAULT-VALUE}).")
    int idle;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "15s",
            converter = DurationText.class,
            description = "Each measurement; a third of it before as warm-up (${DEFAULT-VALUE}).")
    Duration duration = Duration.ZERO;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (connections < 1 || flood < connections || idle < 0 || idle > 1_700)
            throw new ParameterException(
                    spec.commandLine(),
                    "wanted --connections of at least 1, --flood of at least as many, --idle up to"
                            + " 1700");
        var out = spec.commandLine().getOut();
        var result =
                NeighbourBench.run(
                        new NeighbourBench.Plan(
                                connections, flood, idle, duration.dividedBy(3), duration),
                        own.target(),
                        new TerminalProgress(out, CommandLine.Help.Ansi.AUTO.enabled()));
        out.println(
                String.format(
                        Locale.ROOT,
                        "The neighbour's p95: %.1f ms, while flooded %.1f ms (%.2f times, at most"
                                + " %.1f wanted). Memory: %d MB more (at most %d wanted).",
                        result.usual(),
                        result.flooded(),
                        result.slower(),
                        NeighbourBench.MAX_SLOWER,
                        result.megabytes(),
                        NeighbourBench.MAX_MEGABYTES));
        out.flush();
        return result.met() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
