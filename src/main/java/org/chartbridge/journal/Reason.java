package org.chartbridge.journal;

/**
 * Why an entry was held, refused or answered with a remark; empty texts where a part is unknown.
 *
 * @param location segment and field, {@code OBX[3]-5.1}; empty when it concerns the whole message
 * @param code ERR-3, table 0357; 0 where it is unknown
 * @param severity E, W or I (ERR-4)
 * @param reason one word for the kind of trouble
 * @param text for people, with the remedy
 */
public record Reason(String location, int code, String severity, String reason, String text) {}
