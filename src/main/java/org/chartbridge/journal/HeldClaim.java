package org.chartbridge.journal;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/**
 * Whom a held message names as its patient.
 *
 * @param partner folder of its sender
 * @param authority of the identifier that names the record, with type and value
 * @param claim hash of partner, identifier, name and birth date: what a decision is about
 * @param aboutPatient whether it is held for who the patient is: later messages with this claim
 *     wait behind it
 * @param forValue whether it confirms a value that has not come yet: it goes on when one does
 * @param had who had the visit that a move is about, or the order number that is another patient's;
 *     else null
 * @param critical whether one of its values is flagged critical
 */
public record HeldClaim(
        long entryId,
        String partner,
        String authority,
        String type,
        String value,
        UUID claim,
        boolean aboutPatient,
        boolean forValue,
        HeldClaims.@Nullable Named had,
        boolean critical) {

    /** Prints the entry only. */
    @Override
    public String toString() {
        return "HeldClaim[" + entryId + "]";
    }
}
