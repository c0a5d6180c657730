package org.chartbridge.cli;

import org.chartbridge.partner.Partner.Patients;
import org.chartbridge.routes.NewFolder;
import org.chartbridge.routes.NewFolder.Outcome;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Writes the folder of a new partner, which a running engine loads at once. */
@Command(
        name = "new-partner",
        mixinStandardHelpOptions = true,
        description = "Writes the folder of a new partner into the routes folder.")
final class NewPartnerCommand implements Callable<Integer> {
    @Spec @Nullable CommandSpec spec;

    @Mixin RoutesOption routes = new RoutesOption();

    @Parameters(paramLabel = "NAME", description = "The folder's name, for example oaklab.")
    String name = "";

    @Option(names = "--application", required = true, description = "What it says in MSH-3.")
    String application = "";

    @Option(names = "--facility", description = "What it says in MSH-4 (any).")
    @Nullable String facility;

    @Option(names = "--port", required = true, description = "The port to listen on.")
    int port;

    @Option(
            names = "--address",
            defaultValue = "127.0.0.1",
            description = "The address to listen on (${DEFAULT-VALUE}).")
    String address = "";

    @Option(
            names = "--patients",
            defaultValue = "match",
            description =
                    "match: hold messages of patients who are not in the chart; create: add them"
                            + " (${DEFAULT-VALUE}).")
    String patients = "";

    @Option(
            names = "--zone",
            description = "Where its clocks are, for example America/New_York (this machine's).")
    @Nullable String zone;

    @Override
    public Integer call() throws IOException {
        var outcome =
                switch (patients.toLowerCase(Locale.ROOT)) {
                    case "match" -> write(Patients.MATCH);
                    case "create" -> write(Patients.CREATE);
                    default ->
                            throw new CommandLine.ParameterException(
                                    commandLine(),
                                    "--patients: wanted match or create, got " + patients);
                };
        return switch (outcome) {
            case Outcome.Written written -> {
                QuietLogs.off();
                var test = FirstTest.write(routes.absolute(), name, application, facility);
                tell(written, test.isPresent());
                yield CommandLine.ExitCode.OK;
            }
            case Outcome.Refused(var reasons) -> {
                reasons.forEach(commandLine().getErr()::println);
                yield CommandLine.ExitCode.USAGE;
            }
        };
    }

    private Outcome write(Patients choice) throws IOException {
        return NewFolder.write(
                routes.absolute(),
                new NewFolder.Wanted(
                        name,
                        application,
                        facility,
                        address,
                        port,
                        choice,
                        zone == null ? ZoneId.systemDefault().getId() : zone));
    }

    private void tell(Outcome.Written written, boolean tested) {
        var out = commandLine().getOut();
        out.println("Wrote " + written.folder() + ":");
        for (var file : written.files()) out.println("  " + Path.of(file));
        if (tested)
            out.println("  " + Path.of(RouteTest.FOLDER, FirstTest.NAME + RouteTest.MESSAGES));
        if (tested)
            out.println("  " + Path.of(RouteTest.FOLDER, FirstTest.NAME + RouteTest.EXPECTED));
        if (zone == null) {
            out.println(
                    "Its zone is this machine's, "
                            + ZoneId.systemDefault().getId()
                            + "; if the partner's clocks are elsewhere, correct it in"
                            + " partner.yaml.");
        }
        if (!address.startsWith("127.") && !address.equals("localhost")) {
            out.println(
                    address
                            + " can be reached from other machines: give "
                            + address
                            + ":"
                            + port
                            + " tls in "
                            + routes.absolute().resolve("ports.yaml")
                            + ", or the port stays closed (help page Ports).");
        }
        out.println(
                "A running engine loads it within two seconds, and logs \"partner loaded\" or what"
                        + " is wrong.");
        if (tested)
            out.println(
                    "Try it without sending anything: bin/chartbridge test "
                            + name
                            + "; put its own messages beside the first.");
        out.println("Next, send one of its messages:");
        out.println("  bin/chartbridge send --port " + port + " FILE");
        out.println(
                "MSH-3 must say \""
                        + application
                        + (facility == null ? "\"" : "\" and MSH-4 \"" + facility + "\"")
                        + ", or it is answered AR.");
    }

    private CommandLine commandLine() {
        if (spec == null) throw new IllegalStateException("picocli sets it");
        return spec.commandLine();
    }
}
