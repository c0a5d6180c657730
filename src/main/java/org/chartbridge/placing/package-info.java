/**
 * Placing: orders that are made here, over FHIR and on a page, become messages that come in by the
 * same door as all others.
 *
 * <pre>
 *  FHIR, page ─► {@link org.chartbridge.placing.Placed} ─► {@link org.chartbridge.placing.PlacedMessage} (OML^O21)
 *                                                     └─► {@link org.chartbridge.intake.OwnDoor} ─► the route that begins with fhir
 * </pre>
 *
 * <p>So the chart, the choice of a laboratory, screening, loops, explain and rebuild know nothing
 * of FHIR (decision 0039). {@link org.chartbridge.placing.OrderRequests} keeps what was asked for
 * as it was asked.
 */
@NullMarked
package org.chartbridge.placing;

import org.jspecify.annotations.NullMarked;
