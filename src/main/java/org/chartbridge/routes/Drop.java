package org.chartbridge.routes;

import java.io.IOException;
import java.io.Serial;
import java.time.Duration;
import java.time.Instant;

/** A place that files are taken from. Not safe for use by several threads. */
interface Drop extends AutoCloseable {

    /** What keeps it from being used. */
    final class Unusable extends IOException {
        @Serial private static final long serialVersionUID = 1L;

        private final String remedy;

        Unusable(String what, String remedy) {
            super(what);
            this.remedy = remedy;
        }

        String remedy() {
            return remedy;
        }
    }

    /**
     * Takes what is there and has settled, in the order of names.
     *
     * @return how many files were taken
     * @throws Unusable when the place can't be used
     */
    int look() throws Unusable, InterruptedException;

    /** How long to wait before looking again. */
    Duration nextLook();

    /** Deletes what was kept for long enough, where that is ours to do. */
    default void sweep(Instant now) {}

    /** Others may take its files from now on. */
    @Override
    void close();
}
