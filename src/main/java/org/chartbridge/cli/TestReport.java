package org.chartbridge.cli;

import org.chartbridge.cli.RouteTest.Difference;
import org.chartbridge.cli.RouteTest.Result;

import picocli.CommandLine.Help.Ansi;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Tells an analyst how tests ended, place by place. */
final class TestReport {
    /** Places of one test; the others are counted. */
    static final int MAX_DIFFERENCES = 40;

    /** Characters of a value; documents have many. */
    static final int MAX_SHOWN = 160;

    private final PrintWriter out;
    private final boolean coloured;
    private String partner = "";

    /**
     * @param colour null to look at the terminal
     */
    TestReport(PrintWriter out, @org.jspecify.annotations.Nullable Boolean colour) {
        this.out = out;
        this.coloured = colour == null ? Ansi.AUTO.enabled() : colour;
    }

    /** One test, below its partner's name. */
    void tell(Result result, boolean updated) {
        if (!result.test().partner().equals(partner)) {
            partner = result.test().partner();
            out.println(in("1", partner));
        }
        var name = result.test().name();
        if (result instanceof Result.Passed) {
            out.println("  " + in("32", "ok  ") + "  " + name);
            chosen(result);
            return;
        }
        boolean written = updated && !result.played().isEmpty();
        out.println("  " + (written ? in("33", "new ") : in("31", "FAIL")) + "  " + name);
        switch (result) {
            case Result.Passed _ -> {}
            case Result.Broken(_, var reasons) ->
                    reasons.forEach(reason -> out.println("        " + in("31", reason)));
            case Result.New _ -> {
                if (!updated) out.println("        " + in("31", missing(result.test())));
            }
            case Result.Differs(_, _, var differences) -> differences(result, differences);
        }
        chosen(result);
        if (written)
            out.println(
                    "        wrote " + result.test().expected() + "; read it before you keep it");
    }

    /** Where orders and referrals go, and by which row. */
    private void chosen(Result result) {
        for (var message : result.played())
            for (var one : message.outgoing())
                for (var why : one.chosen())
                    out.println("        " + shown(one.to()) + "  " + shown(why));
    }

    private void differences(Result result, List<Difference> differences) {
        for (var one : differences.stream().limit(MAX_DIFFERENCES).toList()) {
            out.println("        " + where(result.test(), one) + "  " + in("1", one.place()));
            out.println("            wanted  " + in("32", shown(one.wanted())));
            out.println("            came    " + in("31", shown(one.got())));
        }
        if (differences.size() > MAX_DIFFERENCES)
            out.println("        and " + (differences.size() - MAX_DIFFERENCES) + " other places");
    }

    /** The same without colours, a place a line. */
    static List<String> lines(Result result) {
        return switch (result) {
            case Result.Passed _ -> List.of("passed");
            case Result.Broken(_, var reasons) ->
                    reasons.isEmpty() ? List.of("can't be played") : reasons;
            case Result.New _ -> List.of(missing(result.test()));
            case Result.Differs(_, _, var differences) -> {
                var lines = new ArrayList<String>();
                for (var one : differences)
                    lines.add(
                            where(result.test(), one)
                                    + " "
                                    + one.place()
                                    + ": wanted "
                                    + shown(one.wanted())
                                    + ", came "
                                    + shown(one.got()));
                yield lines;
            }
        };
    }

    /** How all of them ended. */
    void sum(List<Result> results, boolean updated, double seconds) {
        var failed =
                results.stream()
                        .filter(JUnitFile::fails)
                        .filter(result -> !updated || result.played().isEmpty())
                        .map(result -> result.test().title())
                        .toList();
        var tests = results.size() + (results.size() == 1 ? " test" : " tests");
        var time = String.format(java.util.Locale.ROOT, ", %.1f s", seconds);
        out.println();
        out.println(
                failed.isEmpty()
                        ? in("32", "All is well: ") + tests + time
                        : in("31", failed.size() + " of " + tests + " failed")
                                + time
                                + ": "
                                + String.join(", ", failed));
    }

    private static String missing(RouteTest test) {
        return "there is no "
                + test.name()
                + RouteTest.EXPECTED
                + "; bin/chartbridge test --update "
                + test.title()
                + "  writes what comes out";
    }

    private static String where(RouteTest test, Difference one) {
        return test.expected().getFileName() + ":" + one.line();
    }

    private static String shown(String value) {
        if (value.isEmpty()) return "nothing";
        var line = value.replaceAll("\\p{Cntrl}", "\u2424");
        return line.length() <= MAX_SHOWN
                ? line
                : line.substring(0, MAX_SHOWN) + "… (" + line.length() + " characters)";
    }

    // Not by picocli's markup: what stands in a file must not be read as such.
    private String in(String code, String text) {
        return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
