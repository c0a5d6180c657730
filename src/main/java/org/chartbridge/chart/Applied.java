package org.chartbridge.chart;

import java.util.List;

/** What an update did, or why it did nothing. */
public sealed interface Applied {

    /**
     * The update was taken.
     *
     * @param facts what is to be written
     * @param recordId the record it was charted on
     * @param remarks what an analyst should know: late, not applied, corrected
     */
    record Changed(Facts facts, long recordId, List<Remark> remarks) implements Applied {

        public Changed {
            remarks = List.copyOf(remarks);
        }
    }

    /** A person has to look; nothing is to be written. */
    record Held(List<Doubt> doubts) implements Applied {

        public Held {
            doubts = List.copyOf(doubts);
            if (doubts.isEmpty()) throw new IllegalArgumentException("held without a reason");
        }
    }

    /**
     * Something worth knowing about a version that was taken.
     *
     * @param reason stable id, kebab-case
     */
    record Remark(String path, String reason, String text) {}
}
