package org.chartbridge.cli;

import org.chartbridge.cli.Sending.Outcome;
import org.chartbridge.cli.Sending.Outgoing;
import org.chartbridge.hl7.ReceivedAnswer;
import org.chartbridge.hl7.ReceivedAnswer.Finding;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Says what became of each message: one aligned line, the findings indented below, a summary at the
 * end. Shows what the other side says, never the message.
 */
final class SendReport implements Sending.Report {
    static final int ALL_POSITIVE = 0;
    static final int SOME_NEGATIVE = 1;
    static final int NO_ANSWER = 3;

    private static final int MAX_LABEL = 48;
    private static final int CONTROL_ID = 20; // MSH-10 is an ST of 20 to 2.6
    private static final int VERDICT = 14;

    private final PrintWriter out;
    private final boolean colour;
    private final boolean quiet;
    private final int labelWidth;
    private final TreeMap<String, Integer> counts = new TreeMap<>();
    private int sent;
    private boolean negative;
    private boolean unanswered;

    /**
     * @param colour whether the output is a terminal
     * @param quiet only the summary and what is not positive
     */
    SendReport(PrintWriter out, boolean colour, boolean quiet, List<String> labels) {
        this.out = out;
        this.colour = colour;
        this.quiet = quiet;
        var longest = labels.stream().mapToInt(String::length).max().orElse(0);
        this.labelWidth = Math.min(MAX_LABEL, longest + 3);
    }

    @Override
    public void settled(Outgoing message, Outcome outcome) {
        sent++;
        switch (outcome) {
            case Outcome.Answered(var answer, var after) -> answered(message, answer, after);
            case Outcome.Silent() -> {
                count("without an answer as asked");
                if (!quiet) line(message, "-", "no answer asked for", Tone.GOOD, "");
            }
            case Outcome.Unanswered(var why) -> {
                count("unanswered");
                unanswered = true;
                line(message, "-", "no answer", Tone.BAD, "");
                detail(why);
            }
        }
        out.flush();
    }

    @Override
    public void unasked(String controlId) {
        out.println(
                "An answer came to a message that does not wait for one: MSA-2 "
                        + plain(controlId));
    }

    /** Says what of a file was not sent. */
    void leftOut(String label, List<String> what) {
        if (!quiet && !what.isEmpty()) {
            out.println(label + ": left out " + String.join(", ", what));
        }
    }

    /** Prints the summary; returns the exit code. */
    int finish(Duration took) {
        var parts =
                counts.entrySet().stream()
                        .map(e -> e.getValue() + " " + e.getKey())
                        .collect(Collectors.joining(", "));
        out.printf(
                Locale.ROOT,
                "%d message%s in %.1f s%s%n",
                sent,
                sent == 1 ? "" : "s",
                took.toMillis() / 1e3,
                parts.isEmpty() ? "." : ": " + parts + ".");
        out.flush();
        if (unanswered) return NO_ANSWER;
        return negative ? SOME_NEGATIVE : ALL_POSITIVE;
    }

    /** Whether answers were wanted and not one came. */
    boolean nothingAnswered() {
        return unanswered && counts.size() == 1;
    }

    private void answered(Outgoing message, ReceivedAnswer answer, Duration after) {
        count(answer.verdict());
        negative |= !answer.positive();
        if (quiet && answer.positive() && !answer.warned()) return;
        var tone = answer.warned() ? Tone.DOUBT : answer.positive() ? Tone.GOOD : Tone.BAD;
        var code = answer.code().isEmpty() ? "-" : plain(answer.code());
        var time = String.format(Locale.ROOT, "%7.1f ms", after.toNanos() / 1e6);
        line(message, code, answer.verdict(), tone, time);
        if (answer.code().isEmpty()) detail("what came is no acknowledgement (it has no MSA-1)");
        for (var finding : answer.findings()) detail(words(finding));
        // Before 2.5 a finding has no words of its own.
        var told = answer.findings().stream().anyMatch(found -> !found.text().isEmpty());
        if (!told && !answer.words().isEmpty()) detail(answer.words());
    }

    private static String words(Finding found) {
        var kind = found.number().equals("0") ? "" : found.kind().toLowerCase(Locale.ROOT);
        var start =
                switch (found.severity()) {
                    case "W" -> "warning: ";
                    case "I" -> "note: ";
                    default -> "";
                };
        var place = found.place().isEmpty() ? "" : found.place() + " ";
        var said = found.text().isEmpty() || kind.isEmpty() ? "" : ": ";
        var codes =
                List.of(found.number().equals("0") ? "" : found.number(), found.reason()).stream()
                        .filter(code -> !code.isEmpty())
                        .collect(Collectors.joining(", "));
        return start
                + place
                + kind
                + said
                + found.text()
                + (codes.isEmpty() ? "" : " (" + codes + ")");
    }

    private enum Tone {
        GOOD(32),
        DOUBT(33),
        BAD(31);

        private final int sgr;

        Tone(int sgr) {
            this.sgr = sgr;
        }
    }

    private void line(Outgoing message, String code, String verdict, Tone tone, String time) {
        var controlId = message.controlId().isEmpty() ? "(no MSH-10)" : message.controlId();
        var text =
                padded(shortened(message.label()), labelWidth)
                        + "  "
                        + padded(plain(controlId), CONTROL_ID)
                        + "  "
                        + coloured(padded(code, 2) + " " + padded(verdict, VERDICT), tone)
                        + time;
        out.println(text.stripTrailing());
    }

    private void detail(String text) {
        out.println("    " + plain(text));
    }

    private void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    private String coloured(String text, Tone tone) {
        return colour ? "\u001B[" + tone.sgr + "m" + text + "\u001B[0m" : text;
    }

    private String shortened(String label) {
        var extra = label.length() - labelWidth;
        return extra <= 0 ? label : "…" + label.substring(extra + 1);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    /** What another system says must not steer this terminal. */
    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
