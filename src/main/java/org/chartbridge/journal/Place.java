package org.chartbridge.journal;

/**
 * Where in the newest-first list a page begins. Ids instead of page numbers: new entries shift
 * nothing.
 */
public sealed interface Place {

    /** At the newest. */
    record Newest() implements Place {}

    /** Entries older than this one. */
    record Below(long id) implements Place {}

    /** The entries next newer than this one. */
    record Above(long id) implements Place {}
}
