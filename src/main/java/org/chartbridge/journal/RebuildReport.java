package org.chartbridge.journal;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What a rebuild found: whether the chart that follows from the journal is the live one.
 *
 * @param current whether messages were read by the folders as they lie there now, and not each by
 *     the version it ran with
 * @param entries messages and decisions that were read again
 * @param facts of the live chart
 * @param remarks what could not be read again or compared, in words for people
 * @param differences the most frequent first
 */
public record RebuildReport(
        Instant startedAt,
        Instant endedAt,
        boolean current,
        long entries,
        Duration reading,
        long facts,
        String liveHash,
        String rebuiltHash,
        List<String> remarks,
        List<Difference> differences) {

    public RebuildReport {
        remarks = List.copyOf(remarks);
        differences = List.copyOf(differences);
    }

    /** Whether nothing differs: neither a fact nor what became of a message. */
    public boolean isEqual() {
        return liveHash.equals(rebuiltHash) && differences.isEmpty();
    }

    /** Messages and decisions a second, without snapshot and comparison. */
    public double perSecond() {
        return reading.isZero() ? 0 : entries * 1e9 / reading.toNanos();
    }

    /** How a fact differs. */
    public enum Change {
        CHANGED("changed"),
        ONLY_LIVE("only-live"),
        ONLY_REBUILT("only-rebuilt");

        private final String word;

        Change(String word) {
            this.word = word;
        }

        /** As the database spells it. */
        public String word() {
            return word;
        }

        static Change of(String word) {
            for (var change : values()) if (change.word.equals(word)) return change;
            throw new IllegalArgumentException("no such change");
        }
    }

    /**
     * Facts that differ alike.
     *
     * @param kind the table of the facts, or {@code entry}: what became of a message
     * @param field of a changed one; of an entry from which state to which
     * @param facts how many
     * @param examples some of them
     */
    public record Difference(
            String kind, Change change, String field, long facts, List<Example> examples) {
        public Difference {
            examples = List.copyOf(examples);
        }
    }

    /**
     * One of them. Live and rebuilt are values of a patient: for pages, never for logs or the
     * command line.
     *
     * @param entry the message or decision
     * @param person whose; null when that is not known
     * @param path where in the message
     */
    public record Example(
            long entry, @Nullable UUID person, String path, String live, String rebuilt) {
        @Override
        public String toString() {
            return "Example[" + entry + "]";
        }
    }
}
