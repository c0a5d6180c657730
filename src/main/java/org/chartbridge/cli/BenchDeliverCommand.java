package org.chartbridge.cli;

import org.chartbridge.bench.DeliveryBench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;

/** Measures how fast deliveries leave, and what many that wait cost. */
@Command(
        name = "deliver",
        mixinStandardHelpOptions = true,
        description = "Measures deliveries to partners that accept at once, and to a dead one.",
        footer = {
            "",
            "The engine is one of its own, with its own data; a running one is not touched.",
            "Exit codes: 0 every figure met, 1 not, 2 wrong use."
        })
final class BenchDeliverCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call.
    CommandSpec spec;

    @Mixin OwnEngineOptions own = new OwnEngineOptions();

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "5000",
            description = "Deliveries over one connection; twice as many with a window.")
    int count;

    @Option(
            names = "--waiting",
            paramLabel = "N",
            defaultValue = "200000",
            description = "Deliveries that wait for the dead partner (${DEFAULT-VALUE}).")
    int waiting;

    @Option(
            names = "--part",
            paramLabel = "PART",
            split = ",",
            description = "Only these: ${COMPLETION-CANDIDATES}.")
    List<DeliveryBench.Part> parts = List.of();

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        if (count < 100 || waiting < 100)
            throw new ParameterException(
                    spec.commandLine(), "--count and --waiting: wanted at least 100");
        var progress =
                new TerminalProgress(
                        spec.commandLine().getOut(), CommandLine.Help.Ansi.AUTO.enabled());
        var figures =
                DeliveryBench.run(
                        new DeliveryBench.Plan(
                                parts.isEmpty()
                                        ? EnumSet.allOf(DeliveryBench.Part.class)
                                        : EnumSet.copyOf(parts),
                                count,
                                2 * count,
                                count / 5,
                                waiting),
                        own.target(),
                        progress);
        return figures.stream().allMatch(DeliveryBench.Figure::met)
                ? CommandLine.ExitCode.OK
                : CommandLine.ExitCode.SOFTWARE;
    }
}
