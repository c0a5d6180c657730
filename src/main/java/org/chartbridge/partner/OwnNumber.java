package org.chartbridge.partner;

/**
 * By which number the receiver of an outbox knows a patient ({@code patient-id}).
 *
 * @param authority CX.4 of its own numbers
 * @param type CX.5 of them, table 0203; empty for any
 * @param keepsSent whether the numbers that were sent stay, behind its own
 */
public record OwnNumber(String authority, String type, boolean keepsSent) {}
