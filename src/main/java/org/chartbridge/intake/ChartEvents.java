package org.chartbridge.intake;

/**
 * Says that something was committed: entries were settled, deliveries have come further, on this
 * node or another. Implemented where the broker lives. For screens, inboxes and the like, which
 * then read what they show; nothing that must happen depends on it.
 */
public interface ChartEvents {

    /** How many events have come so far, on this node; grows, and starts anew with the process. */
    long count();

    /** An entry was settled, or a delivery it caused has come further; after the commit. */
    void changed(long entryId);
}
