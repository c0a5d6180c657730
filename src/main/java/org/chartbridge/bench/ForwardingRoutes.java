package org.chartbridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A lab (MSH-3 {@code LIS}) whose results are charted and sent on to one destination, and the
 * partner who gets them and discards what it knows by MSH-10.
 */
final class ForwardingRoutes {
    private ForwardingRoutes() {}

    /**
     * Writes both folders.
     *
     * @param port where the lab sends to
     * @param destination {@code partner/queue}
     * @param partnerPort where that partner listens
     */
    static void write(Path routes, int port, String destination, int partnerPort)
            throws IOException {
        var lab = Files.createDirectories(routes.resolve("lab"));
        Files.writeString(
                lab.resolve("partner.yaml"),
                "sender: { application: LIS }\nzone: UTC\npatients: create\n");
        Files.writeString(
                lab.resolve("results.yaml"),
                """
                - route:
                    id: lab-results
                    from:
                      uri: mllp:127.0.0.1:%d
                      steps:
                        - to: { uri: chart }
                        - to: { uri: "deliver:%s" }
                """
                        .formatted(port, destination));
        var partner = destination.substring(0, destination.indexOf('/'));
        var folder = Files.createDirectories(routes.resolve(partner));
        Files.writeString(
                folder.resolve("partner.yaml"),
                "sender: { application: %s }\nzone: UTC\ndeduplicates: true\n".formatted(partner));
        Files.writeString(
                folder.resolve("results.yaml"),
                """
                - route:
                    id: %s-results
                    from:
                      uri: outbox:%s
                      steps:
                        - to: { uri: "mllp:127.0.0.1:%d" }
                """
                        .formatted(partner, destination, partnerPort));
    }
}
