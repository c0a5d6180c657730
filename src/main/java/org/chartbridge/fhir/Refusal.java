package org.chartbridge.fhir;

import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;

/** A request this server doesn't take, in our own words: they may go out as they are. */
final class Refusal extends InvalidRequestException {
    private static final long serialVersionUID = 1;

    /**
     * Says what is wrong and what would be right.
     *
     * @param text names parameters, never the values that came in them
     */
    Refusal(String text) {
        super(text);
    }
}
