package org.chartbridge.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What no template may hold: the strict policy would refuse it, or a message could run. */
class TemplatesTests {
    private static final Pattern FORBIDDEN =
            Pattern.compile(
                    "th:utext|\\[\\(|style=\"|<style|<script(?! type=\"module\""
                            + " th:src)|\\son[a-z]+=\"|https?://(?!www\\.thymeleaf\\.org)");

    /** A replaced element is gone before its condition is looked at: it needs a block around it. */
    private static final Pattern CONDITION_LOST =
            Pattern.compile(
                    "<[^<>]*th:(?:if|unless)=\"[^\"]*\"[^<>]*th:replace"
                            + "|<[^<>]*th:replace=\"[^\"]*\"[^<>]*th:(?:if|unless)");

    @Test
    void noConditionStandsOnAnElementThatIsReplaced() throws IOException {
        assertThat(found(CONDITION_LOST)).isEmpty();
    }

    @Test
    void noTemplateHoldsUnescapedTextInlineScriptOrForeignAddresses() throws IOException {
        assertThat(found(FORBIDDEN)).isEmpty();
    }

    private static List<String> found(Pattern pattern) throws IOException {
        var found = new ArrayList<String>();
        try (var files = Files.walk(Path.of("src/main/resources/templates"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var text = Files.readString(file);
                // Our own packaged pages; see HelpPages.
                if (file.endsWith("help.html"))
                    text = text.replace("th:utext=\"${page.html()}\"", "");
                var match = pattern.matcher(text);
                while (match.find()) found.add(file.getFileName() + ": " + match.group());
            }
        }
        return found;
    }
}
