package org.chartbridge.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The closed list of reasons, its page, and the sources that give them. */
class KnownReasonTests {
    private static final Path PAGE = Path.of("src/docs/reasons.md");

    /** An id behind the kind of its fault, or behind the place of a chart's remark. */
    private static final Pattern GIVEN =
            Pattern.compile(
                    "(?:ErrorCode\\.[A-Z_]+|Severity\\.[EWI]|path\\(\\)[^,;]{0,20}),\\s*"
                            + "\"([a-z0-9]+(?:-[a-z0-9]+)+)\"");

    private static final String INTRODUCTION =
            """
            # Reasons

            Why a message was refused, held or ignored, and what was remarked while it was charted. The id stands on the message's page, in the worklists, and in ERR-5 of the answer (2.5 and later). The list is closed: no other reasons are given, and an id keeps its meaning.

            A reason that can do several things stands where it is most serious, unless its line says otherwise. On a message's page and in ERR-4 a letter says what it did there: E refused, W held or doubtful, I for information.
            """;

    @Test
    void thePageListsEveryReason() throws IOException {
        var page = page();
        if (Boolean.getBoolean("reasons.write")) Files.writeString(PAGE, page);

        assertThat(Files.readString(PAGE))
                .as("src/docs/reasons.md; write it anew with -Dreasons.write=true")
                .isEqualTo(page);
    }

    @Test
    void everyReasonThatTheSourcesGiveIsListed() throws IOException {
        var unknown = new TreeSet<String>();
        int found = 0;
        try (var files = Files.walk(Path.of("src/main/java"))) {
            for (var file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                var matcher = GIVEN.matcher(Files.readString(file));
                while (matcher.find()) {
                    found++;
                    if (KnownReason.of(matcher.group(1)).isEmpty()) unknown.add(matcher.group(1));
                }
            }
        }
        for (var hold : org.chartbridge.chart.HoldReason.values())
            if (KnownReason.of(hold.id()).isEmpty()) unknown.add(hold.id());

        assertThat(found).as("reasons found in the sources").isGreaterThan(50);
        assertThat(unknown).as("add these to KnownReason").isEmpty();
    }

    private static String page() {
        var page = new StringBuilder(INTRODUCTION);
        for (var effect : KnownReason.Effect.values()) {
            page.append("\n## A message ").append(effect.words()).append("\n\n");
            page.append("| reason | means |\n|---|---|\n");
            Arrays.stream(KnownReason.values())
                    .filter(r -> r.effect() == effect)
                    .sorted(Comparator.comparing(KnownReason::id))
                    .forEach(r -> page.append(row(r)));
        }
        return page.toString();
    }

    private static String row(KnownReason reason) {
        return "| `" + reason.id() + "` | " + reason.meaning() + " |\n";
    }
}
