package org.chartbridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The partners that bench sends as: one is answered when charted, one when stored. */
final class BenchPartners {
    static final String APPLICATION = "BENCH";
    static final String CHARTED = "CHARTED";
    static final String STORED = "STORED";

    private BenchPartners() {}

    /** Writes both. */
    static void write(Path routes, int mllpPort) throws IOException {
        partner(routes, mllpPort, "bench", CHARTED, "charted");
        partner(routes, mllpPort, "bench-stored", STORED, "stored");
    }

    /** Writes a partner that charts whatever it sends. */
    static void partner(Path all, int mllpPort, String name, String facility, String acknowledge)
            throws IOException {
        var routes = Files.createDirectories(all.resolve(name));
        Files.writeString(
                routes.resolve("partner.yaml"),
                """
                name: %s
                sender: { application: %s, facility: %s }
                zone: UTC
                patients: create
                acknowledge: %s
                """
                        .formatted(name, APPLICATION, facility, acknowledge));
        Files.writeString(
                routes.resolve("results.yaml"),
                """
                - route:
                    id: %s-results
                    from:
                      uri: mllp:127.0.0.1:%d
                      steps:
                        - to:
                            uri: chart
                """
                        .formatted(name, mllpPort));
    }
}
