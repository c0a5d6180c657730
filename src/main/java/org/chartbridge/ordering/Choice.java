package org.chartbridge.ordering;

import org.chartbridge.delivery.Chosen;
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
     * @param remedy what to do
     */
    record Nobody(String cause, String remedy) implements Choice {}
}
