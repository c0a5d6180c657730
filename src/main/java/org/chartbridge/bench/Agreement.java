package org.chartbridge.bench;

import org.chartbridge.bench.LoadRun.Loaded;

import java.util.ArrayList;
import java.util.List;

/** Compares what was answered with what SQL found. */
final class Agreement {
    private Agreement() {}

    /** Where they differ, in words; empty when they agree. */
    static List<String> disagreements(Loaded load, WrittenRows rows) {
        var found = new ArrayList<String>();
        // A message whose connection ended may be there or not.
        var least = load.positive();
        var most = load.positive() + load.unanswered();
        between(found, "entries in the journal", rows.entries(), least, most);
        same(found, "raw messages", rows.rawMessages(), rows.entries());
        same(found, "entries charted or waiting", rows.charted() + rows.received(), rows.entries());
        same(found, "reports", rows.reports(), rows.charted());
        same(
                found,
                "observations",
                rows.observations(),
                rows.charted() * BenchMessages.OBSERVATIONS);
        load.codes()
                .forEach(
                        (code, count) -> {
                            if (!code.equals("AA") && !code.equals("CA")) {
                                found.add(count + " times " + code);
                            }
                        });
        if (load.unanswered() > 0) found.add(load.unanswered() + " messages without an answer");
        return List.copyOf(found);
    }

    private static void same(List<String> found, String what, long count, long wanted) {
        between(found, what, count, wanted, wanted);
    }

    private static void between(
            List<String> found, String what, long count, long least, long most) {
        if (count >= least && count <= most) return;
        var wanted = least == most ? String.valueOf(least) : least + " to " + most;
        found.add(what + ": wanted " + wanted + ", got " + count);
    }
}
