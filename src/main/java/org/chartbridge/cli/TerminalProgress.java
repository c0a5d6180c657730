package org.chartbridge.cli;

import org.chartbridge.bench.Progress;

import java.io.PrintWriter;
import java.time.Duration;

/** Says how far work is: on a terminal in one line that changes, else in a line now and then. */
final class TerminalProgress implements Progress {
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final PrintWriter out;
    private final boolean terminal;
    private long lastAt = System.nanoTime() - EVERY.toNanos();
    private int shown;

    TerminalProgress(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public synchronized void now(String text) {
        if (terminal) {
            out.print("\r" + text + " ".repeat(Math.max(0, shown - text.length())));
            shown = text.length();
        } else {
            if (System.nanoTime() - lastAt < EVERY.toNanos()) return;
            lastAt = System.nanoTime();
            out.println("  " + text);
        }
        out.flush();
    }

    @Override
    public synchronized void line(String text) {
        if (shown > 0) out.print("\r" + " ".repeat(shown) + "\r");
        shown = 0;
        out.println(text);
        out.flush();
    }
}
