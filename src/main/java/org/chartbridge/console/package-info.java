/**
 * Console: the pages people look at, as server HTML that works without scripts.
 *
 * <p>One class a page. A page asks the stores ({@link org.chartbridge.journal.JournalSearch},
 * {@link org.chartbridge.chart.Reports}), makes small records of what is to be seen and names a
 * template of {@code templates/}; every template stands on {@code layout.html}, every colour and
 * distance in {@code assets/tokens.css}. Content of messages goes through {@code th:text} only.
 *
 * <p>Addresses: {@code /} overview, {@code /messages} and {@code /messages/{id}}, {@code
 * /worklist}, {@code /unmatched}, {@code /stray}, {@code /codes}, {@code /patients}, {@code
 * /patients/{uuid}}, {@code /patients/{uuid}/order}, {@code /alerts}, {@code /notices}, {@code
 * /pool}, {@code /to-sign}, {@code /documents/{id}}, {@code /help}. What is filtered for stands in
 * the address, unless it is about a patient: names and identifiers are posted and kept in the
 * session, so that no history or proxy remembers them.
 */
@NullMarked
package org.chartbridge.console;

import org.jspecify.annotations.NullMarked;
