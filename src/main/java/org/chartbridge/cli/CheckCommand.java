package org.chartbridge.cli;

import org.chartbridge.partner.FileFault;
import org.chartbridge.routes.RoutesCheck;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import tools.jackson.databind.json.JsonMapper;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;

/** Says everything that is wrong in the routes folder, before an engine loads it. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Says everything that is wrong in the routes folder.",
        footer = {
            "",
            "Reads the folder as the engine does: partner.yaml, routes, ports.yaml, certificates,",
            "environment variables. It opens no port and needs no database and no engine.",
            "",
            "Exit codes: 0 all is well, 1 something is wrong, 2 wrong use."
        })
final class CheckCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call.
    CommandSpec spec;

    @Mixin RoutesOption routes = new RoutesOption();

    @Option(
            names = "--chartbridge.allow-plaintext",
            paramLabel = "PARTNER",
            split = ",",
            defaultValue = "${env:CHARTBRIDGE_ALLOW_PLAINTEXT:-}",
            description = "As the engine's setting.")
    List<String> allowPlaintext = List.of();

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean json;

    @Override
    public Integer call() {
        if (!Files.isDirectory(routes.absolute()))
            throw new ParameterException(
                    spec.commandLine(),
                    "there is no folder " + routes.absolute() + "; name it: --routes FOLDER");
        // What the loader logs is what is printed below.
        QuietLogs.off();
        var found = RoutesCheck.of(routes.absolute(), System.getenv(), allowPlaintext);
        var out = spec.commandLine().getOut();
        if (json) out.println(JsonMapper.shared().writeValueAsString(found));
        else print(found, out);
        out.flush();
        return found.faults().isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private static void print(RoutesCheck.Found found, PrintWriter out) {
        for (var fault : found.faults()) {
            out.println(coloured("bold", fault.where()) + ": " + coloured("red", fault.what()));
            out.println("    " + fault.remedy());
        }
        var there =
                count(found.partners(), "partner")
                        + ", "
                        + count(found.routes(), "route")
                        + (found.ports().isEmpty()
                                ? ""
                                : ", ports " + String.join(", ", found.ports()));
        out.println(
                found.faults().isEmpty()
                        ? coloured("green", "All is well: ") + there
                        : coloured("red", count(found.faults().size(), "fault"))
                                + " in "
                                + count(files(found), "file")
                                + "; what would run: "
                                + there);
    }

    private static int files(RoutesCheck.Found found) {
        return (int) found.faults().stream().map(FileFault::file).distinct().count();
    }

    private static String count(int number, String word) {
        return number + " " + word + (number == 1 ? "" : "s");
    }

    // Not by picocli's markup: what stands in a file must not be read as such.
    private static String coloured(String how, String text) {
        if (!Ansi.AUTO.enabled()) return text;
        var code =
                switch (how) {
                    case "red" -> "31";
                    case "green" -> "32";
                    default -> "1";
                };
        return "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
