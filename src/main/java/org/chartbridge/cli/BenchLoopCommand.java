package org.chartbridge.cli;

import org.chartbridge.bench.LoopRun;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.Callable;

/** Orders and referrals to the worst of partners while everything is killed now and then. */
@Command(
        name = "loop",
        mixinStandardHelpOptions = true,
        description =
                "Plays an EMR, a lab and a specialist with every fault, kills the engine between"
                        + " them meanwhile, and checks that each order stands as its partner's"
                        + " ledger says and that nobody took one twice. Half of it with a lab that"
                        + " discards repeats, half with one that takes them.",
        footer = {
            "",
            "The engine is one of its own, with its own data; a running one is not touched.",
            "Exit codes: 0 every promise kept, 1 not (data and ledgers are kept), 2 wrong use."
        })
final class BenchLoopCommand implements Callable<Integer> {
    private static final int SEEDS = 1 << 30;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call.
    CommandSpec spec;

    @Mixin OwnEngineOptions own = new OwnEngineOptions();

    @Option(
            names = "--orders",
            paramLabel = "N",
            defaultValue = "2000",
            description = "How many orders, both halves together (${DEFAULT-VALUE}).")
    int orders;

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "4",
            description = "How many kills of the engine, of both halves (${DEFAULT-VALUE}).")
    int kills;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Decides who does what; printed at the start.")
    int seed = new Random().nextInt(SEEDS);

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (orders < 2 || kills < 0)
            throw new ParameterException(
                    spec.commandLine(), "wanted at least two orders and no negative kills");
        var progress =
                new TerminalProgress(
                        spec.commandLine().getOut(), CommandLine.Help.Ansi.AUTO.enabled());
        progress.line("Seed " + seed + ". Starting an engine of its own ...");
        var good = true;
        for (var deduplicates : new boolean[] {true, false}) {
            var result =
                    LoopRun.run(
                            new LoopRun.Plan(orders / 2, (kills + 1) / 2, seed, deduplicates),
                            own.target(),
                            progress);
            progress.line(result.line());
            result.problems().forEach(problem -> progress.line("    " + problem));
            good &= result.problems().isEmpty();
        }
        return good ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
