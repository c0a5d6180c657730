package org.chartbridge.journal;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * One line of the messages list. Holds no name: the patient is masked in the database already.
 *
 * @param type MSH-9.1^MSH-9.2, empty when unreadable
 * @param patient initials and year of birth, {@code J. D. 1971}; empty when on no record
 * @param answerCode MSA-1 of the answer, empty when none was given
 * @param reason the first reason's text, empty when there is none
 * @param repeats how often the same bytes came again
 */
public record JournalRow(
        long id,
        Instant receivedAt,
        String partner,
        String route,
        EntryState state,
        String sender,
        String controlId,
        String type,
        int sizeBytes,
        String answerCode,
        String patient,
        String reason,
        int repeats,
        @Nullable Instant settledAt) {}
