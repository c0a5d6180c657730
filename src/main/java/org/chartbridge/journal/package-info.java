/**
 * The journal: everything that arrived, in one numbering, with its bytes, what became of it and
 * what was answered.
 *
 * <p>Each message is an {@link org.chartbridge.journal.Entry}. It is charted, held (waits for a
 * person), ignored on purpose, refused, or received and still waiting to be charted. {@link
 * org.chartbridge.journal.JournalStore} writes entries a group at a time and knows from the
 * receipts which answers were given to whom, so that a repeat gets the same answer and has no
 * second effect.
 */
@NullMarked
package org.chartbridge.journal;

import org.jspecify.annotations.NullMarked;
