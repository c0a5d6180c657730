package org.chartbridge.chart;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * That two records are one patient, or are not, or that a visit went from one to the other: said by
 * a message or decided by a person. Of two that are apart the order says nothing.
 *
 * @param entryId the message or decision that says it
 * @param path where it stood, for example {@code MRG-1[2]}; empty of a decision
 * @param record of a merge the record that went, of a move that had the visit
 * @param other of a merge the record that stays, of a move that has the visit
 * @param entered EVN-2
 * @param message MSH-7
 * @param visit of a move, the visit or account that went; else null
 * @param overruledBy of a merge or link the decision that keeps its records apart, so that it joins
 *     nobody; else null
 */
record Assertion(
        long id,
        long entryId,
        String path,
        Kind kind,
        long record,
        long other,
        @Nullable Instant entered,
        @Nullable Instant message,
        @Nullable VisitKey visit,
        @Nullable Long overruledBy) {

    enum Kind {
        /** The number of {@link #record} is used no more; {@link #other} stands for both. */
        MERGED("merged"),
        /** Both numbers stay in use. */
        LINKED("linked"),
        /** They are not linked any more; says nothing about a merge. */
        UNLINKED("unlinked"),
        /** A visit is no more of {@link #record} but of {@link #other}; joins nobody. */
        MOVED("moved"),
        /** A person said that they are not one patient, whatever joins them. */
        APART("apart"),
        /** What is reported under an order number is not that of {@link #record}. */
        FILED("filed");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        static Kind of(String word) {
            for (var kind : values()) if (kind.word.equals(word)) return kind;
            throw new IllegalArgumentException("no kind of assertion");
        }
    }

    /** Whether it makes two records one patient, by itself and as far as nothing overrules it. */
    boolean joins() {
        return overruledBy == null && (kind == Kind.MERGED || kind == Kind.LINKED);
    }

    /** Which of two words about the same pair stands. */
    Moment said() {
        return new Moment(Moment.MASTER, entered, message, entryId);
    }
}
