package org.chartbridge.journal;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The receipts that a group of messages can meet. */
public final class Receipts {

    /**
     * An answer that was given before.
     *
     * @param answer null when by agreement nothing was answered
     */
    public record Receipt(long entryId, byte @Nullable [] answer) {}

    private record Id(String partner, String controlId) {}

    private final Map<ReceiptKey, Receipt> receipts = new HashMap<>();
    private final Set<Id> controlIds = new HashSet<>();

    void know(ReceiptKey key, Receipt receipt) {
        receipts.put(key, receipt);
        controlIds.add(new Id(key.partner(), key.controlId()));
    }

    /** Whether none of the messages asked for is a repeat, or has the MSH-10 of another. */
    public boolean isEmpty() {
        return receipts.isEmpty();
    }

    /** The answer that these very bytes got before, if it was a positive one. */
    public Optional<Receipt> of(ReceiptKey key) {
        return Optional.ofNullable(receipts.get(key));
    }

    /** Whether the partner used this MSH-10 before for other content. */
    public boolean knowsControlId(ReceiptKey key) {
        return controlIds.contains(new Id(key.partner(), key.controlId()));
    }
}
