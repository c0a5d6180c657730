package org.chartbridge.journal;

import java.util.Locale;

/** What became of an entry; the words of the journal's {@code state} column. */
public enum EntryState {
    /** Stored, not charted yet. */
    RECEIVED,
    /** Its facts are in the chart. */
    CHARTED,
    /** Kept, waits for a person. */
    HELD,
    /** Not charted on purpose. */
    IGNORED,
    /** Answered so, and kept. */
    REFUSED;

    /** As the database spells it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The state of a word.
     *
     * @throws IllegalArgumentException for a word that is no state
     */
    public static EntryState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
