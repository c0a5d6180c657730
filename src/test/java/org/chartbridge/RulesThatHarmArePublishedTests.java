package org.chartbridge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.regex.Pattern;

/** Each rule that HL7-RULES marks with ⚠ stands in the docs with tests, and those tests exist. */
class RulesThatHarmArePublishedTests {
    /** Lines of HL7-RULES with a ⚠, the sentence that explains the mark aside. */
    private static final int MARKED = 12;

    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*Tests)(?:\\.(\\w+))?`");

    @Test
    void eachHasTestsThatAreThere() throws IOException {
        var sources = new HashMap<String, String>();
        try (var files = Files.walk(Path.of("src/test/java"))) {
            for (var file : files.filter(f -> f.toString().endsWith("Tests.java")).toList())
                sources.merge(
                        file.getFileName().toString().replace(".java", ""),
                        Files.readString(file),
                        String::concat);
        }
        var rows =
                Files.readAllLines(Path.of("src/docs/rules-that-harm.md")).stream()
                        .filter(line -> line.matches("\\| \\d .*"))
                        .toList();

        var missing = new ArrayList<String>();
        for (var row : rows) {
            var test = TEST.matcher(row);
            if (!test.find()) missing.add("no test: " + row);
            test.reset();
            while (test.find()) {
                var source = sources.getOrDefault(test.group(1), "");
                var method = test.group(2);
                if (source.isEmpty()
                        || (method != null && !source.contains("void " + method + "(")))
                    missing.add(test.group());
            }
        }

        assertThat(rows).hasSize(MARKED);
        assertThat(missing).isEmpty();
    }
}
