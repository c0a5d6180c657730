package org.chartbridge.hl7;

import java.util.Arrays;
import java.util.Optional;

/** The verdict of an acknowledgement: MSA-1, table 0008. */
public enum AckCode {
    /** Application accept: processed. */
    AA,
    /** Application error: the content is at fault, resending it unchanged fails again. */
    AE,
    /** Application reject: type, version or processing id, or a failure not caused by content. */
    AR,
    /** Accept: stored safely, the sender need not resend. */
    CA,
    /** Accept error: can't be accepted now. */
    CE,
    /** Accept reject: type, version or processing id not supported. */
    CR;

    /** The code of that name; empty for other text. */
    public static Optional<AckCode> of(String code) {
        return Arrays.stream(values()).filter(known -> known.name().equals(code)).findFirst();
    }

    /** Whether the sender may forget the message: AA and CA. */
    public boolean positive() {
        return this == AA || this == CA;
    }

    /** Whether it says what became of a message, and not only whether it was stored. */
    public boolean isApplication() {
        return this == AA || this == AE || this == AR;
    }
}
