package org.chartbridge.routes;

import org.chartbridge.partner.RoutesOverview;
import org.chartbridge.start.StartLine;
import org.chartbridge.start.StartReport;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

import java.util.ArrayList;
import java.util.List;

/** Says at start where the engine listens and for whom, and what did not load. */
@Component
@Order(10)
class ListeningReport implements StartReport {
    private final RoutesOverview overview;

    ListeningReport(RoutesOverview overview) {
        this.overview = overview;
    }

    @Override
    public List<StartLine> lines() {
        var lines = new ArrayList<StartLine>();
        for (var port : overview.ports()) {
            if (!port.open()) continue;
            var partners =
                    overview.partners().stream()
                            .filter(
                                    p ->
                                            p.routes().stream()
                                                    .anyMatch(
                                                            r ->
                                                                    r.listener()
                                                                            .equals(
                                                                                    port
                                                                                            .listener())))
                            .map(p -> p.partner().folder())
                            .toList();
            lines.add(
                    new StartLine(
                            "Listening",
                            (port.listener().matches("(file|sftp|https?):.*") ? "" : "mllp:")
                                    + port.listener()
                                    + " ("
                                    + String.join(", ", partners)
                                    + ")"));
        }
        if (lines.isEmpty()) lines.add(new StartLine("Listening", "nowhere"));
        overview.faults()
                .forEach(fault -> lines.add(new StartLine("Not loaded", fault.toString())));
        return lines;
    }
}
