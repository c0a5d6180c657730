package org.chartbridge.journal;

/**
 * An entry that is in the journal and is to be charted now.
 *
 * @param released whether it was held before: its sender has its answer already
 * @param sent whether its deliveries were staged before: they don't leave a second time
 */
public record Stored(Entry entry, boolean released, boolean sent) {}
