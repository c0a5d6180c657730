package org.chartbridge.hl7;

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

    /** From this offset on, normalised and raw bytes run in step again. */
    void resume(int normalisedOffset, int rawOffset) {
        changed = true;
        int last = runs - 1;
        if (normalisedOffset - normalised[last] == rawOffset - raw[last]) return;
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
        if (runs == 1) return normalisedOffset + raw[0] - normalised[0];
        int found = Arrays.binarySearch(normalised, 0, runs, normalisedOffset);
        int run = found >= 0 ? found : -found - 2;
        int offset = raw[run] + normalisedOffset - normalised[run];
        return run + 1 < runs ? Math.min(offset, raw[run + 1]) : offset;
    }

    /** The end of the run that an offset is in: up to there, both sides run in step. */
    int inStepUntil(int normalisedOffset) {
        int found = Arrays.binarySearch(normalised, 0, runs, normalisedOffset);
        int run = found >= 0 ? found : -found - 2;
        return run + 1 < runs ? normalised[run + 1] : Integer.MAX_VALUE;
    }
}
