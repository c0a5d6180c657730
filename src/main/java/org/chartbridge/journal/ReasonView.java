package org.chartbridge.journal;

/**
 * Why an entry was held, refused or answered with a remark; empty texts where a part is unknown.
 *
 * @param location segment and field, {@code PID-3}
 * @param code ERR-3, table 0357
 * @param severity E, W or I (ERR-4)
 * @param reason one word for the kind of trouble
 * @param text for people, with the remedy
 */
public record ReasonView(
        String location, String code, String severity, String reason, String text) {}
