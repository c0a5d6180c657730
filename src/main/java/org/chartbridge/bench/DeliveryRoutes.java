package org.chartbridge.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The partners of an engine whose deliveries are measured: labs that only chart, that also forward,
 * that send on to a dead partner; and destinations of several windows.
 */
final class DeliveryRoutes {
    /** How many destinations deliver at the same time. */
    static final int MANY = 20;

    private DeliveryRoutes() {}

    static void write(Path routes, int port, int accepting, int dead) throws IOException {
        for (var lab : List.of("bench", "forwarding", "hoarding")) {
            var step =
                    switch (lab) {
                        case "forwarding" -> "- to: { uri: \"deliver:many/w16\" }";
                        case "hoarding" -> "- to: { uri: \"deliver:dead/results\" }";
                        default -> "";
                    };
            var folder = Files.createDirectories(routes.resolve(lab));
            Files.writeString(
                    folder.resolve("partner.yaml"),
                    "sender: { application: BENCH, facility: %s }\nzone: UTC\npatients: create\n"
                            .formatted(lab));
            Files.writeString(
                    folder.resolve("results.yaml"),
                    """
                    - route:
                        id: %s-results
                        from:
                          uri: mllp:127.0.0.1:%d
                          steps:
                            - to: { uri: chart }
                            %s
                    """
                            .formatted(lab, port, step));
        }
        var many = Files.createDirectories(routes.resolve("many"));
        Files.writeString(
                many.resolve("partner.yaml"), "sender: { application: MANY }\nzone: UTC\n");
        var text = new StringBuilder(outbox("many/w1", 1, accepting));
        text.append(outbox("many/w16", 16, accepting));
        for (var i = 1; i <= MANY; i++) text.append(outbox("many/q" + i, 1, accepting));
        Files.writeString(many.resolve("out.yaml"), text);
        var deadFolder = Files.createDirectories(routes.resolve("dead"));
        Files.writeString(
                deadFolder.resolve("partner.yaml"), "sender: { application: DEAD }\nzone: UTC\n");
        Files.writeString(deadFolder.resolve("out.yaml"), outbox("dead/results", 16, dead));
    }

    private static String outbox(String destination, int window, int port) {
        return """
        - route:
            id: %s
            from:
              uri: outbox:%s?window=%d
              steps:
                - to: { uri: "mllp:127.0.0.1:%d" }
        """
                .formatted(destination.replace('/', '-'), destination, window, port);
    }
}
