package org.chartbridge.cli;

import org.chartbridge.bench.KillTest;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;

/** Kills an engine of its own under load, and looks whether every promise was kept. */
@Command(
        name = "kill",
        mixinStandardHelpOptions = true,
        description =
                "Kills an engine, its PostgreSQL or both under load, round after round, and checks"
                        + " that nothing acknowledged is lost and nothing charted twice.",
        footer = {
            "",
            "The engine is one of its own, with its own data; a running one is not touched.",
            "Exit codes: 0 every promise kept, 1 not (data and ledgers are kept), 2 wrong use."
        })
final class BenchKillCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call.
    CommandSpec spec;

    @Mixin OwnEngineOptions own = new OwnEngineOptions();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many kills (${DEFAULT-VALUE}).")
    int rounds;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "Decides who is killed and when; printed at the start.")
    long seed = new Random().nextLong();

    @Option(
            names = "--ready-within",
            paramLabel = "TIME",
            defaultValue = "20s",
            converter = DurationText.class,
            description = "The engine must be ready again so soon (${DEFAULT-VALUE}).")
    Duration readyWithin = Duration.ofSeconds(20);

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        if (rounds < 1) {
            throw new ParameterException(spec.commandLine(), "--rounds: wanted at least 1");
        }
        var progress =
                new TerminalProgress(
                        spec.commandLine().getOut(), CommandLine.Help.Ansi.AUTO.enabled());
        var done =
                KillTest.run(
                        rounds,
                        seed,
                        readyWithin,
                        own.target(),
                        progress,
                        round -> {
                            progress.line(round.line());
                            round.problems().stream()
                                    .limit(20)
                                    .forEach(problem -> progress.line("    " + problem));
                        });
        var good = done.stream().filter(round -> round.problems().isEmpty()).count();
        progress.line(
                "%d of %d rounds kept every promise: %,d messages acknowledged, seed %d"
                        .formatted(
                                good,
                                rounds,
                                done.stream().mapToInt(KillTest.Round::acknowledged).sum(),
                                seed));
        return good == rounds ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
