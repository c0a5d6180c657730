package org.chartbridge.chart;

/**
 * A note to a report or a value.
 *
 * @param path {@code NTE[n]}, or {@code NTE[n-m]} for several in a row
 * @param source NTE-2, table 0105; may be empty
 * @param text NTE-3, lines joined by {@code \n}
 */
public record NoteStatement(String path, String source, String text) {}
