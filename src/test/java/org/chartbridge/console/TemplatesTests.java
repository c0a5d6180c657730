package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Pattern;

/** What no template may hold: the strict policy would refuse it, or a message could run. */
class TemplatesTests {
    private static final Pattern FORBIDDEN =
            Pattern.compile(
                    "th:utext|\\[\\(|style=\"|<style|<script(?! type=\"module\""
                            + " th:src)|\\son[a-z]+=\"|https?://(?!www\\.thymeleaf\\.org)");

    @Test
    void noTemplateHoldsUnescapedTextInlineScriptOrForeignAddresses() throws IOException {
        var found = new ArrayList<String>();
        try (var files = Files.walk(Path.of("src/main/resources/templates"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var text = Files.readString(file);
                // Our own packaged pages; see HelpPages.
                if (file.endsWith("help.html"))
                    text = text.replace("th:utext=\"${page.html()}\"", "");
                var match = FORBIDDEN.matcher(text);
                while (match.find()) found.add(file.getFileName() + ": " + match.group());
            }
        }
        assertThat(found).isEmpty();
    }
}
