package org.chartbridge.journal;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * One entry with everything the journal knows of it. Holds a patient's message: prints its id only.
 *
 * @param folderVersion content hash of the partner folder it ran with
 * @param answer as it left, without the MLLP envelope; null when none was given
 * @param recordId the patient record it was charted on
 * @param raw as it came; null when its bytes have expired
 */
public record EntryView(
        long id,
        Instant receivedAt,
        String partner,
        String route,
        String folderVersion,
        EntryState state,
        String peer,
        String sender,
        String controlId,
        String type,
        String version,
        String processingId,
        int sizeBytes,
        String answerCode,
        byte @Nullable [] answer,
        List<Reason> reasons,
        @Nullable Long recordId,
        int repeats,
        @Nullable Instant settledAt,
        byte @Nullable [] raw) {

    public EntryView {
        reasons = List.copyOf(reasons);
    }

    @Override
    public String toString() {
        return "EntryView[" + id + "]";
    }
}
