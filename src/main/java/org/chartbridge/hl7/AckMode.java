package org.chartbridge.hl7;

/** A partner's setting {@code ack}: which answers it gets whatever its messages ask for. */
public enum AckMode {
    /** As MSH-15 and MSH-16 of each message say. */
    AUTO,
    /** One application acknowledgement for each message. */
    ORIGINAL,
    /** By MSH-15 and MSH-16; where both are empty, an accept acknowledgement always. */
    ENHANCED,
    /** Nothing, ever. */
    NONE
}
