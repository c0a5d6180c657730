package org.chartbridge.cli;

import org.chartbridge.cli.RouteTest.Result;
import org.chartbridge.partner.Nearest;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Plays the tests beside the routes, and says what came out otherwise than wanted. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = "Plays the tests that stand beside the routes.",
        footer = {
            "",
            "Each routes/PARTNER/tests/NAME.hl7 is played by the engine's own code: repairs,"
                    + " route,",
            "mapping, edits, outbox routes. What comes out (answer, chart, outgoing messages) is",
            "compared with NAME.expected.yaml. No port opens, no database, nothing is sent.",
            "",
            "  bin/chartbridge test                              all",
            "  bin/chartbridge test northlab                     those of one partner",
            "  bin/chartbridge test --update northlab/sodium     writes what comes out as wanted",
            "",
            "Exit codes: 0 all is well, 1 a test failed, 2 wrong use."
        })
final class TestCommand implements Callable<Integer> {
    private static final Duration LOOK_EVERY = Duration.ofMillis(300);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call.
    CommandSpec spec;

    @Mixin RoutesOption routes = new RoutesOption();

    @Parameters(
            arity = "0..*",
            paramLabel = "PARTNER[/TEST]",
            description = "Which tests; all where none is named.")
    List<String> names = List.of();

    @Option(
            names = "--update",
            description = "Show what differs, then write what came out as what is wanted.")
    boolean update;

    @Option(
            names = "--junit",
            paramLabel = "FILE",
            description = "Also write the results as JUnit XML.")
    @Nullable Path junit;

    @Option(
            names = "--watch",
            description = "Play them again whenever a file of the folder changes; Ctrl-C ends it.")
    boolean watch;

    @Option(
            names = "--colour",
            negatable = true,
            fallbackValue = "true",
            description = "Colours, or none (as the terminal has them).")
    @Nullable Boolean colour;

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(routes.absolute()))
            throw wrong("there is no folder " + routes.absolute() + "; name it: --routes FOLDER");
        if (watch && update) throw wrong("--watch shows, --update writes; give one of them");
        int code = once();
        while (watch) {
            awaitChange();
            spec.commandLine().getOut().println();
            code = once();
        }
        return code;
    }

    /** Returns when a file of the folder is another than before, and has been so for a moment. */
    private void awaitChange() throws IOException {
        var before = RouteTests.state(routes.absolute());
        var now = before;
        var last = before;
        do {
            last = now;
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            now = RouteTests.state(routes.absolute());
        } while (now.equals(before) || !now.equals(last));
    }

    private int once() throws IOException {
        var tests = chosen(RouteTests.all(routes.absolute()));
        var out = spec.commandLine().getOut();
        if (tests.isEmpty()) {
            out.println(
                    "There are no tests: put messages into routes/PARTNER/tests/NAME.hl7, then"
                            + " bin/chartbridge test --update");
            return CommandLine.ExitCode.OK;
        }
        // What the loader logs is what is printed below.
        QuietLogs.off();
        long began = System.nanoTime();
        var report = new TestReport(out, colour);
        var results = new ArrayList<Result>();
        var seconds = new ArrayList<Double>();
        try (var all = new RouteTests(routes.absolute(), System.getenv())) {
            for (var test : tests) {
                long start = System.nanoTime();
                var result = all.run(test);
                seconds.add((System.nanoTime() - start) / 1e9);
                results.add(result);
                boolean write = update && JUnitFile.fails(result) && !result.played().isEmpty();
                if (write) test.update(result.played());
                report.tell(result, write);
            }
        }
        report.sum(results, update, (System.nanoTime() - began) / 1e9);
        out.flush();
        if (junit != null) Files.writeString(junit, JUnitFile.of(results, seconds));
        boolean failed =
                results.stream()
                        .anyMatch(
                                result ->
                                        JUnitFile.fails(result)
                                                && !(update && !result.played().isEmpty()));
        return failed ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    private List<RouteTest> chosen(List<RouteTest> all) {
        if (names.isEmpty()) return all;
        var chosen = new LinkedHashSet<RouteTest>();
        for (var name : names) {
            var its =
                    all.stream()
                            .filter(t -> t.partner().equals(name) || t.title().equals(name))
                            .toList();
            if (its.isEmpty()) {
                var known = new LinkedHashSet<String>();
                all.forEach(test -> known.add(test.partner()));
                all.forEach(test -> known.add(test.title()));
                throw wrong(
                        "there is no test "
                                + name
                                + "; "
                                + (known.isEmpty()
                                        ? "put messages into routes/PARTNER/tests/NAME.hl7"
                                        : Nearest.hint(name, known)));
            }
            chosen.addAll(its);
        }
        return List.copyOf(chosen);
    }

    private ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
