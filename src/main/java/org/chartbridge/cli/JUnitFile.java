package org.chartbridge.cli;

import org.chartbridge.cli.RouteTest.Result;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** What tests said, as build servers read it: one suite a partner, one case a test. */
final class JUnitFile {
    private JUnitFile() {}

    /**
     * The file's text.
     *
     * @param seconds how long each took
     */
    static String of(List<Result> results, List<Double> seconds) {
        var suites = new TreeMap<String, List<Integer>>();
        for (int i = 0; i < results.size(); i++)
            suites.computeIfAbsent(results.get(i).test().partner(), _ -> new ArrayList<>()).add(i);
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
        suites.forEach(
                (partner, numbers) -> {
                    text.append("  <testsuite name=\"").append(escaped(partner)).append('"');
                    text.append(" tests=\"").append(numbers.size()).append('"');
                    text.append(" failures=\"")
                            .append(numbers.stream().filter(i -> fails(results.get(i))).count());
                    text.append("\" errors=\"0\" skipped=\"0\" time=\"");
                    text.append(time(numbers.stream().mapToDouble(seconds::get).sum()));
                    text.append("\">\n");
                    for (int i : numbers) one(text, results.get(i), seconds.get(i));
                    text.append("  </testsuite>\n");
                });
        return text.append("</testsuites>\n").toString();
    }

    private static void one(StringBuilder text, Result result, double seconds) {
        text.append("    <testcase classname=\"").append(escaped(result.test().partner()));
        text.append("\" name=\"").append(escaped(result.test().name()));
        text.append("\" time=\"").append(time(seconds)).append('"');
        if (!fails(result)) {
            text.append("/>\n");
            return;
        }
        var lines = TestReport.lines(result);
        text.append(">\n      <failure message=\"").append(escaped(lines.getFirst()));
        text.append("\">").append(escaped(String.join("\n", lines)));
        text.append("</failure>\n    </testcase>\n");
    }

    static boolean fails(Result result) {
        return !(result instanceof Result.Passed);
    }

    private static String time(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds);
    }

    private static String escaped(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n]]", "\uFFFD")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
