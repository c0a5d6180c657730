package org.chartbridge.cli;

import org.chartbridge.cli.RouteTest.Result;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The first test of a new partner: an invented result, and what becomes of it. */
final class FirstTest {
    static final String NAME = "first-result";

    private FirstTest() {}

    /**
     * Writes it beside the routes.
     *
     * @param facility MSH-4; null for any
     * @return how it ended; empty where the message can't be written for such a sender
     */
    static Optional<Result> write(
            Path routes, String partner, String application, @Nullable String facility)
            throws IOException {
        var sender = application + (facility == null ? "" : facility);
        // Delimiters in a sender's name would have to be escaped: that is for a person to see.
        if (sender.chars().anyMatch(c -> "|^~\\&\r\n".indexOf(c) >= 0)) return Optional.empty();
        var folder = Files.createDirectories(routes.resolve(partner).resolve(RouteTest.FOLDER));
        var messages = folder.resolve(NAME + RouteTest.MESSAGES);
        Files.writeString(
                messages,
                """
                MSH|^~\\&|%s|%s|CHARTBRIDGE|CLINIC|20261122080000||ORU^R01^ORU_R01|FIRST-1|P|2.5.1
                PID|1||90001^^^%s^PI||SAMPLE^Ada||19710412|F
                OBR|1||A-1|2951-2^Sodium^LN|||20261122071500|||||||||||||||20261122075900|||F
                OBX|1|NM|2951-2^Sodium^LN||151|mmol/L|136-145|H|||F|||20261122071500
                """
                        .formatted(
                                application,
                                facility == null ? "SITE" : facility,
                                partner.toUpperCase(java.util.Locale.ROOT)),
                StandardCharsets.UTF_8);
        var test = new RouteTest(partner, NAME, messages);
        try (var tests = new RouteTests(routes, Map.of())) {
            var result = tests.run(test);
            if (!result.played().isEmpty()) test.update(result.played());
            return Optional.of(result);
        }
    }
}
