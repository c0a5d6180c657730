package org.chartbridge.chart;

import java.util.Optional;

/** What an ADT message does to a visit, by its trigger event (MSH-9.2, table 0003). */
public enum VisitEvent {
    ADMIT("A01"),
    TRANSFER("A02"),
    DISCHARGE("A03"),
    REGISTER("A04"),
    PRE_ADMIT("A05"),
    TO_INPATIENT("A06"),
    TO_OUTPATIENT("A07"),
    UPDATE("A08"),
    CANCEL_ADMIT("A11"),
    CANCEL_TRANSFER("A12"),
    CANCEL_DISCHARGE("A13");

    private final String trigger;

    VisitEvent(String trigger) {
        this.trigger = trigger;
    }

    public String trigger() {
        return trigger;
    }

    public static Optional<VisitEvent> of(String trigger) {
        for (var event : values()) if (event.trigger.equals(trigger)) return Optional.of(event);
        return Optional.empty();
    }

    boolean isCancel() {
        return this == CANCEL_ADMIT || this == CANCEL_TRANSFER || this == CANCEL_DISCHARGE;
    }

    /** Whether somebody came, moved or left; an update only describes. */
    boolean isMovement() {
        return this != UPDATE && !isCancel();
    }

    /** Whether the visit begins, or begins anew, with it. */
    boolean opens() {
        return this == ADMIT || this == REGISTER || this == TO_INPATIENT || this == TO_OUTPATIENT;
    }
}
