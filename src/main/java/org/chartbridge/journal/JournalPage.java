package org.chartbridge.journal;

import java.util.List;

/**
 * One page of the messages list, newest first.
 *
 * @param newer whether there are entries above the first
 * @param older whether there are entries below the last
 */
public record JournalPage(List<JournalRow> rows, boolean newer, boolean older) {}
