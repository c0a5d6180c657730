/**
 * Screening: orders of medication and contrast against allergies and what else is active.
 *
 * <p>{@link org.chartbridge.screening.Screening} is a pure rule: the same allergies, orders and
 * tables give the same {@link org.chartbridge.screening.Alert}s. Nothing of an alert is stored, so
 * that it follows the chart by itself: whatever came first, whoever was merged, taken back or
 * corrected (decision 0035). {@link org.chartbridge.screening.Screener} reads what is needed and
 * asks the rule.
 *
 * <p>The tables are files of {@code routes/screening}: {@link org.chartbridge.screening.TableFiles}
 * reads them or says what is wrong with them, {@link org.chartbridge.screening.Tables} finds in
 * them what an order or an allergy names.
 */
@NullMarked
package org.chartbridge.screening;

import org.jspecify.annotations.NullMarked;
