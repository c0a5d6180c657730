package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * Tells for every offset in normalised bytes where it lies in the bytes as they came. Kept as runs:
 * a new one begins wherever something was left out, put in or written with another number of bytes.
 */
final class Edits {
    /** For messages that needed nothing: every offset is its own. */
    static final Edits NONE = new Edits();

    private int[] normalised = {0};
    private int[] raw = {0};
    private int runs = 1;
    private boolean changed;

    /** Runs that were put in the place of others, and where those ended; sorted. */
    private int[] replacedAt = {};

    private int[] replacedUntil = {};

    /** Where the bytes that this leads to come from, in turn. */
    private @Nullable Edits under;

    /**
     * What follows stands in the place of other bytes; {@link #resume} ends it.
     *
     * @param from first of the others
     * @param to behind the last of them
     */
    void replaced(int normalisedOffset, int from, int to) {
        run(normalisedOffset, from);
        int n = replacedAt.length;
        replacedAt = Arrays.copyOf(replacedAt, n + 1);
        replacedUntil = Arrays.copyOf(replacedUntil, n + 1);
        replacedAt[n] = normalisedOffset;
        replacedUntil[n] = to;
    }

    /** These edits, made on bytes that were edited before. */
    Edits over(Edits earlier) {
        under = earlier == NONE ? null : earlier;
        return this;
    }

    /** From this offset on, normalised and raw bytes run in step again. */
    void resume(int normalisedOffset, int rawOffset) {
        changed = true;
        int last = runs - 1;
        boolean inReplaced =
                replacedAt.length > 0 && replacedAt[replacedAt.length - 1] == normalised[last];
        if (!inReplaced && normalisedOffset - normalised[last] == rawOffset - raw[last]) return;
        run(normalisedOffset, rawOffset);
    }

    private void run(int normalisedOffset, int rawOffset) {
        changed = true;
        int last = runs - 1;
        if (normalised[last] == normalisedOffset) {
            raw[last] = rawOffset;
            return;
        }
        if (runs == raw.length) {
            normalised = Arrays.copyOf(normalised, runs * 2);
            raw = Arrays.copyOf(raw, runs * 2);
        }
        normalised[runs] = normalisedOffset;
        raw[runs++] = rawOffset;
    }

    /** Whether anything was edited, be it one byte for one. */
    boolean changes() {
        return changed;
    }

    int toRaw(int normalisedOffset) {
        int own = own(normalisedOffset);
        return under == null ? own : under.toRaw(own);
    }

    private int own(int normalisedOffset) {
        if (runs == 1) return normalisedOffset + raw[0] - normalised[0];
        int found = Arrays.binarySearch(normalised, 0, runs, normalisedOffset);
        int run = found >= 0 ? found : -found - 2;
        int offset = raw[run] + normalisedOffset - normalised[run];
        return run + 1 < runs ? Math.min(offset, raw[run + 1]) : offset;
    }

    /** The end of the run that an offset is in: up to there, both sides run in step. */
    int inStepUntil(int normalisedOffset) {
        int end = ownInStepUntil(normalisedOffset);
        if (under == null || replaced(normalisedOffset) >= 0) return end;
        int there = own(normalisedOffset);
        int under = this.under.inStepUntil(there);
        return under == Integer.MAX_VALUE ? end : Math.min(end, normalisedOffset + under - there);
    }

    /**
     * Where a stretch ends in the bytes as they came.
     *
     * @param from its start
     * @param to its end, at most {@link #inStepUntil}
     */
    int endToRaw(int from, int to) {
        int replaced = replaced(from);
        if (replaced >= 0)
            return under == null ? replacedUntil[replaced] : under.toRaw(replacedUntil[replaced]);
        int there = own(from);
        return under == null ? there + to - from : under.endToRaw(there, there + to - from);
    }

    /** Which of what was put in the place of others an offset is in; negative for none. */
    private int replaced(int normalisedOffset) {
        if (replacedAt.length == 0) return -1;
        int found = Arrays.binarySearch(normalised, 0, runs, normalisedOffset);
        int run = found >= 0 ? found : -found - 2;
        return Arrays.binarySearch(replacedAt, normalised[run]);
    }

    private int ownInStepUntil(int normalisedOffset) {
        int found = Arrays.binarySearch(normalised, 0, runs, normalisedOffset);
        int run = found >= 0 ? found : -found - 2;
        return run + 1 < runs ? normalised[run + 1] : Integer.MAX_VALUE;
    }
}
