package org.chartbridge.cli;

import org.chartbridge.database.DataFolder;
import org.chartbridge.database.DatabaseUnusable;
import org.chartbridge.database.EmbeddedServer;
import org.chartbridge.database.OutsideServer;
import org.chartbridge.start.PortHolder;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.util.concurrent.Callable;

/** Looks at everything a start needs, without starting, and says what is missing. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Looks whether everything a start needs is there.")
final class DoctorCommand implements Callable<Integer> {
    @Mixin DataOption data = new DataOption();

    @Option(
            names = {"--server.port", "--port"},
            paramLabel = "PORT",
            defaultValue = "${env:SERVER_PORT:-8080}",
            description = "The console's port (${DEFAULT-VALUE}).")
    int port;

    @Mixin DatabaseOptions database = new DatabaseOptions();

    private boolean well = true;

    @Override
    public Integer call() throws IOException {
        var folder = data.absolute();
        good("Java", Runtime.version() + " in " + System.getProperty("java.home"));
        var running = DataFolder.running(folder);
        if (running.isPresent()) {
            var engine = running.get();
            good(
                    "Running",
                    "process " + engine.pid() + ", console " + engine.console().orElse("not yet"));
        } else {
            check("Data", () -> DataFolder.inspect(folder));
            check("Console", this::console);
            check("Database", this::database);
        }
        System.out.println(well ? "All is well." : "Something needs you, see above.");
        return well ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private String console() {
        PortHolder.of(port)
                .ifPresent(
                        holder -> {
                            throw new DatabaseUnusable(
                                    "Port " + port + " is held by " + holder,
                                    "Choose another: --server.port=PORT");
                        });
        return "port " + port + " is free";
    }

    private String database() throws IOException {
        return database.isOutside()
                ? OutsideServer.at(database.url, database.user, database.password).toString()
                : EmbeddedServer.inspect(data.absolute());
    }

    private void good(String what, String found) {
        System.out.printf("ok   %-9s %s%n", what, found);
    }

    private interface Check {
        String found() throws IOException;
    }

    private void check(String what, Check check) throws IOException {
        try {
            good(what, check.found());
        } catch (DatabaseUnusable e) {
            well = false;
            System.out.printf("!!   %-9s %s%n     %s%n", what, e.getMessage(), e.remedy());
        }
    }
}
