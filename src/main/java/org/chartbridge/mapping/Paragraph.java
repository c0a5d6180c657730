package org.chartbridge.mapping;

import java.util.List;

/** Lines of text as one: joined in order, blank lines only between others. */
final class Paragraph {
    private Paragraph() {}

    static String of(List<String> lines) {
        if (lines.size() == 1) return lines.getFirst().isBlank() ? "" : lines.getFirst();
        int from = 0;
        int to = lines.size();
        while (from < to && lines.get(from).isBlank()) from++;
        while (to > from && lines.get(to - 1).isBlank()) to--;
        return String.join("\n", lines.subList(from, to));
    }
}
