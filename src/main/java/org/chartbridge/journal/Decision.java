package org.chartbridge.journal;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * What a person decided about who a patient is, about an alert, or about an order. An entry of the
 * journal like any message.
 *
 * @param account who
 * @param reason why
 * @param aboutEntry the held message it was decided on; null when it was about records
 * @param claim messages that make this claim are charted on {@code recordId}; null when none do
 * @param recordId the record that was chosen or made
 * @param recordLock its advisory lock
 * @param brought whether the decision made it
 * @param withdraws what an undo takes back: a decision, or a message that joined records
 */
public record Decision(
        long entryId,
        Instant at,
        String account,
        String reason,
        Kind kind,
        @Nullable Long aboutEntry,
        @Nullable UUID claim,
        @Nullable Long recordId,
        @Nullable Long recordLock,
        boolean brought,
        @Nullable Long withdraws) {

    /** What was decided. */
    public enum Kind {
        /** The message means this patient. */
        LINK,
        /** The message means somebody who was not in the chart. */
        CREATE,
        /** The message is about nobody of ours. */
        NOT_OURS,
        /** The cause is mended: read it again. */
        AGAIN,
        /** Two records are one patient. */
        MERGE,
        /** Records are not one patient, whatever joined them. */
        SPLIT,
        /** What is reported under an order number is another patient's. */
        FILE,
        /** An earlier decision, or a merge by message, is taken back. */
        UNDO,
        /** An order may stand although it raises an alert. */
        OVERRIDE,
        /** An order or a referral will not be answered by a message. */
        CLOSE;

        /** As the database spells it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        public static Kind of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }
}
