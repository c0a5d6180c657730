package org.chartbridge.ordering;

import org.chartbridge.delivery.Chosen;
import org.chartbridge.hl7.ErrorCode;
import org.chartbridge.hl7.Fault;
import org.chartbridge.hl7.Location;
import org.chartbridge.partner.Orders.Test;
import org.chartbridge.partner.Partner;
import org.jspecify.annotations.Nullable;

/** Where an order or a referral goes. */
public sealed interface Choice {

    /**
     * To a laboratory, or to one that a patient is referred to.
     *
     * @param test what it calls it; null for a referral, and where its compendium does not have it:
     *     a change of an order that went there
     * @param chosen why
     */
    record To(Partner lab, @Nullable Test test, Chosen chosen) implements Choice {}

    /**
     * A person has to look at it.
     *
     * @param cause for people, with codes and names of folders, nothing of the patient
     * @param told the same without a word of the message, for whoever sent it
     * @param remedy what to do
     */
    record Nobody(String cause, String told, String remedy) implements Choice {
        public Nobody(String cause, String remedy) {
            this(cause, cause, remedy);
        }

        /** What whoever sent it is told: nothing left yet, and nothing has to be sent again. */
        Fault told(@Nullable Location place) {
            return Fault.warning(
                    place,
                    ErrorCode.ACCEPTED,
                    NOT_PLACED,
                    "kept and not sent on yet, a person will place it: " + told);
        }
    }

    /** The reason by which the sender of what waits is told. */
    String NOT_PLACED = "not-placed";
}
