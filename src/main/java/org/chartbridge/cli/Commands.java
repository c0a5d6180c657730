package org.chartbridge.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

import java.io.IOException;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** All commands; without one, {@code serve}. */
@Command(
        name = "chartbridge",
        mixinStandardHelpOptions = true,
        versionProvider = Commands.Version.class,
        description = "HL7 v2 integration engine around a canonical chart.",
        synopsisHeading = "Usage: ",
        descriptionHeading = "%n",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands (serve, when none is named):%n",
        footer = {
            "",
            "Help on one: chartbridge COMMAND --help",
            "Exit codes: 0 done, 1 could not be done (the message says why), 2 wrong use."
        },
        subcommands = {
            ServeCommand.class,
            SendCommand.class,
            ListenCommand.class,
            DemoCommand.class,
            BenchCommand.class,
            StopCommand.class,
            RebuildCommand.class,
            ResetCommand.class,
            DoctorCommand.class,
            CheckCommand.class,
            TestCommand.class,
            NewPartnerCommand.class,
            PasswordCommand.class,
        })
public final class Commands {
    private static final List<String> OWN_OPTIONS = List.of("--help", "-h", "--version", "-V");

    private Commands() {}

    /** Called by {@code Chartbridge} once the Java is known to fit. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs one command to its end and gives its exit code. */
    static int run(String... args) {
        return line().execute(withCommand(args));
    }

    /** All commands, as they are read and run. */
    static CommandLine line() {
        var line = new CommandLine(new Commands());
        line.setExecutionExceptionHandler(new PlainFailures());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    /** Settings may follow the program's name directly: {@code chartbridge --server.port=9090}. */
    private static String[] withCommand(String... args) {
        var named = args.length > 0 && (!args[0].startsWith("-") || OWN_OPTIONS.contains(args[0]));
        if (named) return args;
        return Stream.concat(Stream.of("serve"), Stream.of(args)).toArray(String[]::new);
    }

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() throws IOException {
            var build = new Properties();
            try (var file = Commands.class.getResourceAsStream("/META-INF/build-info.properties")) {
                if (file != null) build.load(file);
            }
            var version = build.getProperty("build.version", "(not from a build)");
            return new String[] {
                "Chartbridge " + version,
                "Java " + Runtime.version() + ", " + System.getProperty("java.home")
            };
        }
    }
}
