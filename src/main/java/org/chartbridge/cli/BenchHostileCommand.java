package org.chartbridge.cli;

import org.chartbridge.bench.HostileRun;

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

/** Delivers to the worst of partners while everything is killed now and then. */
@Command(
        name = "hostile",
        mixinStandardHelpOptions = true,
        description =
                "Delivers to a partner that is late, silent, hangs up, answers for others, rejects"
                        + " and errs, kills engine and PostgreSQL meanwhile, and checks that each"
                        + " message was applied exactly once and in order.",
        footer = {
            "",
            "The engine is one of its own, with its own data; a running one is not touched.",
            "Exit codes: 0 every promise kept, 1 not (data is kept), 2 wrong use."
        })
final class BenchHostileCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call.
    CommandSpec spec;

    @Mixin OwnEngineOptions own = new OwnEngineOptions();

    @Option(
            names = "--messages",
            paramLabel = "N",
            defaultValue = "5000",
            description = "How many messages (${DEFAULT-VALUE}).")
    int messages;

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "5",
            description = "How many kills of everything (${DEFAULT-VALUE}).")
    int kills;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Decides how the partner treats which message; printed at the start.")
    long seed = new Random().nextLong();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (messages < 1 || kills < 0)
            throw new ParameterException(
                    spec.commandLine(), "wanted at least one message and no negative kills");
        var progress =
                new TerminalProgress(
                        spec.commandLine().getOut(), CommandLine.Help.Ansi.AUTO.enabled());
        progress.line("Seed " + seed + ". Starting an engine of its own ...");
        var result = HostileRun.run(messages, kills, seed, own.target(), progress);
        progress.line(result.line());
        result.problems().forEach(problem -> progress.line("    " + problem));
        return result.problems().isEmpty()
                ? CommandLine.ExitCode.OK
                : CommandLine.ExitCode.SOFTWARE;
    }
}
