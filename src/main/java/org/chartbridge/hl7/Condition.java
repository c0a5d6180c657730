package org.chartbridge.hl7;

import org.jspecify.annotations.Nullable;

/** When a sender wants an acknowledgement: table 0155. */
public enum Condition {
    /** AL. */
    ALWAYS,
    /** NE. */
    NEVER,
    /** ER: only on error or reject. */
    ON_ERROR,
    /** SU: only on success. */
    ON_SUCCESS;

    /**
     * Reads MSH-15 or MSH-16 of a message in enhanced mode. Empty is never; what the table does not
     * know is always, because a sender that writes something there waits for an answer.
     */
    static Condition of(String code) {
        return switch (code) {
            case "", "NE", Message.NULL -> NEVER;
            case "ER" -> ON_ERROR;
            case "SU" -> ON_SUCCESS;
            default -> ALWAYS;
        };
    }

    /** The code where it is wanted, else null. */
    @Nullable AckCode of(AckCode code) {
        boolean wanted =
                switch (this) {
                    case ALWAYS -> true;
                    case NEVER -> false;
                    case ON_ERROR -> !code.positive();
                    case ON_SUCCESS -> code.positive();
                };
        return wanted ? code : null;
    }
}
