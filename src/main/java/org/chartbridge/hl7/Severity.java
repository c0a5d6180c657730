package org.chartbridge.hl7;

/** How bad a fault is: ERR-4, table 0516. */
public enum Severity {
    /** An error: the message can't be taken responsibility for as it is. */
    E,
    /** A warning: taken, but a person may have to look. */
    W,
    /** Information: taken, something was put right on the way. */
    I
}
