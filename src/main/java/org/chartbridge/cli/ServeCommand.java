package org.chartbridge.cli;

import org.chartbridge.ChartbridgeApplication;
import org.springframework.context.event.ContextClosedEvent;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** Starts the engine and stays until a signal or {@code stop} ends it. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Starts the engine (Ctrl-C ends it).",
        footer = {
            "",
            "Settings, each with the value it has when not given:",
            "  --chartbridge.data=./data       all data",
            "  --chartbridge.routes=./routes   partners and their routes",
            "  --server.port=8080              console, FHIR and health",
            "  --server.address=127.0.0.1      0.0.0.0 lets other machines in",
            "  --spring.datasource.url=        a PostgreSQL of your own (15 to 18), with",
            "                                  --spring.datasource.username= and .password=",
            "In the environment the same: SERVER_PORT=9090, CHARTBRIDGE_DATA=/var/lib/chartbridge."
        })
final class ServeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call.
    CommandSpec spec;

    @Unmatched List<String> settings = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        for (var setting : settings) {
            if (!setting.matches("--[a-zA-Z][\\w.\\[\\]-]*=.*")) {
                throw new ParameterException(
                        spec.commandLine(),
                        "Not a setting: " + setting + " (wanted: --name=value)");
            }
        }
        var closed = new CountDownLatch(1);
        try {
            ChartbridgeApplication.start(settings.toArray(String[]::new))
                    .addApplicationListener(
                            event -> {
                                if (event instanceof ContextClosedEvent) closed.countDown();
                            });
        } catch (RuntimeException said) {
            return CommandLine.ExitCode.SOFTWARE; // Spring and our analyzers have told why.
        }
        closed.await();
        return CommandLine.ExitCode.OK;
    }
}
