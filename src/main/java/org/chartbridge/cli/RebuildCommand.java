package org.chartbridge.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;

import org.chartbridge.bench.DatabaseAccess;
import org.chartbridge.database.DataFolder;
import org.chartbridge.database.EmbeddedServer;
import org.chartbridge.database.SecondSchema;
import org.chartbridge.intake.Rebuild;
import org.chartbridge.journal.FolderVersions;
import org.chartbridge.journal.RebuildReport;
import org.chartbridge.mapping.Mappings;
import org.chartbridge.routes.FoldersAgain;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Makes the chart anew from the journal, beside the live one, and says whether they are equal. */
@Command(
        name = "rebuild",
        mixinStandardHelpOptions = true,
        description =
                "Makes the chart anew from the journal, beside the live one, and says how they"
                        + " differ.",
        footer = {
            "",
            "Each message is read by the version of its partner's folder that it ran with; with",
            "--current by the folder as it is now: then the differences are what a change of the",
            "folder would change in the chart. The live chart stays as it is, nothing is sent.",
            "",
            "The engine may run meanwhile, or not. Values of patients are shown in the console",
            "only (Rebuild), never here.",
            "",
            "Exit codes: 0 equal, 1 could not be done, 2 wrong use, 3 there are differences."
        })
final class RebuildCommand implements Callable<Integer> {
    private static final int DIFFERENT = 3;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the call.
    CommandSpec spec;

    @Mixin DataOption data = new DataOption();

    @Mixin DatabaseOptions database = new DatabaseOptions();

    @Mixin RoutesOption routes = new RoutesOption();

    @Option(
            names = "--current",
            description = "Read by the folders as they are now, and list what would change.")
    boolean current;

    @Override
    public Integer call() throws IOException, SQLException, InterruptedException {
        if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root)
            root.setLevel(Level.WARN);
        if (database.isOutside()) return rebuild(database.url, database.user, database.password);
        var folder = data.absolute();
        if (DataFolder.running(folder).isPresent()) {
            var running = DatabaseAccess.embeddedIn(folder);
            return rebuild(running.url(), running.user(), running.password());
        }
        if (!Files.isDirectory(folder)) {
            System.err.println(
                    "There is no data in " + folder + ". Name the folder: --data FOLDER");
            return CommandLine.ExitCode.SOFTWARE;
        }
        try (var taken = DataFolder.take(folder);
                var server = EmbeddedServer.start(taken)) {
            return rebuild(server.url(), server.user(), server.password());
        }
    }

    private int rebuild(String url, String user, String password)
            throws SQLException, InterruptedException {
        var out = spec.commandLine().getOut();
        var progress = new TerminalProgress(out, Ansi.AUTO.enabled());
        progress.now("preparing");
        try (var schema = SecondSchema.make(url, user, password);
                var mappings = new AnnotationConfigApplicationContext("org.chartbridge.mapping");
                var folders =
                        new FoldersAgain(
                                FolderVersions.in(schema.live()),
                                routes.absolute(),
                                System.getenv())) {
            long began = System.nanoTime();
            var report =
                    new Rebuild(
                                    schema,
                                    folders,
                                    mappings.getBean(Mappings.class),
                                    Clock.systemUTC())
                            .run(
                                    current,
                                    (what, done, all) ->
                                            progress.now(said(what, done, all, began)));
            progress.line("");
            print(report, out);
            return report.isEqual() ? CommandLine.ExitCode.OK : DIFFERENT;
        }
    }

    private static String said(String what, long done, long all, long began) {
        if (all == 0) return what;
        double seconds = (System.nanoTime() - began) / 1e9;
        return String.format(
                Locale.ROOT, "%s: %,d of %,d entries, %,.0f/s", what, done, all, done / seconds);
    }

    private static void print(RebuildReport report, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "Charted %,d entries of the journal in %.1f s: %,.0f/s.%n",
                report.entries(),
                report.reading().toMillis() / 1e3,
                report.perSecond());
        out.printf(
                Locale.ROOT, "Live chart     %s  %,d facts%n", report.liveHash(), report.facts());
        out.printf(Locale.ROOT, "From journal   %s%n", report.rebuiltHash());
        for (var remark : report.remarks()) out.println("!  " + remark);
        if (report.isEqual()) {
            out.println("They are equal.");
        } else {
            out.println(
                    report.current()
                            ? "What the folders of now would change:"
                            : "They differ. Please report it, unless somebody wrote into the"
                                    + " database:");
            for (var one : report.differences()) print(one, out);
            out.println("Examples with their values: console, page Rebuild.");
        }
        out.flush();
    }

    /** Kind, field and where to look; no value, which is a patient's. */
    private static void print(RebuildReport.Difference difference, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%,9d  %-15s %s%n",
                difference.facts(),
                difference.kind(),
                switch (difference.change()) {
                    case CHANGED -> difference.field();
                    case ONLY_LIVE -> "only in the live chart";
                    case ONLY_REBUILT -> "only in the rebuilt chart";
                });
        for (var example : difference.examples())
            out.printf(
                    "           message /messages/%d %s%s%n",
                    example.entry(),
                    example.path(),
                    example.person() == null ? "" : "  patient /patients/" + example.person());
    }
}
