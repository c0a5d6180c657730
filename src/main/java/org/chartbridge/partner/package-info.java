/**
 * Partners: any system across a wire, the clinic's own EMR included. A partner is one folder in
 * {@code routes/}: its {@code partner.yaml} says who it is and how it behaves, the files beside it
 * say what becomes of its messages.
 */
@NullMarked
package org.chartbridge.partner;

import org.jspecify.annotations.NullMarked;
