package org.chartbridge.chart;

import java.util.List;
import java.util.Optional;

/** What an ADT message does to a visit, by its trigger event (MSH-9.2, table 0003). */
public enum VisitEvent {
    ADMIT("A01"),
    TRANSFER("A02", "A17"),
    DISCHARGE("A03"),
    REGISTER("A04"),
    PRE_ADMIT("A05"),
    TO_INPATIENT("A06"),
    TO_OUTPATIENT("A07"),
    /** Also a patient on the way (A09, A10, A32, A33), on leave (A21, A22), of another doctor. */
    UPDATE("A08", "A09", "A10", "A21", "A22", "A32", "A33", "A54", "A55"),
    CANCEL_ADMIT("A11"),
    CANCEL_TRANSFER("A12"),
    CANCEL_DISCHARGE("A13"),
    /** All that was said of the visit before is to be shown no longer; results are not its. */
    DELETE("A23"),
    CANCEL_PRE_ADMIT("A38"),
    /** The visit or account goes on under another number. */
    RENUMBER("A35", "A41", "A42", "A49", "A50", "A51");

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable; its type doesn't say so.
    private final List<String> triggers;

    VisitEvent(String... triggers) {
        this.triggers = List.of(triggers);
    }

    public static Optional<VisitEvent> of(String trigger) {
        for (var event : values()) if (event.triggers.contains(trigger)) return Optional.of(event);
        return Optional.empty();
    }

    boolean isCancel() {
        return switch (this) {
            case CANCEL_ADMIT, CANCEL_TRANSFER, CANCEL_DISCHARGE, CANCEL_PRE_ADMIT, DELETE -> true;
            case ADMIT,
                    TRANSFER,
                    DISCHARGE,
                    REGISTER,
                    PRE_ADMIT,
                    TO_INPATIENT,
                    TO_OUTPATIENT,
                    UPDATE,
                    RENUMBER ->
                    false;
        };
    }

    /** Whether somebody came, moved or left; an update only describes. */
    boolean isMovement() {
        return this != UPDATE && this != RENUMBER && !isCancel();
    }

    /** Whether the visit begins, or begins anew, with it. */
    boolean opens() {
        return this == ADMIT || this == REGISTER || this == TO_INPATIENT || this == TO_OUTPATIENT;
    }
}
