package org.chartbridge.bench;

/** Where work that takes long says how far it is. */
public interface Progress {
    /** Where it is now; may be replaced by the next call, or left out where nobody watches. */
    void now(String text);

    /** Something to keep. */
    void line(String text);
}
