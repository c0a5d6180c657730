package org.chartbridge;

import org.chartbridge.database.DataFolder;
import org.chartbridge.database.Database;
import org.chartbridge.start.StartLine;
import org.chartbridge.start.StartReport;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Says at the end of a start where everything is, and leaves the same word in the data folder. */
@Component
class Welcome {
    private final DataFolder folder;
    private final Database database;
    private final Environment settings;
    private final List<StartReport> reports;

    Welcome(
            DataFolder folder,
            Database database,
            Environment settings,
            ObjectProvider<StartReport> reports) {
        this.folder = folder;
        this.database = database;
        this.settings = settings;
        this.reports = reports.orderedStream().toList();
    }

    @EventListener
    void ready(ApplicationReadyEvent event) {
        var console = console(event);
        var lines = new ArrayList<StartLine>();
        lines.add(new StartLine("Console", console));
        reports.forEach(report -> lines.addAll(report.lines()));
        lines.add(new StartLine("Data", folder.path() + (folder.isNew() ? " (new)" : "")));
        lines.add(new StartLine("Database", database.description()));
        lines.add(new StartLine("Stop", "Ctrl-C, or: bin/chartbridge stop"));
        folder.announce(console);
        System.out.println(text(sinceStart(), lines));
    }

    /** Counted from the start of the JVM, as whoever waits counts it. */
    private static long sinceStart() {
        return ManagementFactory.getRuntimeMXBean().getUptime();
    }

    private static String text(long millis, List<StartLine> lines) {
        var text =
                new StringBuilder("\nChartbridge is ready after %.1f s.\n".formatted(millis / 1e3));
        lines.forEach(line -> text.append("  %-12s %s\n".formatted(line.label(), line.value())));
        return text.toString();
    }

    private String console(ApplicationReadyEvent event) {
        var address = settings.getProperty("server.address", "localhost");
        var host = address.equals("0.0.0.0") ? "localhost" : address;
        var scheme = settings.getProperty("server.ssl.enabled", Boolean.class, false);
        if (event.getApplicationContext() instanceof WebServerApplicationContext web
                && web.getWebServer() != null) {
            return (scheme ? "https" : "http")
                    + "://"
                    + host
                    + ":"
                    + web.getWebServer().getPort()
                    + "/";
        }
        return "none";
    }
}
