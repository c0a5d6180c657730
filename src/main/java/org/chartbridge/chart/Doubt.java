package org.chartbridge.chart;

/**
 * One reason why a person has to look at an update.
 *
 * @param path the segment or field it is about, for example {@code OBR[2]-3}
 * @param text plain words and what to do; no patient data
 */
public record Doubt(String path, HoldReason reason, String text) {}
