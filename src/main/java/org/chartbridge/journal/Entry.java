package org.chartbridge.journal;

import org.chartbridge.hl7.Fault;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/**
 * One message in the journal.
 *
 * @param id drawn at reception: the order of arrival
 * @param partner folder name; empty when nobody claimed the sender
 * @param route empty when no route took it
 * @param folderVersion content hash of the partner folder it ran with
 * @param peer remote address and port
 * @param sender MSH-3 and MSH-4 as sent, joined by {@code |}
 * @param controlId MSH-10; empty when missing
 * @param type MSH-9.1 and MSH-9.2 joined by {@code ^}; empty when unreadable
 * @param version MSH-12
 * @param processingId MSH-11
 * @param raw the bytes as they came, without the MLLP envelope
 * @param state what became of it
 * @param answerCode MSA-1; empty when nothing was answered
 * @param answer the acknowledgement as it left; null when nothing was answered
 * @param reasons why it is held, refused or ignored, and what else an analyst should know
 * @param recordId the patient record it was charted on
 * @param receipt what tells it from other messages; null without partner or MSH-10
 * @param settledAt when its state was decided; null while received
 */
public record Entry(
        long id,
        Instant receivedAt,
        String partner,
        String route,
        String folderVersion,
        String peer,
        String sender,
        String controlId,
        String type,
        String version,
        String processingId,
        byte[] raw,
        EntryState state,
        String answerCode,
        byte @Nullable [] answer,
        List<Fault> reasons,
        @Nullable Long recordId,
        @Nullable ReceiptKey receipt,
        @Nullable Instant settledAt) {

    public Entry {
        reasons = List.copyOf(reasons);
    }

    /**
     * Whether the sender was told that it need not send this again (AA, CA, or by agreement
     * nothing).
     */
    public boolean isPromised() {
        return state != EntryState.REFUSED;
    }

    /** Prints the id only: an entry holds a patient. */
    @Override
    public String toString() {
        return "Entry[" + id + "]";
    }
}
